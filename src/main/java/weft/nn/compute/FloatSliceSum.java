package weft.nn.compute;

/**
 * Adds up, in place, what each worker has because of its slice of a matrix, by an AllReduce in one
 * of the passes: behind the slices, what each computed; before them, what gradient each has of the
 * inputs that all were fed (g and f of Shoeybi et al., arXiv 1909.08053, section 3).
 */
public final class FloatSliceSum extends FloatStage {
  private final FloatWorkspace work;
  private final Exchange what;
  private final int size;
  private final float[] in;
  private final float[] inGradient;

  /**
   * A new one, made once for a network.
   *
   * @param what is added up: activations or gradients of inputs
   * @param size numbers of a sample
   * @param in what feeds the layer, and what it gives
   * @param inGradient dL/din, and dL/doutput
   */
  public FloatSliceSum(
      FloatWorkspace work, Exchange what, int size, float[] in, float[] inGradient) {
    this.work = work;
    this.what = what;
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
    if (what == Exchange.SUM_ACTIVATIONS) {
      work.peers().exchange(what, in, rows * size);
    }
  }

  @Override
  public void backward(int rows) {
    if (what == Exchange.SUM_INPUT_GRADIENTS) {
      work.peers().exchange(what, inGradient, rows * size);
    }
  }
}
