package weft.nn.compute;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Hands outputs on to another worker's layers, and takes over their gradients. */
public final class FloatSend extends FloatStage {
  private final FloatWorkspace work;
  private final int size;
  private final float[] in;
  private final float[] inGradient;

  /**
   * A new one, made once for a network.
   *
   * @param size numbers of a sample
   * @param in what the layer before gives
   * @param inGradient where its gradients arrive; a part has a layer before it, which needs them
   */
  public FloatSend(FloatWorkspace work, int size, float[] in, float @Nullable [] inGradient) {
    this.work = work;
    this.size = size;
    this.in = in;
    this.inGradient = Objects.requireNonNull(inGradient);
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
    work.peers().exchange(Exchange.SEND_ACTIVATIONS, in, rows * size);
  }

  @Override
  public void backward(int rows) {
    work.peers().exchange(Exchange.RECEIVE_GRADIENTS, inGradient, rows * size);
  }
}
