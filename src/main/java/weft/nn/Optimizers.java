package weft.nn;

/** The optimisers, meant to be imported statically. */
public final class Optimizers {
  private Optimizers() {}

  /**
   * Gradient descent without momentum; {@code sgd(0.1).momentum(0.9)} adds it.
   *
   * @param rate the learning rate η, above 0
   * @throws IllegalArgumentException if the rate is not a finite number above 0
   */
  public static Sgd sgd(double rate) {
    return new Sgd(rate, 0);
  }
}
