package weft.routing;

/** The load balancing of one switch, with whatever it remembers. */
@FunctionalInterface
public interface PortSelector {
  /**
   * Places a packet. Asked only when there is a choice, in the order of simulated time, for every
   * packet, so a call should not allocate.
   *
   * @param packet valid during this call only: the engine uses it again
   * @param n how many ports lead on equally well, at least 2; a port that is known to be down is
   *     not among them
   * @return the candidate to take, from 0 to {@code n - 1}
   */
  int choose(PacketView packet, int n);
}
