package weft.routing;

import weft.sim.RandomStreams;

/** The 5-tuple of RoCEv2: addresses, UDP, a source port that tells queue pairs apart, 4791. */
public final class FiveTuple {
  private static final int UDP = 17;
  private static final int ROCE_PORT = 4791;

  private FiveTuple() {}

  /** The UDP source port of a queue pair: one of the 16,384 that RoCEv2 uses, by its number. */
  public static int sourcePort(int queuePair) {
    return 0xC000 | (int) (RandomStreams.mix(queuePair + 1L) & 0x3FFF);
  }

  /**
   * A hash in which each bit of tuple and seed moves every bit.
   *
   * @param n ports to choose from, at least 1
   * @return from 0 to {@code n - 1}
   */
  public static int hash(long seed, int sourceGpu, int destinationGpu, int udpSource, int n) {
    long addresses = ((long) sourceGpu << 32) | destinationGpu;
    long rest = ((long) UDP << 32) | ((long) udpSource << 16) | ROCE_PORT;
    long hash = RandomStreams.mix(seed ^ RandomStreams.mix(addresses) ^ rest);
    return (int) (((hash >>> 32) * n) >>> 32);
  }
}
