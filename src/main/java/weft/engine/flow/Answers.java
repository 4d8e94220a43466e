package weft.engine.flow;

import java.util.Arrays;

/**
 * Room for acknowledgements. They are small and go first, so that they hold no flow back; but data
 * has only what they leave of a link. How much that is follows from which flows are active and not
 * from their rates, or each rate would depend on all others, for the sake of some hundredths of a
 * link: where any cross a link it keeps room for those of a full link the other way, or of more
 * than one where flows that cross it are few enough to fill more; as far as flows like these do not
 * have to share this link.
 */
final class Answers {
  private static final double NOISE = 1e-14; // of rounding

  private final double bytes;
  private final Bundles bundles;
  private int partings; // of bundles, that are taken note of
  private Route[] routes = new Route[64]; // by flow

  // By link.
  private int[] sending = new int[16]; // active flows
  private int[] crossing = new int[16]; // active flows whose acknowledgements do
  private double[] wanted = new double[16]; // links that those would fill if nobody else sent
  private double[] full = new double[16]; // and these, each elsewhere
  private double[] room = new double[16]; // for data, of its capacity

  private int[] changed = new int[16]; // links
  private int changedCount;

  /**
   * @param bytes of acknowledgements for one of data, at least 0
   */
  Answers(double bytes, Bundles bundles) {
    this.bytes = bytes;
    this.bundles = bundles;
    Arrays.fill(room, 1);
  }

  void addLink(int link) {
    if (link == room.length) {
      sending = Arrays.copyOf(sending, 2 * link);
      crossing = Arrays.copyOf(crossing, 2 * link);
      wanted = Arrays.copyOf(wanted, 2 * link);
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

  /**
   * A flow starts or stops.
   *
   * @return how many links data may have another part of than before: {@link #changed}
   */
  int turn(int flow, boolean starts) {
    changedCount = 0;
    Route route = routes[flow];
    if (bytes == 0) {
      return 0;
    }
    part();
    add(route.links(), route.parts(), route.fills(), starts, sending, wanted);
    add(route.back(), route.backParts(), route.fills(), starts, crossing, full);
    look(route.links());
    look(route.back());
    return changedCount;
  }

  /** Links that have parted had the same flows. */
  void part() {
    for (; partings < bundles.partings(); partings++) {
      int from = bundles.from(partings);
      int parted = bundles.parted(partings);
      sending[parted] = sending[from];
      crossing[parted] = crossing[from];
      wanted[parted] = wanted[from];
      full[parted] = full[from];
      room[parted] = room[from];
    }
  }

  private void add(
      int[] links, double[] parts, double fills, boolean starts, int[] count, double[] sum) {
    int more = starts ? 1 : -1;
    for (int i = 0; i < links.length; i++) {
      double by = more * parts[i] * fills;
      if (links[i] >= 0) {
        add(links[i], more, by, count, sum);
      } else {
        for (int link : bundles.standing(links[i])) {
          add(link, more, by, count, sum);
        }
      }
    }
  }

  private static void add(int link, int more, double by, int[] count, double[] sum) {
    count[link] += more;
    sum[link] = count[link] == 0 ? 0 : sum[link] + by;
  }

  private void look(int[] links) {
    for (int link : links) {
      if (link >= 0) {
        look(link);
      } else {
        for (int standing : bundles.standing(link)) {
          look(standing);
        }
      }
    }
  }

  private void look(int link) {
    double others = Math.max(1, full[link] / Math.max(1, wanted[link]));
    double now = crossing[link] == 0 ? 1 : 1 / (1 + bytes * others);
    if (Math.abs(now - room[link]) > NOISE) {
      room[link] = now;
      note(link);
    }
  }

  private void note(int link) {
    if (changedCount == changed.length) {
      changed = Arrays.copyOf(changed, 2 * changedCount);
    }
    changed[changedCount++] = link;
  }

  /** One of the links that the last {@link #turn} has changed. */
  int changed(int i) {
    return changed[i];
  }

  /** No flow is active. */
  void clear() {
    Arrays.fill(sending, 0);
    Arrays.fill(crossing, 0);
    Arrays.fill(wanted, 0);
    Arrays.fill(full, 0);
    Arrays.fill(room, 1);
  }

  /** What data may have of a link. */
  double room(int link) {
    return room[link];
  }
}
