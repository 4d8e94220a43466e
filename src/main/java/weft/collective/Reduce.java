package weft.collective;

import weft.units.DataSize;

/**
 * Reduce: afterwards the root has the sum of all arrays; what the other ranks' arrays hold means
 * nothing. The root is rank 0 unless {@link #to} says another.
 *
 * <p>N ranks, arrays of S bytes.
 */
public interface Reduce extends Collective {
  /** {@link Broadcast#binomial} backwards: ceil(log2 N) steps of S. */
  static Reduce binomial() {
    return new TreeReduce(Spread.BINOMIAL, 0);
  }

  /** N - 1 steps of S from rank to rank; {@link #chunked} makes it a pipeline, as NCCL's ring. */
  static Reduce chain() {
    return new TreeReduce(Spread.CHAIN, 0);
  }

  /** ceil(log2 N) steps, two sums at a time. */
  static Reduce tree() {
    return new TreeReduce(Spread.BINARY, 0);
  }

  /** One step: all send to the root. */
  static Reduce flat() {
    return new TreeReduce(Spread.FLAT, 0);
  }

  /** The same to another root. */
  Reduce to(int root);

  /**
   * The array in chunks of at most this size, one after the other.
   *
   * @param chunk at least 4 bytes
   */
  default Reduce chunked(DataSize chunk) {
    return new ChunkedReduce(this, chunk);
  }

  /** 1. */
  @Override
  default double busBandwidthFactor(int ranks) {
    return 1;
  }
}
