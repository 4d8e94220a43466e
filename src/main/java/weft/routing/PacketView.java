package weft.routing;

/** What a switch sees of a packet, or knows from its headers. */
public interface PacketView {
  /** The queue pair it belongs to, from 0 in the order of opening. */
  int queuePair();

  /** The GPU that sent this packet; for an acknowledgement the GPU that received the data. */
  int source();

  /** The GPU it is on its way to. */
  int destination();

  /** The UDP source port, the only entropy that RoCEv2 leaves to a queue pair. */
  int udpSource();

  /** Bytes on the wire, headers included. */
  int bytes();

  /** Whether it carries data; otherwise it is an acknowledgement or a congestion notification. */
  boolean isData();

  /**
   * A hash of the 5-tuple, spread evenly: always the same for one flow and seed.
   *
   * @param seed such as {@link SwitchView#hashSeed}
   * @param n at least 1
   * @return from 0 to {@code n - 1}
   */
  default int hash(long seed, int n) {
    return FiveTuple.hash(seed, source(), destination(), udpSource(), n);
  }
}
