package weft.nn.compute;

/**
 * LAMB (You et al. 2020, algorithm 2, φ the identity): Adam's direction r, plus decay·w, is scaled
 * for each weight tensor so that its norm is that of the weights. Sections that do not decay,
 * biases and scales, take r as it is.
 */
public final class FloatLamb implements FloatUpdater {
  private final double beta1;
  private final double beta2;
  private final float epsilon;
  private final float decay;
  private final Sections sections;
  private final float[] mean;
  private final float[] square;

  /**
   * A new one, made once for a network.
   *
   * @param decay of the sections that decay
   */
  public FloatLamb(double beta1, double beta2, double epsilon, double decay, Sections sections) {
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = (float) epsilon;
    this.decay = (float) decay;
    this.sections = sections;
    mean = new float[sections.parameters()];
    square = new float[sections.parameters()];
  }

  @Override
  public void step(float[] parameters, float[] gradient, double rate, int number) {
    double correction1 = 1 / (1 - Powers.of(beta1, number));
    double correction2 = 1 / (1 - Powers.of(beta2, number));
    for (int s = 0; s < sections.count(); s++) {
      int from = sections.from(s);
      int to = sections.to(s);
      float pull = sections.decays(s) ? decay : 0;
      direction(parameters, gradient, from, to, pull, (float) correction1, (float) correction2);
      double ratio = sections.decays(s) ? trustRatio(parameters, gradient, from, to) : 1;
      float eta = (float) (rate * ratio);
      for (int i = from; i < to; i++) {
        parameters[i] -= eta * gradient[i];
      }
    }
  }

  /** Leaves the direction in the gradient's place. */
  private void direction(
      float[] parameters,
      float[] gradient,
      int from,
      int to,
      float pull,
      float correction1,
      float correction2) {
    float[] m = mean;
    float[] v = square;
    float addMean = (float) (1 - beta1);
    float keepSquare = (float) beta2;
    float addSquare = (float) (1 - beta2);
    float eps = epsilon;
    for (int i = from; i < to; i++) {
      float g = gradient[i];
      m[i] += addMean * (g - m[i]);
      v[i] = keepSquare * v[i] + addSquare * g * g;
      gradient[i] =
          m[i] * correction1 / ((float) Math.sqrt(v[i] * correction2) + eps) + pull * parameters[i];
    }
  }

  /** Norm of the weights over that of the direction; 1 if either is 0. */
  private static double trustRatio(float[] parameters, float[] direction, int from, int to) {
    double weights = FloatVectors.sumOfSquares(parameters, from, to);
    double change = FloatVectors.sumOfSquares(direction, from, to);
    return weights > 0 && change > 0 ? Math.sqrt(weights / change) : 1;
  }

  @Override
  public float[][] memory() {
    return new float[][] {mean, square};
  }
}
