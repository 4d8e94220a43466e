package weft.engine.packet;

import weft.fabric.Fabric;
import weft.fabric.Node;
import weft.sim.RandomStreams;
import weft.transport.Red;

/**
 * ECN marks by {@link Red}, drawn only between its thresholds. Each port has draws of its own, so
 * that what one port marks depends on nothing that happens elsewhere.
 */
final class Marking {
  private final Draws draws;
  private final double pmax;
  private final long[] kmin; // by port, bytes; never reached where a port does not mark
  private final long[] kmax;

  Marking(Fabric fabric, Red red, CableLimits limits, Ports ports, RandomStreams streams) {
    draws = new Draws(streams.named("red"), ports.count);
    pmax = red.pmax();
    kmin = new long[ports.count];
    kmax = new long[ports.count];
    for (int p = 0; p < ports.count; p++) {
      boolean marks = fabric.nodes().get(ports.node[p]).role() == Node.Role.SWITCH;
      boolean own = limits.markFrom[p] != CableLimits.NONE;
      kmin[p] = !marks ? Long.MAX_VALUE : own ? limits.markFrom[p] : red.kmin(ports.rate[p]);
      kmax[p] = !marks ? Long.MAX_VALUE : own ? limits.markAll[p] : red.kmax(ports.rate[p]);
    }
  }

  /** Sets a port's thresholds, bytes. */
  void set(int port, long least, long most) {
    kmin[port] = least;
    kmax[port] = most;
  }

  /** Whether a packet that leaves so many bytes waiting at a port is marked. */
  boolean marks(int port, long queueBytes) {
    if (queueBytes <= kmin[port]) {
      return false;
    }
    if (queueBytes > kmax[port]) {
      return true;
    }
    double share = (double) (queueBytes - kmin[port]) / (kmax[port] - kmin[port]);
    return draws.uniform(port) < share * pmax;
  }
}
