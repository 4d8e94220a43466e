package weft.nn;

import java.util.List;
import weft.nn.compute.DoubleSgd;
import weft.nn.compute.DoubleUpdater;
import weft.nn.compute.FloatSgd;
import weft.nn.compute.FloatUpdater;
import weft.nn.compute.Sections;
import weft.report.Digits;

/**
 * Stochastic gradient descent with optional momentum: {@code v = µ·v + g}, {@code w = w - η·v},
 * with v starting at 0; µ of 0, the default, leaves {@code w = w - η·g}. Weight decay adds decay·w
 * to the gradient g of every parameter, biases included.
 *
 * @see <a href="https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html">PyTorch's SGD,
 *     whose convention this is: the rate multiplies the velocity, not the gradient</a>
 */
public final class Sgd extends Optimizer {
  /** A rate worth trying after any that diverged. */
  private static final double CALM = 1;

  private final double momentum;
  private final boolean nesterov;

  Sgd(OptimizerOptions options, double momentum, boolean nesterov) {
    super(options);
    if (!(momentum >= 0 && momentum < 1)) {
      throw new IllegalArgumentException(
          "momentum is at least 0 and below 1, got " + momentum + ": try momentum(0.9)");
    }
    if (nesterov && momentum == 0) {
      throw new IllegalArgumentException(
          "Nesterov's method looks ahead along the momentum, got a momentum of 0: write"
              + " sgd(0.1).momentum(0.9).nesterov()");
    }
    this.momentum = momentum;
    this.nesterov = nesterov;
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
    return new Sgd(options, momentum, nesterov);
  }

  /**
   * With Nesterov's look ahead: {@code w = w - η·(g + µ·v)}.
   *
   * @throws IllegalArgumentException if there is no momentum to look along
   */
  public Sgd nesterov() {
    return new Sgd(options, momentum, true);
  }

  @Override
  public Sgd weightDecay(double decay) {
    return new Sgd(options.weightDecay(decay), momentum, nesterov);
  }

  @Override
  public Sgd clipNorm(double most) {
    return new Sgd(options.clipNorm(most), momentum, nesterov);
  }

  @Override
  public Sgd schedule(RateSchedule schedule) {
    return new Sgd(options.schedule(schedule), momentum, nesterov);
  }

  @Override
  List<String> memoryNames() {
    return momentum == 0 ? List.of() : List.of("velocity");
  }

  @Override
  FloatUpdater floatUpdater(Sections sections) {
    return new FloatSgd(momentum, nesterov, weightDecay(), sections.parameters());
  }

  @Override
  DoubleUpdater doubleUpdater(Sections sections) {
    return new DoubleSgd(momentum, nesterov, weightDecay(), sections.parameters());
  }

  @Override
  OptimizerExplanation explanation() {
    return new SgdExplanation(rate(0), momentum, nesterov, weightDecay());
  }

  @Override
  String calmer() {
    return "the learning rate %s is probably too large, try sgd(%s)"
        .formatted(Digits.of(rate()), Digits.of(Math.min(rate() / 10, CALM)));
  }

  /** As a cell writes it: {@code sgd(0.1).momentum(0.9)}. */
  @Override
  public String toString() {
    return "sgd("
        + OptimizerOptions.number(rate())
        + ")"
        + (momentum == 0 ? "" : ".momentum(" + OptimizerOptions.number(momentum) + ")")
        + (nesterov ? ".nesterov()" : "")
        + options.calls(0);
  }
}
