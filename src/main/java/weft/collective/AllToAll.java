package weft.collective;

import weft.units.Check;

/**
 * AllToAll: each rank's array is a block for each rank, and afterwards a block from each (see
 * {@link Effect#transposed}).
 *
 * <p>N ranks, arrays of S bytes; at least one element for each rank.
 */
public interface AllToAll extends Collective {
  /** One step: every rank sends each other rank its block, the nearest first. */
  static AllToAll direct() {
    return new DirectAllToAll();
  }

  /**
   * N - 1 steps: in step i every rank sends to the rank i after it and receives from the one i
   * before it, and only then goes on (Thakur, Rabenseifner and Gropp, IJHPCA 2005).
   */
  static AllToAll pairwise() {
    return new PairwiseAllToAll();
  }

  /**
   * ceil(log2 N) steps of about S/2: blocks travel by way of others, at distances of powers of two;
   * for small blocks (Bruck et al., IEEE TPDS 1997).
   */
  static AllToAll bruck() {
    return new BruckAllToAll();
  }

  /**
   * Through rails: first each block goes, inside the server, to the GPU on its receiver's rail,
   * then all for one receiver go as one message along the rail, as NCCL's PXN does (NCCL 2.12).
   *
   * @param ranksPerServer at least 1; the ranks must fill the servers
   */
  static AllToAll hierarchical(int ranksPerServer) {
    return new RailAllToAll(ranksPerServer);
  }

  /** {@code (n-1)/n}. */
  @Override
  default double busBandwidthFactor(int ranks) {
    return (ranks - 1.0) / ranks;
  }

  @Override
  default Effect effect() {
    return Effect.transposed();
  }

  /** Elements of a block. */
  static int block(String name, int ranks, int elements) {
    Check.atLeast(1, "the number of ranks of " + name, ranks, "give 2 or more to move anything");
    if (elements < ranks) {
      throw new IllegalArgumentException(
          "%s on %d ranks needs an element for each of them, but has arrays of %d: give a larger size"
              .formatted(name, ranks, elements));
    }
    return elements / ranks;
  }
}
