package weft.nn.compute;

/**
 * Hands the same inputs to all workers of a matrix and adds up, in place, the gradients that each
 * of them has of these: nothing in the forward pass, AllReduce in the backward pass (f of Shoeybi
 * et al., arXiv 1909.08053, section 3).
 */
public final class FloatSumBackward extends FloatStage {
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
  public FloatSumBackward(FloatWorkspace work, int size, float[] in, float[] inGradient) {
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
  public void forward(int rows) {}

  @Override
  public void backward(int rows) {
    work.peers().exchange(Exchange.SUM_INPUT_GRADIENTS, inGradient, rows * size);
  }
}
