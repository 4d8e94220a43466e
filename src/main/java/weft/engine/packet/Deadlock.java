package weft.engine.packet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weft.transport.Transport;

/**
 * A circle of switch ports each of which may not send because the buffer at its other end is full
 * of what waits for the next: none ever will (Dally and Seitz, IEEE Transactions on Computers 1987;
 * for PFC Hu et al., Deadlocks in Datacenter Networks, HotNets 2016).
 */
final class Deadlock {
  private enum Mark {
    ON_THE_WAY,
    DONE
  }

  private final Ports ports;
  private final long largest; // packet on the wire
  private final Map<Lane, Mark> marks = new HashMap<>();
  private final List<Lane> way = new ArrayList<>();

  private Deadlock(Ports ports, long largest) {
    this.ports = ports;
    this.largest = largest;
  }

  /** {@link #find}, by the names of the ports. */
  static List<String> names(Ports ports, Transport transport) {
    long largest = transport.onTheWire().largest(transport.mtu());
    return find(ports, largest).stream().map(lane -> ports.name[lane.index]).toList();
  }

  /** The ports of a circle in order, each waiting for the next; empty if there is none. */
  private static List<Lane> find(Ports ports, long largest) {
    var search = new Deadlock(ports, largest);
    for (int p = 0; p < ports.count * ports.classes; p++) {
      Lane lane = ports.port[p / ports.classes].lane(p % ports.classes);
      if (search.isStopped(lane) && search.leadsToACircle(lane)) {
        Lane meeting = search.way.remove(search.way.size() - 1);
        return search.way.subList(search.way.indexOf(meeting), search.way.size());
      }
    }
    return List.of();
  }

  private boolean isStopped(Lane lane) {
    boolean isHeld = lane.paused || lane.credit < largest;
    return isHeld && !ports.port[lane.index].dead && !lane.data.isEmpty();
  }

  private boolean leadsToACircle(Lane lane) {
    way.add(lane);
    Mark mark = marks.get(lane);
    if (mark == Mark.ON_THE_WAY) {
      return true;
    }
    if (mark == null) {
      marks.put(lane, Mark.ON_THE_WAY);
      for (Lane next : waitsFor(lane)) {
        if (leadsToACircle(next)) {
          return true;
        }
      }
      marks.put(lane, Mark.DONE);
    }
    way.remove(way.size() - 1);
    return false;
  }

  /** The stopped ports behind which lies what fills the buffer at a port's other end. */
  private List<Lane> waitsFor(Lane lane) {
    var next = new ArrayList<Lane>();
    int peer = ports.peer[lane.index];
    int node = ports.node[peer];
    for (int p = ports.first[node]; p < ports.first[node + 1]; p++) {
      Lane out = ports.port[p].lane(lane.trafficClass);
      if (isStopped(out) && holdsWhatCameBy(out, peer)) {
        next.add(out);
      }
    }
    return next;
  }

  private static boolean holdsWhatCameBy(Lane out, int ingress) {
    for (int k = out.data.head; k != out.data.tail; k++) {
      if (out.data.slots[k << Ring.BITS & out.data.slots.length - 1] == ingress) {
        return true;
      }
    }
    return false;
  }
}
