package weft.engine.packet;

import org.jspecify.annotations.Nullable;
import weft.transport.Scheduling;

/** Whose turn it is among the classes of a port. */
final class Scheduler {
  private final boolean strict;
  private final long[] quantum; // by class: bytes that its turn allows

  /**
   * @param largest packet on the wire; each turn allows at least one, so that each begins above 0
   */
  Scheduler(Scheduling scheduling, long largest) {
    strict = scheduling.isStrict();
    quantum = new long[scheduling.classes().size()];
    for (int c = 0; c < quantum.length; c++) {
      quantum[c] = scheduling.weight(c) * largest;
    }
  }

  /** The class of a port that sends next; null if none may. */
  @Nullable Lane choose(Port port, Lane[] lanes, Network network) {
    return strict ? highest(port, lanes, network) : next(port, lanes, network);
  }

  private static @Nullable Lane highest(Port port, Lane[] lanes, Network network) {
    for (Lane lane : lanes) {
      if (network.mayGo(port, lane)) {
        return lane;
      }
    }
    return null;
  }

  /**
   * Deficit round robin (Shreedhar and Varghese, ToN 1996) in the form in which a class may send
   * beyond its share and owes it, since a NIC learns a packet's size only when it makes it.
   */
  private @Nullable Lane next(Port port, Lane[] lanes, Network network) {
    for (int passed = 0; passed <= lanes.length; passed++) {
      Lane lane = lanes[port.turn];
      if (lane.surplus > 0 && network.mayGo(port, lane)) {
        return lane;
      }
      port.turn = (port.turn + 1) % lanes.length;
      Lane following = lanes[port.turn];
      boolean waits = network.mayGo(port, following);
      following.surplus = waits ? following.surplus + quantum[port.turn] : 0;
    }
    return null;
  }
}
