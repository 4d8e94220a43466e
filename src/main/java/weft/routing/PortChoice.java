package weft.routing;

import org.apache.commons.math3.random.RandomGenerator;
import weft.sim.RandomStreams;

/** The draws behind {@link Ecmp} and {@link Spray}: which of {@code n} equal ports to take. */
public final class PortChoice {
  private static final int UDP = 17;
  private static final int ROCE_PORT = 4791;

  private final long[] hashSeed; // by node
  private final RandomGenerator spray;

  /**
   * @param streams its stream {@code "ecmp"} seeds the hash of each node, {@code "spray"} is drawn
   *     from
   * @param nodes how many nodes there are
   */
  public PortChoice(RandomStreams streams, int nodes) {
    var seeds = streams.named("ecmp");
    hashSeed = new long[nodes];
    for (int n = 0; n < nodes; n++) {
      hashSeed[n] = seeds.nextLong();
    }
    spray = streams.named("spray");
  }

  /** The UDP source port of a queue pair: one of the 16,384 that RoCEv2 uses, by its number. */
  public static int sourcePort(int queuePair) {
    return 0xC000 | (int) (RandomStreams.mix(queuePair + 1L) & 0x3FFF);
  }

  /**
   * A node's 5-tuple hash: always the same for one flow at one node.
   *
   * @param n ports to choose from, at least 1
   * @return from 0 to {@code n - 1}
   */
  public int hashed(int node, int sourceGpu, int destinationGpu, int udpSource, int n) {
    long addresses = ((long) sourceGpu << 32) | destinationGpu;
    long rest = ((long) UDP << 32) | ((long) udpSource << 16) | ROCE_PORT;
    long hash = RandomStreams.mix(hashSeed[node] ^ RandomStreams.mix(addresses) ^ rest);
    return (int) (((hash >>> 32) * n) >>> 32);
  }

  /** A fresh uniform draw from 0 to {@code n - 1}; nothing is drawn when there is no choice. */
  public int drawn(int n) {
    return n == 1 ? 0 : spray.nextInt(n);
  }
}
