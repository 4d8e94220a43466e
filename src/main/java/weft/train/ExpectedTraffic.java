package weft.train;

import weft.nn.NetworkPart;
import weft.nn.compute.Exchange;
import weft.parallel.AxisTraffic;
import weft.parallel.ParallelPlan;

/**
 * What a GPU of a plan sends in a step by the formulas of {@link AxisTraffic}: from the plan's
 * degrees and the shapes of layers alone.
 */
final class ExpectedTraffic {
  private final ParallelPlan plan;
  private final int microBatches;
  private final int bytes;

  /**
   * @param bytes of a number
   */
  ExpectedTraffic(ParallelPlan plan, int microBatches, int bytes) {
    this.plan = plan;
    this.microBatches = microBatches;
    this.bytes = bytes;
  }

  /** Bytes a step. */
  double sent(PlanWorker worker, Movement movement) {
    double sum = 0;
    for (NetworkPart part : worker.parts()) {
      sum += sent(part, movement);
    }
    return sum;
  }

  private double sent(NetworkPart part, Movement movement) {
    double sample = (double) plan.microBatch() * bytes;
    if (movement.equals(Movement.of(Exchange.SEND_ACTIVATIONS))) {
      return microBatches * movement.call(plan.pipeline(), part.sent() * sample).sent();
    }
    if (movement.equals(Movement.of(Exchange.SEND_GRADIENTS))) {
      return microBatches * movement.call(plan.pipeline(), part.received() * sample).sent();
    }
    throw new IllegalStateException("no formula for " + movement);
  }
}
