package weft.nn.compute;

/** Takes over the outputs of another worker's layers, and hands their gradients back. */
public final class FloatReceive extends FloatStage {
  private final FloatWorkspace work;
  private final int size;
  private final float[] in;
  private final float[] outputGradient;

  /**
   * A new one, made once for a network.
   *
   * @param size numbers of a sample
   * @param in where they arrive
   */
  public FloatReceive(FloatWorkspace work, int size, float[] in) {
    this.work = work;
    this.size = size;
    this.in = in;
    outputGradient = work.passedGradient(size, null);
  }

  @Override
  public float[] outputs() {
    return in;
  }

  @Override
  public float[] outputGradient() {
    return outputGradient;
  }

  @Override
  public void forward(int rows) {
    work.peers().exchange(Exchange.RECEIVE_ACTIVATIONS, in, rows * size);
  }

  @Override
  public void backward(int rows) {
    work.peers().exchange(Exchange.SEND_GRADIENTS, outputGradient, rows * size);
  }
}
