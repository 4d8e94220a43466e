package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/** The same numbers in the same order, as one vector. */
public final class FloatFlatten extends FloatStage {
  private final int width;
  private final float[] in;
  private final float @Nullable [] inGradient;
  private final float[] outputs;
  private final float[] outputGradient;

  /**
   * A new one, made once for a network.
   *
   * @param width numbers of a sample
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatFlatten(FloatWorkspace work, int width, float[] in, float @Nullable [] inGradient) {
    this.width = width;
    this.in = in;
    this.inGradient = inGradient;
    outputs = work.perSample(width);
    outputGradient = work.passedGradient(width, inGradient);
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
    System.arraycopy(in, 0, outputs, 0, rows * width);
  }

  @Override
  public void backward(int rows) {
    if (inGradient != null) {
      System.arraycopy(outputGradient, 0, inGradient, 0, rows * width);
    }
  }
}
