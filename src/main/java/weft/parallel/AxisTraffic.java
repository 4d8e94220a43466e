package weft.parallel;

/**
 * What one GPU exchanges along one axis in a training step.
 *
 * @param axis along which
 * @param operation what is done
 * @param ranks GPUs that take part
 * @param calls how often in a step
 * @param payload bytes of one call as nccl-tests counts them: of the whole array for AllReduce,
 *     ReduceScatter and AllGather, of all that one GPU has for the others for AllToAll and Send
 */
public record AxisTraffic(
    ParallelAxis axis, Operation operation, int ranks, double calls, double payload) {
  /** The collective operations that plans use. */
  public enum Operation {
    /** Every rank gets the sum. */
    ALL_REDUCE("AllReduce", 2),
    /** Every rank gets its part of the sum. */
    REDUCE_SCATTER("ReduceScatter", 1),
    /** Every rank gets all parts. */
    ALL_GATHER("AllGather", 1),
    /** Every rank has something for every other. */
    ALL_TO_ALL("AllToAll", 1),
    /** To the next stage. */
    SEND("Send", 0);

    private final String label;
    private final int passes;

    Operation(String label, int passes) {
      this.label = label;
      this.passes = passes;
    }

    /** How often the array goes around the ring: 2, 1, or 0 where there is none. */
    public int passes() {
      return passes;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /** Bytes that one GPU sends in one call: {@code (n-1)/n} of the payload for each pass. */
  public double sentPerCall() {
    return operation == Operation.SEND
        ? payload
        : operation.passes() * (ranks - 1.0) / ranks * payload;
  }

  /** Bytes that one GPU sends in a step. */
  public double sent() {
    return calls * sentPerCall();
  }
}
