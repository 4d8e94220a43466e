package weft.nn.compute;

/** velocity = momentum·velocity + gradient; parameter -= rate·velocity. */
public final class FloatSgd implements FloatUpdater {
  private final float momentum;
  private final float[] velocity;

  /**
   * A new one, made once for a network.
   *
   * @param momentum 0 for none, which needs no memory
   * @param count parameters
   */
  public FloatSgd(double momentum, int count) {
    this.momentum = (float) momentum;
    velocity = new float[momentum == 0 ? 0 : count];
  }

  private FloatSgd(float momentum, float[] velocity) {
    this.momentum = momentum;
    this.velocity = velocity;
  }

  @Override
  public FloatUpdater copy() {
    return new FloatSgd(momentum, velocity.clone());
  }

  @Override
  public void step(float[] parameters, float[] gradient, double rate) {
    float eta = (float) rate;
    if (momentum == 0) {
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] -= eta * gradient[i];
      }
      return;
    }
    for (int i = 0; i < parameters.length; i++) {
      velocity[i] = momentum * velocity[i] + gradient[i];
      parameters[i] -= eta * velocity[i];
    }
  }
}
