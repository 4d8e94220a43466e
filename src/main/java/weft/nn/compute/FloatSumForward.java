package weft.nn.compute;

/**
 * Adds up, in place, what each worker computed with its slice of a matrix: AllReduce in the forward
 * pass, nothing in the backward pass (g of Shoeybi et al., arXiv 1909.08053, section 3).
 */
public final class FloatSumForward extends FloatStage {
  private final FloatWorkspace work;
  private final int size;
  private final float[] in;
  private final float[] inGradient;

  /**
   * A new one, made once for a network.
   *
   * @param size numbers of a sample
   * @param in what feeds the layer, and what it gives
   * @param inGradient dL/din, and dL/doutput
   */
  public FloatSumForward(FloatWorkspace work, int size, float[] in, float[] inGradient) {
    this.work = work;
    this.size = size;
    this.in = in;
    this.inGradient = inGradient;
  }

  @Override
  public float[] outputs() {
    return in;
  }

  @Override
  public float[] outputGradient() {
    return inGradient;
  }

  @Override
  public void forward(int rows) {
    work.peers().exchange(Exchange.SUM_ACTIVATIONS, in, rows * size);
  }

  @Override
  public void backward(int rows) {}
}
