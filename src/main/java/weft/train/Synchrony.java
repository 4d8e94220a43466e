package weft.train;

import weft.collective.GradientExchange;
import weft.units.Check;

/**
 * How closely the workers of a training job keep together: an immutable value for {@link
 * Training#synchronising}.
 *
 * <pre>{@code
 * job.synchronising(synchronous())
 * job.synchronising(localSgd(8))
 * }</pre>
 */
public abstract sealed class Synchrony permits Lockstep {
  Synchrony() {}

  /** All workers add their gradients up in every step and so keep the same parameters: default. */
  public static Synchrony synchronous() {
    return new Lockstep.EveryStep();
  }

  /**
   * Each worker takes so many steps by itself, with an optimiser of its own; then all go on from
   * the mean of their parameters (Stich, Local SGD Converges Fast and Communicates Little, ICLR
   * 2019). What is exchanged is how far each has moved since the last time, divided by N, by the
   * job's {@link Training#exchanging exchange}, so it can be compressed as a gradient can (Basu et
   * al., Qsparse-local-SGD, NeurIPS 2019). The last step of a job ends with an exchange.
   *
   * <p>A worker's gradient is N/batch times the sum over its samples, its own mean where all have
   * as many. With 1 step and plain gradient descent this is synchronous training up to rounding.
   * The optimisers' memories are not exchanged. Test accuracy is that of rank 0's copy. Taking over
   * the mean costs no time.
   *
   * @param steps between exchanges, at least 1
   */
  public static Synchrony localSgd(int steps) {
    Check.atLeast(1, "steps between exchanges", steps, "localSgd(8) exchanges every 8 steps");
    return new Lockstep.LocalSteps(steps);
  }

  /** Ranks after the workers'. */
  abstract int servers();

  /** What tables and legends add to the number of workers. */
  abstract String suffix();

  /** What provenance tells of what travels. */
  abstract String exchange(GradientExchange ofJob);

  /**
   * The run of a checked job; it has not begun.
   *
   * @throws IllegalArgumentException if the job's exchange does not fit
   */
  abstract PreparedRun prepare(TrainingPlan plan);
}
