package weft.collective;

/**
 * ReduceScatter: afterwards each rank has its own part of the sum of all arrays; what the rest of
 * its array holds means nothing (see {@link Effect#sumScattered}).
 *
 * <p>N ranks; S bytes are a rank's whole array's. Every algorithm has each rank send (N-1)/N of it.
 */
public interface ReduceScatter extends Collective {
  /** N - 1 steps: every rank passes on the sum that reached it last. */
  static ReduceScatter ring() {
    return new RingReduceScatter();
  }

  /**
   * Halves of what is left exchanged with the ranks at distance N/2, N/4, ...: log2 N steps; two
   * more if N is no power of two (Thakur, Rabenseifner and Gropp, IJHPCA 2005).
   */
  static ReduceScatter recursiveHalving() {
    return new RecursiveHalvingReduceScatter();
  }

  /** {@link AllGather#bruck} backwards: ceil(log2 N) steps on any number of ranks. */
  static ReduceScatter bruck() {
    return new BruckReduceScatter();
  }

  /** One step: every rank sends each other rank that one's part. */
  static ReduceScatter direct() {
    return new DirectReduceScatter();
  }

  /** {@code (n-1)/n}. */
  @Override
  default double busBandwidthFactor(int ranks) {
    return (ranks - 1.0) / ranks;
  }

  @Override
  default Effect effect() {
    return Effect.sumScattered();
  }
}
