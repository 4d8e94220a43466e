package weft.train;

import weft.collective.GradientExchange;
import weft.fabric.Fabric;
import weft.units.Check;

/** A parameter server: see {@link #staleSynchronous} and {@link #asynchronous}. */
final class Serving extends Synchrony {
  static final int UNBOUNDED = Integer.MAX_VALUE;

  private final int bound;

  /**
   * @param bound how many steps a worker that begins one may be ahead of the slowest
   */
  Serving(int bound) {
    this.bound = bound;
  }

  /** How many steps a worker that begins one may be ahead of the slowest. */
  int bound() {
    return bound;
  }

  @Override
  int servers() {
    return 1;
  }

  @Override
  String suffix() {
    return bound == UNBOUNDED ? ", asynchronous" : ", stale by at most " + bound;
  }

  @Override
  String exchange(GradientExchange ofJob) {
    return "gradients pushed to the rank after the workers', parameters pulled from it";
  }

  @Override
  PreparedRun prepare(TrainingPlan plan) {
    Fabric fabric = Check.notNull("a fabric", plan.job.fabric, "call across(fabric)");
    return new ServingRun(plan, this, fabric);
  }

  @Override
  public String toString() {
    return "parameter server, "
        + (bound == UNBOUNDED ? "asynchronous" : "staleness at most %d steps".formatted(bound));
  }
}
