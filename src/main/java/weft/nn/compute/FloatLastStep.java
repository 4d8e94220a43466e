package weft.nn.compute;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Keeps the last step of a sequence. */
public final class FloatLastStep extends FloatStage {
  private final int steps;
  private final int width;
  private final float[] in;
  private final float @Nullable [] inGradient;
  private final float[] outputs;
  private final float[] outputGradient;

  /**
   * A new one, made once for a network.
   *
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatLastStep(
      FloatWorkspace work, int steps, int width, float[] in, float @Nullable [] inGradient) {
    this.steps = steps;
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

  private int last(int row) {
    return (row * steps + steps - 1) * width;
  }

  @Override
  public void forward(int rows) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(in, last(r), outputs, r * width, width);
    }
  }

  @Override
  public void backward(int rows) {
    float[] to = inGradient;
    if (to == null) {
      return;
    }
    Arrays.fill(to, 0, rows * steps * width, 0);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(outputGradient, r * width, to, last(r), width);
    }
  }
}
