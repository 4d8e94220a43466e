package weft.train;

import weft.nn.compute.Exchange;
import weft.parallel.AxisTraffic;
import weft.parallel.AxisTraffic.Operation;
import weft.parallel.ParallelAxis;

/**
 * What workers move, by axis and operation.
 *
 * @param what {@code activations}
 */
record Movement(ParallelAxis axis, Operation operation, String what) {
  /** What an exchange moves; what is received was counted where it was sent. */
  static Movement of(Exchange exchange) {
    return switch (exchange) {
      case SEND_ACTIVATIONS, RECEIVE_ACTIVATIONS ->
          new Movement(ParallelAxis.PIPELINE, Operation.SEND, "activations");
      case SEND_GRADIENTS, RECEIVE_GRADIENTS ->
          new Movement(ParallelAxis.PIPELINE, Operation.SEND, "their gradients");
      case SUM_GRADIENTS ->
          new Movement(ParallelAxis.DATA, Operation.ALL_REDUCE, "gradients of weights");
      case SCATTER_GRADIENTS ->
          new Movement(ParallelAxis.DATA, Operation.REDUCE_SCATTER, "gradients of weights");
      case GATHER_WEIGHTS -> new Movement(ParallelAxis.DATA, Operation.ALL_GATHER, "weights");
    };
  }

  /** This movement in numbers: one call of so many bytes. */
  AxisTraffic call(int ranks, double bytes) {
    return new AxisTraffic(axis, operation, ranks, 1, bytes);
  }
}
