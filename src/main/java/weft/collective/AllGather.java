package weft.collective;

/**
 * AllGather: each rank has its own part of the array, and afterwards all of it (see {@link
 * Effect#gathered}).
 *
 * <p>N ranks; S bytes are the whole array's. Every algorithm has each rank receive (N-1)/N of it.
 */
public interface AllGather extends Collective {
  /** N - 1 steps: every rank passes on the part that reached it last. */
  static AllGather ring() {
    return new RingAllGather();
  }

  /**
   * Everything so far exchanged with the ranks at distance 1, 2, 4, ...: log2 N steps; two more if
   * N is no power of two (Thakur, Rabenseifner and Gropp, IJHPCA 2005).
   */
  static AllGather recursiveDoubling() {
    return new RecursiveDoublingAllGather();
  }

  /** ceil(log2 N) steps on any number of ranks (Bruck et al., IEEE TPDS 1997). */
  static AllGather bruck() {
    return new BruckAllGather();
  }

  /** One step: every rank sends its part to each other rank. */
  static AllGather direct() {
    return new DirectAllGather();
  }

  /** {@code (n-1)/n}. */
  @Override
  default double busBandwidthFactor(int ranks) {
    return (ranks - 1.0) / ranks;
  }

  @Override
  default Effect effect() {
    return Effect.gathered();
  }
}
