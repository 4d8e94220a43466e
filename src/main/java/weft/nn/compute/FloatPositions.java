package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/** Adds a learned row of numbers to each step. Parameters: the rows, {@code [steps][width]}. */
public final class FloatPositions extends FloatStage {
  private final FloatWorkspace work;
  private final int offset;
  private final int size;
  private final float[] in;
  private final float[] outputs;
  private final float[] outputGradient;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param size numbers of a sample
   * @param in what feeds the layer
   * @param inGradient where dL/din goes, which here is dL/doutput; null if nobody needs it
   */
  public FloatPositions(
      FloatWorkspace work, int offset, int size, float[] in, float @Nullable [] inGradient) {
    this.work = work;
    this.offset = offset;
    this.size = size;
    this.in = in;
    outputs = work.perSample(size);
    outputGradient = inGradient != null ? inGradient : work.gradientPerSample(size);
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
    for (int r = 0; r < rows; r++) {
      System.arraycopy(work.parameters(), offset, outputs, r * size, size);
    }
    for (int i = 0; i < rows * size; i++) {
      outputs[i] += in[i];
    }
  }

  @Override
  public void backward(int rows) {
    FloatMatrix.sumRows(outputGradient, 0, rows, size, work.keep(), work.gradient(), offset);
  }
}
