package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * Multi-head self-attention: heads, then a matrix that mixes them. Parameters: those of {@link
 * FloatHeads}, then the matrix ({@code [width][width]}) and its biases.
 */
public final class FloatAttention extends FloatStage {
  private final FloatHeads heads;
  private final FloatDense mixture;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param width numbers of a step
   * @param heads a divisor of {@code width}
   * @param causal whether a step sees itself and earlier steps alone
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatAttention(
      FloatWorkspace work,
      int offset,
      int steps,
      int width,
      int heads,
      boolean causal,
      float[] in,
      float @Nullable [] inGradient) {
    this.heads = new FloatHeads(work, offset, steps, width, width, heads, causal, in, inGradient);
    int second = offset + 3 * width * (width + 1);
    mixture =
        new FloatDense(
            work,
            second,
            steps,
            width,
            width,
            ActivationFunction.of(ActivationFunction.Kind.IDENTITY),
            false,
            this.heads.outputs(),
            this.heads.outputGradient());
  }

  @Override
  public float[] outputs() {
    return mixture.outputs();
  }

  @Override
  public float[] outputGradient() {
    return mixture.outputGradient();
  }

  @Override
  public void forward(int rows) {
    heads.forward(rows);
    mixture.forward(rows);
  }

  @Override
  public void backward(int rows) {
    mixture.backward(rows);
    heads.backward(rows);
  }

  @Override
  public void backwardToInputs(int rows) {
    mixture.backwardToInputs(rows);
    heads.backwardToInputs(rows);
  }

  @Override
  public void backwardToWeights(int rows) {
    mixture.backwardToWeights(rows);
    heads.backwardToWeights(rows);
  }
}
