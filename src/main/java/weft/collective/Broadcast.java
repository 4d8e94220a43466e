package weft.collective;

import weft.units.DataSize;

/**
 * Broadcast: afterwards every rank has the root's array. The root is rank 0 unless {@link #from}
 * says another.
 *
 * <p>N ranks, arrays of S bytes.
 */
public interface Broadcast extends Collective {
  /** ceil(log2 N) steps of S: everyone who has it sends it on (Thakur et al., IJHPCA 2005). */
  static Broadcast binomial() {
    return new TreeBroadcast(Spread.BINOMIAL, 0);
  }

  /** N - 1 steps of S from rank to rank; {@link #chunked} makes it a pipeline, as NCCL's ring. */
  static Broadcast chain() {
    return new TreeBroadcast(Spread.CHAIN, 0);
  }

  /** ceil(log2 N) steps, two copies at a time. */
  static Broadcast tree() {
    return new TreeBroadcast(Spread.BINARY, 0);
  }

  /** One step: the root sends to all. */
  static Broadcast flat() {
    return new TreeBroadcast(Spread.FLAT, 0);
  }

  /**
   * The parts scattered down a binomial tree and gathered round a ring: ceil(log2 N) + N - 1 steps,
   * 2 (N-1)/N of the array (van de Geijn; Thakur, Rabenseifner and Gropp, IJHPCA 2005).
   */
  static Broadcast scatterAllGather() {
    return new ScatterAllGatherBroadcast(0);
  }

  /** The same from another root. */
  Broadcast from(int root);

  /**
   * The array in chunks of at most this size, one after the other.
   *
   * @param chunk at least 4 bytes
   */
  default Broadcast chunked(DataSize chunk) {
    return new ChunkedBroadcast(this, chunk);
  }

  /** 1. */
  @Override
  default double busBandwidthFactor(int ranks) {
    return 1;
  }
}
