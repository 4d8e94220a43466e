package weft.nn;

import java.util.List;
import weft.nn.compute.DoubleUpdater;
import weft.nn.compute.FloatUpdater;
import weft.nn.compute.Sections;

/**
 * How gradients change parameters: an immutable description; choose one with {@link Optimizers}.
 *
 * <p>A step clips the gradient if {@link #clipNorm(double)} asks for it, and then applies the rule
 * with the {@link #rate()} times the factor of the {@link #schedule()}. Formulas and defaults are
 * those of PyTorch.
 */
public abstract sealed class Optimizer permits Sgd, AdaptiveMoments {
  final OptimizerOptions options;

  Optimizer(OptimizerOptions options) {
    this.options = options;
  }

  /** The learning rate η, above 0, before the schedule. */
  public final double rate() {
    return options.rate();
  }

  /** The learning rate of a step, numbered from 0. */
  public final double rate(int step) {
    return rate() * schedule().factor(step);
  }

  /** How weights are drawn towards 0: at least 0, of which 0 means not at all. */
  public final double weightDecay() {
    return options.weightDecay();
  }

  /** The largest Euclidean norm of a gradient; infinite, the default, if it is not clipped. */
  public final double clipNorm() {
    return options.clipNorm();
  }

  /** By what the rate is multiplied in each step; {@code constant()} by default. */
  public final RateSchedule schedule() {
    return options.schedule();
  }

  /**
   * The same with another weight decay.
   *
   * @throws IllegalArgumentException if {@code decay} is not a finite number of at least 0
   */
  public abstract Optimizer weightDecay(double decay);

  /**
   * The same, scaling down each gradient whose Euclidean norm over all parameters is larger than
   * this: by {@code most / (norm + 1e-6)}, as PyTorch's clip_grad_norm_.
   *
   * @throws IllegalArgumentException if {@code most} is not a finite number above 0
   */
  public abstract Optimizer clipNorm(double most);

  /** The same with its rate multiplied by a factor that depends on the step. */
  public abstract Optimizer schedule(RateSchedule schedule);

  /**
   * The rate over the first steps, as a table and a chart.
   *
   * @param steps at least 1
   */
  public final RateCurve rates(int steps) {
    return RateCurve.of("Learning rate of " + this, "rate", rate(), schedule(), steps);
  }

  /** Whether a parameter's step depends on norms of the tensor that it belongs to. */
  public boolean usesTensorNorms() {
    return false;
  }

  /** How many numbers it remembers of each parameter: 0 to 2. */
  public final int memoryPerParameter() {
    return memoryNames().size();
  }

  /** What these numbers are called. */
  abstract List<String> memoryNames();

  /** The rule with its memory for one replica, at its beginning. */
  abstract FloatUpdater floatUpdater(Sections sections);

  /** Likewise in double precision. */
  abstract DoubleUpdater doubleUpdater(Sections sections);

  /** What it writes on paper. */
  abstract OptimizerExplanation explanation();

  /** What a reader may try when the loss leaves the numbers a computer can hold. */
  abstract String calmer();
}
