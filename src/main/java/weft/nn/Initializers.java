package weft.nn;

/**
 * Random starts for weights, meant to be imported statically. Biases start at 0. A network that is
 * given neither weights nor an initialiser uses seed {@value #DEFAULT_SEED}, with {@link #he} for
 * layers with ReLU and {@link #xavier} for all others.
 */
public final class Initializers {
  /** The seed of a network that names none. */
  public static final long DEFAULT_SEED = 1;

  private Initializers() {}

  /**
   * Normal with mean 0 and variance 2/n, n the inputs of the layer.
   *
   * @see <a href="https://doi.org/10.1109/ICCV.2015.123">He et al., ICCV 2015, equation 10</a>
   */
  public static Initializer he(long seed) {
    return new Initializer("he", seed, false);
  }

  /**
   * Normal with mean 0 and variance 2/(n + m), n the inputs and m the outputs of the layer.
   *
   * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Glorot and Bengio, AISTATS 2010,
   *     equation 12</a>
   */
  public static Initializer xavier(long seed) {
    return new Initializer("xavier", seed, true);
  }
}
