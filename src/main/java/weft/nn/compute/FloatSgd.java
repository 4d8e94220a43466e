package weft.nn.compute;

/**
 * velocity = momentum·velocity + gradient; parameter -= rate·velocity, or with Nesterov's look
 * ahead parameter -= rate·(gradient + momentum·velocity).
 */
public final class FloatSgd implements FloatUpdater {
  private static final float[][] NONE = {};

  private final float momentum;
  private final boolean nesterov;
  private final float decay;
  private final float[] velocity;

  /**
   * A new one, made once for a network.
   *
   * @param momentum 0 for none, which needs no memory
   * @param decay by which every parameter, times it, is added to its gradient first
   * @param count parameters
   */
  public FloatSgd(double momentum, boolean nesterov, double decay, int count) {
    this.momentum = (float) momentum;
    this.nesterov = nesterov;
    this.decay = (float) decay;
    velocity = new float[momentum == 0 ? 0 : count];
  }

  @Override
  public void step(float[] parameters, float[] gradient, double rate, int number) {
    float eta = (float) rate;
    if (decay != 0) {
      FloatVectors.addScaled(gradient, decay, parameters);
    }
    if (momentum == 0) {
      FloatVectors.addScaled(parameters, -eta, gradient);
    } else if (nesterov) {
      for (int i = 0; i < parameters.length; i++) {
        velocity[i] = momentum * velocity[i] + gradient[i];
        parameters[i] -= eta * (gradient[i] + momentum * velocity[i]);
      }
    } else {
      for (int i = 0; i < parameters.length; i++) {
        velocity[i] = momentum * velocity[i] + gradient[i];
        parameters[i] -= eta * velocity[i];
      }
    }
  }

  @Override
  public float[][] memory() {
    return momentum == 0 ? NONE : new float[][] {velocity};
  }
}
