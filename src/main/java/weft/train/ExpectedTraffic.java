package weft.train;

import java.util.stream.IntStream;
import weft.nn.NetworkPart;
import weft.nn.compute.Exchange;
import weft.parallel.AxisTraffic;
import weft.parallel.AxisTraffic.Operation;
import weft.parallel.ParallelPlan;

/**
 * What a GPU of a plan sends in a step by the formulas of {@link AxisTraffic}: from the plan's
 * degrees and the shapes of layers alone. Experts are taken to be chosen equally often.
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
    int experts = part.expertParameters();
    double weights =
        (double) (movement.isOfExperts() ? experts : part.parameters() - experts) * bytes;
    return switch (movement.axis()) {
      case PIPELINE ->
          movement.equals(Movement.of(Exchange.SEND_ACTIVATIONS))
              ? microBatches * movement.call(plan.pipeline(), part.sent() * sample).sent()
              : microBatches * movement.call(plan.pipeline(), part.received() * sample).sent();
      case TENSOR ->
          microBatches
              * sums(part, movement)
                  .mapToDouble(size -> movement.call(plan.tensor(), size * sample).sent())
                  .sum();
      case CONTEXT ->
          microBatches
              * gathers(movement.operation())
              * IntStream.of(part.gatheredKeysAndValues())
                  .mapToDouble(size -> movement.call(plan.context(), size * sample).sent())
                  .sum();
      case EXPERT ->
          microBatches
              * IntStream.of(part.dispatched())
                  .mapToDouble(size -> movement.call(plan.expert(), size * sample).sent())
                  .sum();
      case DATA ->
          times(movement.operation()) * movement.call(movement.ranks(plan), weights).sent();
    };
  }

  /** Keys and values forward and again backward; their gradients once. */
  private static int gathers(Operation operation) {
    return operation == Operation.ALL_GATHER ? 2 : 1;
  }

  private static IntStream sums(NetworkPart part, Movement movement) {
    return IntStream.of(
        movement.equals(Movement.of(Exchange.SUM_ACTIVATIONS))
            ? part.forwardSums()
            : part.backwardSums());
  }

  /**
   * How often all weights, or their gradients, are exchanged in a step. Gradients that are not kept
   * whole are scattered after each micro-batch, weights that are not are gathered twice for it.
   */
  private int times(Operation operation) {
    boolean perMicroBatch =
        switch (plan.sharding()) {
          case REPLICATED, ZERO_1 -> false;
          case ZERO_2 -> operation == Operation.REDUCE_SCATTER;
          case ZERO_3 -> true;
        };
    boolean twice = perMicroBatch && operation == Operation.ALL_GATHER;
    return (perMicroBatch ? microBatches : 1) * (twice ? 2 : 1);
  }
}
