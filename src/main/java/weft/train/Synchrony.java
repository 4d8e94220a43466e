package weft.train;

import weft.collective.GradientExchange;
import weft.units.Check;

/**
 * How closely the workers of a training job keep together: an immutable value for {@link
 * Training#synchronising}.
 *
 * <pre>{@code
 * job.synchronising(localSgd(8))
 * job.synchronising(staleSynchronous(4))
 * job.synchronising(asynchronous())
 * }</pre>
 */
public abstract sealed class Synchrony permits Lockstep, Serving {
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

  /**
   * Workers push gradients to a parameter server and pull its parameters, and none begins a step
   * while it is more than so many ahead of the slowest (Ho et al., More Effective Distributed ML
   * via a Stale Synchronous Parallel Parameter Server, NIPS 2013). With a bound of 0 all begin
   * together, which with plain gradient descent is synchronous training up to rounding. With a
   * bound of s a gradient misses at most 2s + 1 of each other worker's.
   *
   * <p>As {@link #asynchronous} otherwise.
   *
   * @param bound in steps, at least 0
   */
  public static Synchrony staleSynchronous(int bound) {
    Check.atLeast(0, "the bound of staleness", bound, "staleSynchronous(0) begins steps together");
    return new Serving(bound);
  }

  /**
   * Nobody waits for anybody: as soon as the server has applied a worker's gradient it sends it the
   * parameters as they then are, changed by others meanwhile, and the worker's next share of the
   * data (Dean et al., Large Scale Distributed Deep Networks, NIPS 2012, Downpour SGD; Li et al.,
   * OSDI 2014). So a slow worker is given fewer shares, and which gradient meets which parameters
   * depends on the network: it follows from the simulated time, and is the same for the same seed.
   *
   * <p>The server is on a GPU of its own, the rank after the last worker's. Gradients and
   * parameters travel whole, in their own precision, as RDMA WRITEs; {@link Training#exchanging} is
   * not used. The server applies one gradient after the other, each divided by the whole batch as
   * in synchronous training, with one optimiser, so that N gradients of plain gradient descent go
   * as far as one synchronous step; Adam, which divides by their size, goes N times as far, and
   * weight decay and clipping act on each. The optimiser's rate schedule counts batches. A step of
   * the history is as many shares as there are workers, in the order in which they were applied.
   */
  public static Synchrony asynchronous() {
    return new Serving(Serving.UNBOUNDED);
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
