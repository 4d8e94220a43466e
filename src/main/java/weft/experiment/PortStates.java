package weft.experiment;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.math3.util.FastMath;
import weft.engine.packet.PacketEngine;
import weft.fault.FaultStep;
import weft.routing.Routes;

/** What faults did to ports, and what the network knows of it. */
final class PortStates {
  private final PacketEngine packets; // idle: it knows the paths
  private final Routes healthy;
  private final int packetBytes;

  // By port.
  private final BitSet dead = new BitSet();
  private final BitSet noticed = new BitSet(); // by its own node
  private final Map<Integer, Double> bitErrors = new HashMap<>();

  PortStates(PacketEngine packets, int packetBytes) {
    this.packets = packets;
    this.healthy = packets.routes();
    this.packetBytes = packetBytes;
  }

  /** What happens to a port. */
  void happen(FaultStep step) {
    boolean begins = step.value() > 0;
    switch (step.state()) {
      case DEAD -> dead.set(step.port(), begins);
      case NOTICED -> noticed.set(step.port(), begins);
      case BIT_ERRORS -> bitErrors.put(step.port(), step.value());
      default -> {}
    }
  }

  boolean isDead(int port) {
    return dead.get(port);
  }

  boolean isAnyDead() {
    return !dead.isEmpty();
  }

  /** Which share of packets that a port sends arrives. */
  double kept(int port) {
    if (dead.isEmpty() && bitErrors.isEmpty()) {
      return 1;
    }
    Double rate = bitErrors.get(port);
    double healthy = rate == null ? 1 : FastMath.exp(8 * packetBytes * FastMath.log1p(-rate));
    return dead.get(port) ? 0 : healthy;
  }

  /** The routes before anything happened. */
  Routes healthy() {
    return healthy;
  }

  /** Routes as the network knows them now. */
  Routes routes() {
    return packets.routes();
  }

  /** As a node chooses: what it knows to be down it leaves out, unless that is all. */
  int[] ahead(int node, int destination) {
    Routes routes = packets.routes();
    if (routes.count(routes.towards(node, destination)) == 0) {
      routes = healthy;
    }
    int set = routes.towards(node, destination);
    int[] all = new int[routes.count(set)];
    for (int i = 0; i < all.length; i++) {
      all[i] = routes.port(set, i);
    }
    int[] up = noticed.isEmpty() ? all : Arrays.stream(all).filter(p -> !noticed.get(p)).toArray();
    return up.length == 0 ? all : up;
  }
}
