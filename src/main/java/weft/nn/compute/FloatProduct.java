package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * A slice of the columns of a dense layer's matrix with the inputs that meet it: z = W·x, to which
 * other workers' products and the biases are still to be added. Parameters: W row by row.
 */
public final class FloatProduct extends FloatStage {
  private final FloatWorkspace work;
  private final int offset;
  private final int positions;
  private final int ins;
  private final int outs;
  private final float[] in;
  private final float @Nullable [] inGradient;
  private final float[] outputs;
  private final float[] outputGradient;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param positions of a sample
   * @param ins columns of the slice
   * @param outs neurons of the layer
   * @param in what feeds the slice
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatProduct(
      FloatWorkspace work,
      int offset,
      int positions,
      int ins,
      int outs,
      float[] in,
      float @Nullable [] inGradient) {
    this.work = work;
    this.offset = offset;
    this.positions = positions;
    this.ins = ins;
    this.outs = outs;
    this.in = in;
    this.inGradient = inGradient;
    outputs = work.perSample(positions * outs);
    outputGradient = work.passedGradient(positions * outs, inGradient);
  }

  @Override
  public float[] outputs() {
    return outputs;
  }

  @Override
  public float[] outputGradient() {
    return outputGradient;
  }

  @Override
  public void forward(int rows) {
    int n = rows * positions;
    float[] w = work.parameters();
    FloatMatrix.multiply(
        false, true, n, outs, ins, in, 0, ins, w, offset, ins, 0, outputs, 0, outs);
  }

  @Override
  public void backward(int rows) {
    backwardToWeights(rows);
    backwardToInputs(rows);
  }

  @Override
  public void backwardToWeights(int rows) {
    int n = rows * positions;
    float[] to = work.gradient();
    float keep = work.keep();
    FloatMatrix.multiply(
        true, false, outs, ins, n, outputGradient, 0, outs, in, 0, ins, keep, to, offset, ins);
  }

  @Override
  public void backwardToInputs(int rows) {
    int n = rows * positions;
    float[] w = work.parameters();
    if (inGradient != null) {
      FloatMatrix.multiply(
          false,
          false,
          n,
          ins,
          outs,
          outputGradient,
          0,
          outs,
          w,
          offset,
          ins,
          0,
          inGradient,
          0,
          ins);
    }
  }
}
