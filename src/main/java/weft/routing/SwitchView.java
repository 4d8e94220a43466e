package weft.routing;

/**
 * What a {@link PortSelector} may look at: its own switch. A candidate {@code i}, from 0, is one of
 * the ports that the packet being placed may take; questions about candidates are answered only
 * while a packet is placed.
 */
public interface SwitchView {
  /** The switch, an index into {@link weft.fabric.Fabric#nodes()}. */
  int node();

  /** How many ports the switch has. */
  int ports();

  /** Simulated time, ps. */
  long nowPs();

  /** The seed of this switch's hash; every switch has its own. */
  long hashSeed();

  /** A uniform draw from 0 to {@code n - 1}, from this switch's own stream. */
  int random(int n);

  /** The candidate's number among the ports of this switch, from 0: an index for state by port. */
  int port(int i);

  /** The node that the candidate leads to, an index into {@link weft.fabric.Fabric#nodes()}. */
  int next(int i);

  /** Data bytes that wait at the candidate. */
  long queueBytes(int i);

  /** Bytes that have begun to leave by the candidate since the run began. */
  long sentBytes(int i);

  /** The candidate's rate, bit/s. */
  double bitsPerSecond(int i);

  /**
   * What can flow to the packet's destination by the candidate, bit/s: its rate or, if less, that
   * of the ports behind it which lead on, together. Worked out at each call: not for every packet.
   */
  double pathBitsPerSecond(int i);

  /** Whether the candidate is on a shortest path; all are unless {@link LoadBalancing#detours}. */
  boolean isShortest(int i);

  /** How many candidates the packet will have at the node that the candidate leads to. */
  int ways(int i);

  /** Links still to be passed by the candidate, its own included. */
  int hops(int i);
}
