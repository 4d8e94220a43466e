package weft.train;

import weft.nn.compute.Exchange;
import weft.parallel.AxisTraffic;
import weft.parallel.AxisTraffic.Operation;
import weft.parallel.ParallelAxis;
import weft.parallel.ParallelPlan;
import weft.report.Digits;

/**
 * What workers move, by axis and operation.
 *
 * @param what {@code activations}
 */
record Movement(ParallelAxis axis, Operation operation, String what) {
  private static final String OF_EXPERTS = "gradients of experts";
  private static final String WEIGHTS_OF_EXPERTS = "weights of experts";

  /** What an exchange moves; what is received was counted where it was sent. */
  static Movement of(Exchange exchange) {
    return switch (exchange) {
      case SEND_ACTIVATIONS, RECEIVE_ACTIVATIONS ->
          new Movement(ParallelAxis.PIPELINE, Operation.SEND, "activations");
      case SEND_GRADIENTS, RECEIVE_GRADIENTS ->
          new Movement(ParallelAxis.PIPELINE, Operation.SEND, "their gradients");
      case SUM_ACTIVATIONS ->
          new Movement(ParallelAxis.TENSOR, Operation.ALL_REDUCE, "activations");
      case SUM_INPUT_GRADIENTS ->
          new Movement(ParallelAxis.TENSOR, Operation.ALL_REDUCE, "their gradients");
      case SUM_GRADIENTS ->
          new Movement(ParallelAxis.DATA, Operation.ALL_REDUCE, "gradients of weights");
      case SCATTER_GRADIENTS ->
          new Movement(ParallelAxis.DATA, Operation.REDUCE_SCATTER, "gradients of weights");
      case GATHER_WEIGHTS -> new Movement(ParallelAxis.DATA, Operation.ALL_GATHER, "weights");
      case GATHER_KEYS_AND_VALUES ->
          new Movement(ParallelAxis.CONTEXT, Operation.ALL_GATHER, "keys and values");
      case SCATTER_KEY_AND_VALUE_GRADIENTS ->
          new Movement(ParallelAxis.CONTEXT, Operation.REDUCE_SCATTER, "their gradients");
      case SEND_TO_EXPERTS ->
          new Movement(ParallelAxis.EXPERT, Operation.ALL_TO_ALL, "to their experts");
      case RETURN_FROM_EXPERTS ->
          new Movement(ParallelAxis.EXPERT, Operation.ALL_TO_ALL, "back from them");
      case SEND_GRADIENTS_TO_EXPERTS ->
          new Movement(ParallelAxis.EXPERT, Operation.ALL_TO_ALL, "gradients to experts");
      case RETURN_GRADIENTS_FROM_EXPERTS ->
          new Movement(ParallelAxis.EXPERT, Operation.ALL_TO_ALL, "gradients back");
      case SUM_EXPERT_GRADIENTS ->
          new Movement(ParallelAxis.DATA, Operation.ALL_REDUCE, OF_EXPERTS);
      case SCATTER_EXPERT_GRADIENTS ->
          new Movement(ParallelAxis.DATA, Operation.REDUCE_SCATTER, OF_EXPERTS);
      case GATHER_EXPERT_WEIGHTS ->
          new Movement(ParallelAxis.DATA, Operation.ALL_GATHER, WEIGHTS_OF_EXPERTS);
    };
  }

  /** The GPUs of a plan among whom it happens. */
  int ranks(ParallelPlan plan) {
    return switch (axis) {
      case TENSOR -> plan.tensor();
      case CONTEXT -> plan.context();
      case EXPERT -> plan.expert();
      case DATA -> plan.data() * plan.context() / (isOfExperts() ? plan.expert() : 1);
      default -> plan.pipeline();
    };
  }

  /** Whether gradients or weights of experts move, which fewer GPUs have. */
  boolean isOfExperts() {
    return what.equals(OF_EXPERTS) || what.equals(WEIGHTS_OF_EXPERTS);
  }

  /** How many bytes of arrays come to so many that a GPU sends: {@code 2 x 3/4 x 32768}. */
  String formula(ParallelPlan plan, double sent) {
    int n = ranks(plan);
    int passes = operation.passes();
    if (passes == 0) {
      return Digits.of(sent, 9);
    }
    double arrays = sent * n / (passes * (n - 1.0));
    return "%s%d/%d x %s"
        .formatted(passes == 1 ? "" : passes + " x ", n - 1, n, Digits.of(arrays, 9));
  }

  /** This movement in numbers: one call of so many bytes. */
  AxisTraffic call(int ranks, double bytes) {
    return new AxisTraffic(axis, operation, ranks, 1, bytes);
  }
}
