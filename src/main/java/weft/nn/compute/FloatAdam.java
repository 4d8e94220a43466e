package weft.nn.compute;

/**
 * Adam (Kingma and Ba 2015, algorithm 1), and AdamW, which shrinks the parameters themselves
 * (Loshchilov and Hutter 2019, algorithm 2). In the order of operations of PyTorch.
 */
public final class FloatAdam implements FloatUpdater {
  private final double beta1;
  private final double beta2;
  private final float epsilon;
  private final double decay;
  private final boolean decoupled;
  private final float[] mean;
  private final float[] square;

  /**
   * A new one, made once for a network.
   *
   * @param decay of every parameter
   * @param decoupled whether decay shrinks the parameters, or adds to the gradient
   * @param count parameters
   */
  public FloatAdam(
      double beta1, double beta2, double epsilon, double decay, boolean decoupled, int count) {
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = (float) epsilon;
    this.decay = decay;
    this.decoupled = decoupled;
    mean = new float[count];
    square = new float[count];
  }

  @Override
  public void step(float[] parameters, float[] gradient, double rate, int number) {
    float[] m = mean;
    float[] v = square;
    float addMean = (float) (1 - beta1);
    float keepSquare = (float) beta2;
    float addSquare = (float) (1 - beta2);
    float size = (float) (rate / (1 - Powers.of(beta1, number)));
    float root = (float) (1 / Math.sqrt(1 - Powers.of(beta2, number)));
    float stay = (float) (decoupled ? 1 - rate * decay : 1);
    float pull = (float) (decoupled ? 0 : decay);
    float eps = epsilon;
    for (int i = 0; i < parameters.length; i++) {
      float w = parameters[i];
      float g = gradient[i] + pull * w;
      m[i] += addMean * (g - m[i]);
      v[i] = keepSquare * v[i] + addSquare * g * g;
      parameters[i] = stay * w - size * m[i] / ((float) Math.sqrt(v[i]) * root + eps);
    }
  }

  @Override
  public float[][] memory() {
    return new float[][] {mean, square};
  }
}
