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
    return Initializer.random("he", seed, Initializer.Spread.NORMAL, false);
  }

  /** Even between -√(6/n) and √(6/n), n the inputs of the layer: the variance of {@link #he}. */
  public static Initializer heUniform(long seed) {
    return Initializer.random("heUniform", seed, Initializer.Spread.UNIFORM, false);
  }

  /**
   * Even between -√(6/(n + m)) and √(6/(n + m)), n the inputs and m the outputs of the layer: the
   * variance of {@link #xavier}.
   *
   * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Glorot and Bengio, AISTATS 2010,
   *     equation 16</a>
   */
  public static Initializer xavierUniform(long seed) {
    return Initializer.random("xavierUniform", seed, Initializer.Spread.UNIFORM, true);
  }

  /**
   * All weights the same, which keeps all neurons of a layer the same for ever: to see why starts
   * are random.
   *
   * @throws IllegalArgumentException if the value is not finite
   */
  public static Initializer constant(double value) {
    return Initializer.constant(value);
  }

  /**
   * Normal with mean 0 and variance 2/(n + m), n the inputs and m the outputs of the layer.
   *
   * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Glorot and Bengio, AISTATS 2010,
   *     equation 12</a>
   */
  public static Initializer xavier(long seed) {
    return Initializer.random("xavier", seed, Initializer.Spread.NORMAL, true);
  }
}
