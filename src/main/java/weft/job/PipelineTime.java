package weft.job;

/**
 * Seconds of a pipeline whose stages take different times: {@code m - 1} micro-batches at the pace
 * of the slowest stage, and one through all of them, of which a schedule hides a share. Equal
 * stages of T seconds come to {@code m T (1 + (p-1)/(v m))} with v chunks, the bubble of Narayanan
 * et al. (SC21, section 2.2).
 *
 * @param total from the first forward to the last backward pass
 * @param working of that, seconds that a stage works on average
 */
record PipelineTime(double total, double working) {
  /**
   * @param first seconds of the first stage for a micro-batch, forward and backward
   * @param middle of each stage in the middle
   * @param last of the last
   * @param share of 1F1B's bubble that the schedule has
   */
  static PipelineTime of(
      double first, double middle, double last, int stages, double share, int microBatches) {
    if (stages == 1) {
      return new PipelineTime(microBatches * last, microBatches * last);
    }
    double through = first + last + (stages - 2) * middle;
    double slowest = Math.max(Math.max(first, last), stages > 2 ? middle : 0);
    double fill = through * share + slowest * (1 - share);
    return new PipelineTime((microBatches - 1) * slowest + fill, microBatches * through / stages);
  }

  /** Seconds that a stage waits on average. */
  double bubble() {
    return total - working;
  }
}
