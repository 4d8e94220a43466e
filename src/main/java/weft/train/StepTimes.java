package weft.train;

/**
 * The simulated clock of a training run, step by step, all in picoseconds.
 *
 * @param compute compute phase of the step, forward, backward, update: the longest of any worker,
 *     or with a parameter server the mean
 * @param exposed time in which the slowest worker only waited since the last exchange, or with a
 *     parameter server the mean of a worker's from pushing its gradient until it was applied, and
 *     until the parameters that then left for it had come
 * @param finished when the last worker had updated its parameters
 */
@SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
record StepTimes(long[] compute, long[] exposed, long[] finished) {
  StepTimes(int steps) {
    this(new long[steps], new long[steps], new long[steps]);
  }
}
