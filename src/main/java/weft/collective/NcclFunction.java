package weft.collective;

/** What NCCL's tuning model knows: {@code alltoall} and {@code sendrecv} are no part of it. */
public enum NcclFunction {
  /** See {@link AllReduce}. */
  ALL_REDUCE("all_reduce"),
  /** See {@link AllGather}. */
  ALL_GATHER("all_gather"),
  /** See {@link ReduceScatter}. */
  REDUCE_SCATTER("reduce_scatter"),
  /** See {@link Broadcast}. */
  BROADCAST("broadcast"),
  /** See {@link Reduce}. */
  REDUCE("reduce");

  private final String test;

  NcclFunction(String test) {
    this.test = test;
  }

  /** Steps of a ring. */
  int steps(int ranks) {
    return switch (this) {
      case ALL_REDUCE -> 2 * (ranks - 1);
      case ALL_GATHER, REDUCE_SCATTER -> ranks - 1;
      case BROADCAST, REDUCE -> ranks;
    };
  }

  /** Those between servers. */
  int stepsBetween(int servers) {
    return switch (this) {
      case ALL_REDUCE -> 2 * (servers - 1);
      case ALL_GATHER, REDUCE_SCATTER -> servers - 1;
      case BROADCAST, REDUCE -> 0;
    };
  }

  /**
   * What nccl-tests multiplies algorithm bandwidth with (PERFORMANCE.md).
   *
   * @param ranks at least 1
   */
  public double busBandwidthFactor(int ranks) {
    return switch (this) {
      case ALL_REDUCE -> 2.0 * (ranks - 1) / ranks;
      case ALL_GATHER, REDUCE_SCATTER -> (ranks - 1.0) / ranks;
      case BROADCAST, REDUCE -> 1;
    };
  }

  /** As nccl-tests writes it. */
  @Override
  public String toString() {
    return test;
  }
}
