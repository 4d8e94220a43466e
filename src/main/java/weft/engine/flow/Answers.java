package weft.engine.flow;

import java.util.Arrays;

/**
 * Room for acknowledgements. They are small and go first, so that they hold no flow back; but data
 * has only what they leave of a link. How much that is follows from which flows are active and not
 * from their rates, or each rate would depend on all others, for the sake of some hundredths of a
 * link: where any cross a link it keeps room for those of a full link the other way, or for more if
 * flows cross it whose ends have few others.
 */
final class Answers {
  private static final double NOISE = 1e-14; // of rounding

  private final double bytes;
  private Route[] routes = new Route[64]; // by flow

  // By link.
  private int[] crossing = new int[16]; // active flows whose acknowledgements do
  private double[] full = new double[16]; // links the other way that these flows fill
  private double[] room = new double[16]; // that data has, of its capacity

  /**
   * @param bytes of acknowledgements for one of data, at least 0
   */
  Answers(double bytes) {
    this.bytes = bytes;
    Arrays.fill(room, 1);
  }

  void addLink(int link) {
    if (link == room.length) {
      crossing = Arrays.copyOf(crossing, 2 * link);
      full = Arrays.copyOf(full, 2 * link);
      room = Arrays.copyOf(room, 2 * link);
      Arrays.fill(room, link, 2 * link, 1);
    }
  }

  void addFlow(int flow, Route route) {
    if (flow >= routes.length) {
      routes = Arrays.copyOf(routes, 2 * flow);
    }
    routes[flow] = route;
  }

  /** The links that a flow's acknowledgements cross. */
  int[] links(int flow) {
    return routes[flow].back();
  }

  /**
   * A flow starts or stops crossing one of its links.
   *
   * @param at the link's place among them
   * @return whether data may have another part of the link than before
   */
  boolean cross(int flow, int at, boolean starts) {
    int link = routes[flow].back()[at];
    crossing[link] += starts ? 1 : -1;
    full[link] += starts ? routes[flow].fills()[at] : -routes[flow].fills()[at];
    if (crossing[link] == 0) {
      full[link] = 0;
    }
    double now = crossing[link] == 0 ? 1 : 1 / (1 + bytes * Math.max(1, full[link]));
    boolean changes = Math.abs(now - room[link]) > NOISE;
    if (changes) {
      room[link] = now;
    }
    return changes;
  }

  /** No flow is active. */
  void clear() {
    Arrays.fill(crossing, 0);
    Arrays.fill(full, 0);
    Arrays.fill(room, 1);
  }

  /** What data may have of a link. */
  double room(int link) {
    return room[link];
  }
}
