package weft.engine.flow;

import java.util.Arrays;

/**
 * Which flows use which links: for each flow the links of its paths, of those that are always
 * equally full one for all ({@link Bundles}); for each link the flows that are active on it. A use
 * is one flow on one link; both sides hold it by its number.
 */
final class Members {
  private static final int CHANGES = 64; // then rounding errors are forgotten
  private static final int[] NO_USES = {};

  private final Bundles bundles;

  // By flow.
  int flows;
  private Route[] routes = new Route[64];
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
  private int[] latest = new int[16]; // use that was added for a flow with bundles
  int[][] active = new int[16][]; // its uses and the flow of each, alternately
  int[] count = new int[16];

  Members(Bundles bundles) {
    this.bundles = bundles;
  }

  /** Adds a link; says its number. */
  int addLink(double itsCapacity) {
    if (links == capacity.length) {
      capacity = Arrays.copyOf(capacity, 2 * links);
      active = Arrays.copyOf(active, 2 * links);
      count = Arrays.copyOf(count, 2 * links);
      held = Arrays.copyOf(held, 2 * links);
      load = Arrays.copyOf(load, 2 * links);
      changes = Arrays.copyOf(changes, 2 * links);
      latest = Arrays.copyOf(latest, 2 * links);
    }
    capacity[links] = itsCapacity;
    active[links] = NO_USES;
    return links++;
  }

  /** Adds a flow over these links, inactive; says its number. */
  int add(Route route) {
    if (flows + 2 > first.length) {
      first = Arrays.copyOf(first, 2 * first.length);
      routes = Arrays.copyOf(routes, first.length);
    }
    routes[flows] = route;
    addUses(flows);
    return flows++;
  }

  private void addUses(int which) {
    int from = first[which];
    int to = from;
    int[] over = routes[which].links();
    double[] parts = routes[which].parts();
    for (int i = 0; i < over.length; i++) {
      if (over[i] >= 0) {
        to = addUse(from, to, over[i], parts[i]);
      } else {
        for (int standing : bundles.standing(over[i])) {
          to = addUse(from, to, standing, parts[i]);
        }
      }
    }
    first[which + 1] = to;
  }

  /** A link that is in two of a flow's bundles is one use. */
  private int addUse(int from, int to, int over, double itsPart) {
    int before = latest[over];
    if (before >= from && before < to && link[before] == over) {
      part[before] += itsPart;
      return to;
    }
    if (to == link.length) {
      link = Arrays.copyOf(link, 2 * to);
      part = Arrays.copyOf(part, 2 * to);
      place = Arrays.copyOf(place, 2 * to);
    }
    link[to] = over;
    part[to] = itsPart;
    latest[over] = to;
    return to + 1;
  }

  /** Links have parted: looks anew for those that each flow uses, and has no flow use any. */
  void renew() {
    clear();
    for (int f = 0; f < flows; f++) {
      addUses(f);
    }
  }

  /** The links that stand for a flow's now. */
  int[] links(int flow) {
    return bundles.allStanding(routes[flow].links());
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
