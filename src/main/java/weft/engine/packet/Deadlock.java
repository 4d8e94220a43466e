package weft.engine.packet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
  private final Map<Port, Mark> marks = new HashMap<>();
  private final List<Port> way = new ArrayList<>();

  private Deadlock(Ports ports, long largest) {
    this.ports = ports;
    this.largest = largest;
  }

  /** The ports of a circle in order, each waiting for the next; empty if there is none. */
  static List<Port> find(Ports ports, long largest) {
    var search = new Deadlock(ports, largest);
    for (Port port : ports.port) {
      if (search.isStopped(port) && search.leadsToACircle(port)) {
        Port meeting = search.way.remove(search.way.size() - 1);
        return search.way.subList(search.way.indexOf(meeting), search.way.size());
      }
    }
    return List.of();
  }

  private boolean isStopped(Port port) {
    return (port.paused || port.credit < largest) && !port.dead && !port.data.isEmpty();
  }

  private boolean leadsToACircle(Port port) {
    way.add(port);
    Mark mark = marks.get(port);
    if (mark == Mark.ON_THE_WAY) {
      return true;
    }
    if (mark == null) {
      marks.put(port, Mark.ON_THE_WAY);
      for (Port next : waitsFor(port)) {
        if (leadsToACircle(next)) {
          return true;
        }
      }
      marks.put(port, Mark.DONE);
    }
    way.remove(way.size() - 1);
    return false;
  }

  /** The stopped ports behind which lies what fills the buffer at a port's other end. */
  private List<Port> waitsFor(Port port) {
    var next = new ArrayList<Port>();
    int node = ports.node[port.peer];
    for (int p = ports.first[node]; p < ports.first[node + 1]; p++) {
      Port out = ports.port[p];
      if (isStopped(out) && holdsWhatCameBy(out, port.peer)) {
        next.add(out);
      }
    }
    return next;
  }

  private static boolean holdsWhatCameBy(Port out, int ingress) {
    for (int k = out.data.head; k != out.data.tail; k++) {
      if (out.data.slots[k << Ring.BITS & out.data.slots.length - 1] == ingress) {
        return true;
      }
    }
    return false;
  }
}
