package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * What heads of self-attention begin with: queries, keys and values of each step, side by side, by
 * one dense layer. Parameters: its matrix ({@code [3·width][ins]}) and its biases.
 */
abstract class FloatProjectedHeads extends FloatStage {
  final FloatWorkspace work;
  final int steps;
  final int width;
  final int heads;
  final int size;
  final boolean causal;
  final float scale;
  final float[] projected;
  final float[] projectedGradient;
  final float[] mixed;
  final float[] mixedGradient;
  private final FloatDense projection;

  /**
   * @param offset where the parameters begin
   * @param steps that are here
   * @param ins numbers of a step that feed the heads
   * @param width numbers of a step of all heads together
   * @param heads a divisor of {@code width}
   * @param causal whether a step sees itself and earlier steps alone
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  FloatProjectedHeads(
      FloatWorkspace work,
      int offset,
      int steps,
      int ins,
      int width,
      int heads,
      boolean causal,
      float[] in,
      float @Nullable [] inGradient) {
    this.work = work;
    this.steps = steps;
    this.width = width;
    this.heads = heads;
    this.causal = causal;
    size = width / heads;
    scale = (float) (1 / Math.sqrt(size));
    var identity = ActivationFunction.of(ActivationFunction.Kind.IDENTITY);
    projection =
        new FloatDense(work, offset, steps, ins, 3 * width, identity, false, in, inGradient);
    projected = projection.outputs();
    projectedGradient = projection.outputGradient();
    mixed = work.perSample(steps * width);
    mixedGradient = work.passedGradient(steps * width, projectedGradient);
  }

  /** Mixes the values: from {@code projected} to {@code mixed}. */
  abstract void mix(int rows);

  /** From {@code mixedGradient} to {@code projectedGradient}. */
  abstract void mixBackward(int rows);

  @Override
  public final float[] outputs() {
    return mixed;
  }

  @Override
  public final float[] outputGradient() {
    return mixedGradient;
  }

  @Override
  public final void forward(int rows) {
    projection.forward(rows);
    mix(rows);
  }

  @Override
  public final void backward(int rows) {
    mixBackward(rows);
    projection.backward(rows);
  }

  @Override
  public final void backwardToInputs(int rows) {
    mixBackward(rows);
    projection.backwardToInputs(rows);
  }

  @Override
  public final void backwardToWeights(int rows) {
    projection.backwardToWeights(rows);
  }
}
