package weft.nn;

import weft.nn.compute.DoubleSgd;
import weft.nn.compute.DoubleUpdater;
import weft.nn.compute.FloatSgd;
import weft.nn.compute.FloatUpdater;
import weft.report.Digits;

/**
 * Stochastic gradient descent with optional momentum: {@code v = µ·v + g}, {@code w = w - η·v},
 * with v starting at 0; µ of 0, the default, leaves {@code w = w - η·g}.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html">PyTorch's SGD,
 *     whose convention this is: the rate multiplies the velocity, not the gradient</a>
 */
public final class Sgd extends Optimizer {
  private final double rate;
  private final double momentum;

  Sgd(double rate, double momentum) {
    if (!(rate > 0) || Double.isInfinite(rate)) {
      throw new IllegalArgumentException(
          "a learning rate is a number above 0, got " + rate + ": try sgd(0.01)");
    }
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "momentum is at least 0 and below 1, got " + momentum + ": try momentum(0.9)");
    }
    this.rate = rate;
    this.momentum = momentum;
  }

  @Override
  public double rate() {
    return rate;
  }

  /** The momentum µ, in [0, 1). */
  public double momentum() {
    return momentum;
  }

  /**
   * The same rate with another momentum.
   *
   * @throws IllegalArgumentException if {@code momentum} is outside [0, 1)
   */
  public Sgd momentum(double momentum) {
    return new Sgd(rate, momentum);
  }

  @Override
  FloatUpdater floatUpdater(int parameters) {
    return new FloatSgd(momentum, parameters);
  }

  @Override
  DoubleUpdater doubleUpdater(int parameters) {
    return new DoubleSgd(momentum, parameters);
  }

  @Override
  OptimizerExplanation explanation() {
    return new SgdExplanation(rate, momentum, false, 0);
  }

  @Override
  String calmer() {
    return "the learning rate %s is probably too large, try sgd(%s)"
        .formatted(Digits.of(rate), Digits.of(rate / 10));
  }

  /** As a cell writes it: {@code sgd(0.1).momentum(0.9)}. */
  @Override
  public String toString() {
    String plain = "sgd(" + Digits.of(rate) + ")";
    return momentum == 0 ? plain : plain + ".momentum(" + Digits.of(momentum) + ")";
  }
}
