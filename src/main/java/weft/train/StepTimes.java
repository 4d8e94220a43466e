package weft.train;

/**
 * The simulated clock of a synchronous training run, step by step, all in picoseconds.
 *
 * @param compute longest compute phase of any worker in the step: forward, backward, update
 * @param finished when the last worker had updated its parameters
 */
@SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
record StepTimes(long[] compute, long[] finished) {
  /** From the end of the step before to the end of this one. */
  long step(int step) {
    return finished[step] - (step == 0 ? 0 : finished[step - 1]);
  }

  /** The part of the step in which the slowest worker only waited for the network. */
  long exposed(int step) {
    return Math.max(0, step(step) - compute[step]);
  }
}
