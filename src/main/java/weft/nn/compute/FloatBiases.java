package weft.nn.compute;

/**
 * What is left of a dense layer whose product is there: z = product + b, a = f(z). Adds the biases
 * in the array of the product. Parameters: b.
 */
public final class FloatBiases extends FloatStage {
  private final FloatWorkspace work;
  private final int offset;
  private final int positions;
  private final int width;
  private final ActivationFunction activation;
  private final boolean fused;
  private final float[] sums;
  private final float[] outputs;
  private final float[] outputGradient;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the biases begin
   * @param positions of a sample
   * @param width neurons
   * @param fused whether the loss's gradient is already that of z
   * @param product the layer's sums but for their biases
   * @param productGradient where dL/dproduct goes
   */
  public FloatBiases(
      FloatWorkspace work,
      int offset,
      int positions,
      int width,
      ActivationFunction activation,
      boolean fused,
      float[] product,
      float[] productGradient) {
    this.work = work;
    this.offset = offset;
    this.positions = positions;
    this.width = width;
    this.activation = activation;
    this.fused = fused;
    sums = product;
    outputs =
        work.keepsSums() || fused || activation.needsSums()
            ? work.perSample(positions * width)
            : product;
    outputGradient = productGradient;
  }

  @Override
  public float[] sums() {
    return sums;
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
    float[] parameters = work.parameters();
    int all = rows * positions * width;
    for (int at = 0; at < all; at += width) {
      for (int i = 0; i < width; i++) {
        sums[at + i] += parameters[offset + i];
      }
    }
    FloatActivations.forward(activation, sums, outputs, 0, all, width);
  }

  @Override
  public void backward(int rows) {
    int n = rows * positions;
    if (!fused) {
      FloatActivations.backward(activation, sums, outputs, outputGradient, 0, n * width, width);
    }
    FloatMatrix.sumRows(outputGradient, 0, n, width, work.keep(), work.gradient(), offset);
  }
}
