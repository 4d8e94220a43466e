package weft.engine.flow;

import java.util.Arrays;

/**
 * Which flows use which links: for each flow the links of its paths, for each link the flows that
 * are active on it. A use is one flow on one link; both sides hold it by its number.
 */
final class Members {
  private static final int CHANGES = 64; // then rounding errors are forgotten
  private static final int[] NO_USES = {};

  // By flow.
  int flows;
  int[] first = new int[65]; // its uses; the next flow's begin where they end

  // By use.
  int[] link = new int[256];
  double[] part = new double[256]; // of the flow's rate that takes this link
  private int[] place = new int[256]; // in its link's list

  // By link.
  int links;
  double[] capacity = new double[16];
  int[] held = new int[16]; // flows that it holds back
  double[] load = new double[16];
  private int[] changes = new int[16]; // of its load since that was summed up
  int[][] active = new int[16][]; // its uses and the flow of each, alternately
  int[] count = new int[16];

  /** Adds a link; says its number. */
  int addLink(double itsCapacity) {
    if (links == capacity.length) {
      capacity = Arrays.copyOf(capacity, 2 * links);
      active = Arrays.copyOf(active, 2 * links);
      count = Arrays.copyOf(count, 2 * links);
      held = Arrays.copyOf(held, 2 * links);
      load = Arrays.copyOf(load, 2 * links);
      changes = Arrays.copyOf(changes, 2 * links);
    }
    capacity[links] = itsCapacity;
    active[links] = NO_USES;
    return links++;
  }

  /** Adds a flow over these links, inactive; says its number. */
  int add(Route route) {
    int[] over = route.links();
    int from = first[flows];
    int to = from + over.length;
    if (flows + 2 > first.length) {
      first = Arrays.copyOf(first, 2 * first.length);
    }
    if (to > link.length) {
      int size = Math.max(to, 2 * link.length);
      link = Arrays.copyOf(link, size);
      part = Arrays.copyOf(part, size);
      place = Arrays.copyOf(place, size);
    }
    for (int i = 0; i < over.length; i++) {
      link[from + i] = over[i];
      part[from + i] = route.parts()[i];
    }
    first[flows + 1] = to;
    return flows++;
  }

  /** Has a flow use its links. */
  void activate(int which) {
    for (int u = first[which]; u < first[which + 1]; u++) {
      int l = link[u];
      int at = 2 * count[l]++;
      if (at == active[l].length) {
        active[l] = Arrays.copyOf(active[l], Math.max(8, 2 * at));
      }
      place[u] = at;
      active[l][at] = u;
      active[l][at + 1] = which;
    }
  }

  /** Has a flow leave its links. */
  void deactivate(int which) {
    for (int u = first[which]; u < first[which + 1]; u++) {
      int[] uses = active[link[u]];
      int last = 2 * --count[link[u]];
      int at = place[u];
      uses[at] = uses[last];
      uses[at + 1] = uses[last + 1];
      place[uses[at]] = at;
    }
  }

  /** Has no flow use any link. */
  void clear() {
    Arrays.fill(count, 0, links, 0);
    Arrays.fill(held, 0, links, 0);
    Arrays.fill(load, 0, links, 0);
    Arrays.fill(changes, 0, links, 0);
  }

  /** A flow's rate has changed. */
  void change(int which, double by) {
    for (int u = first[which]; u < first[which + 1]; u++) {
      load[link[u]] += part[u] * by;
      changes[link[u]]++;
    }
  }

  /** Sums a link's load up where it has changed often. */
  void round(int which, double[] rates) {
    if (changes[which] < CHANGES) {
      return;
    }
    changes[which] = 0;
    double sum = 0;
    int[] uses = active[which];
    for (int i = 0; i < 2 * count[which]; i += 2) {
      sum += part[uses[i]] * rates[uses[i + 1]];
    }
    load[which] = sum;
  }
}
