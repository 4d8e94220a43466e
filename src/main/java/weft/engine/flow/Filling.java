package weft.engine.flow;

/**
 * Progressive filling: the levels of some flows rise together until a link is full or a cap is
 * reached, which fixes those concerned; the others rise on.
 */
final class Filling {
  private static final double NOISE = 1e-13; // of rounding, relative

  private final Shares shares;
  private final Members members;

  // By link.
  private double[] fullAt = {}; // the level at which it was full; infinite if it was not
  private double[] left = {}; // capacity that those fixed leave
  private double[] rising = {}; // weight, times parts, of those not fixed
  private int[] open = {}; // uses by those not fixed

  private boolean[] fixed = {}; // by flow

  // Links by the level at which they will be full; it may be too low, never too high.
  private int[] heap = {};
  private double[] key = {};
  private int size;

  private int rest; // flows that are not fixed

  Filling(Shares shares, Members members) {
    this.shares = shares;
    this.members = members;
  }

  /**
   * Fills these flows over these links, which are all of theirs.
   *
   * @param rates by flow of {@code flows}: its rate in the links' loads
   */
  void run(int[] flows, double[] rates, int flowCount, int[] links, int linkCount) {
    makeRoom();
    for (int i = 0; i < linkCount; i++) {
      int l = links[i];
      left[l] = members.capacity[l] - members.load[l];
      rising[l] = 0;
      open[l] = 0;
      fullAt[l] = Double.POSITIVE_INFINITY;
    }
    rest = 0;
    for (int i = 0; i < flowCount; i++) {
      if (shares.isActive(flows[i])) {
        rest++;
        lift(flows[i], rates[i]);
      }
    }
    size = 0;
    for (int i = 0; i < linkCount; i++) {
      if (open[links[i]] > 0) {
        heap[size] = links[i];
        key[size++] = level(links[i]);
      }
    }
    for (int i = (size - 2) >> 2; i >= 0; i--) {
      sink(i);
    }
    while (rest > 0) {
      fillFirst();
    }
    for (int i = 0; i < flowCount; i++) {
      fixed[flows[i]] = false;
    }
  }

  /**
   * The level at which a link was full, infinite if it was not; 0 if those who are not filled take
   * more than all of it.
   */
  double fullAt(int link) {
    return left[link] < -NOISE * members.capacity[link] ? 0 : fullAt[link];
  }

  private void lift(int flow, double rate) {
    double weight = shares.weight(flow);
    for (int u = members.first[flow]; u < members.first[flow + 1]; u++) {
      int l = members.link[u];
      left[l] += members.part[u] * rate;
      rising[l] += members.part[u] * weight;
      open[l]++;
    }
  }

  private void makeRoom() {
    if (fixed.length < members.flows) {
      fixed = new boolean[2 * members.flows];
    }
    if (left.length < members.links) {
      int links = 2 * members.links;
      fullAt = new double[links];
      left = new double[links];
      rising = new double[links];
      open = new int[links];
      heap = new int[links];
      key = new double[links];
    }
  }

  private double level(int link) {
    return members.capacity[link] == 0 ? 0 : Math.max(0, left[link]) / rising[link];
  }

  private void fillFirst() {
    int link = heap[0];
    if (open[link] == 0) {
      removeFirst();
      return;
    }
    double at = level(link);
    if (at > key[0]) {
      key[0] = at;
      sink(0);
    } else {
      removeFirst();
      fillUp(link, at);
    }
  }

  private void fillUp(int link, double at) {
    fullAt[link] = at;
    int[] active = members.active[link];
    for (int i = 1; i < 2 * members.count[link]; i += 2) {
      int f = active[i];
      if (!fixed[f] && shares.isInRegion(f)) {
        fix(f, at, link);
      }
    }
  }

  private void fix(int flow, double at, int link) {
    fixed[flow] = true;
    rest--;
    shares.hold(flow, at, link);
    double weight = shares.weight(flow);
    for (int u = members.first[flow]; u < members.first[flow + 1]; u++) {
      int l = members.link[u];
      double use = members.part[u] * weight;
      left[l] -= use * at;
      rising[l] -= use;
      open[l]--;
    }
  }

  private void removeFirst() {
    heap[0] = heap[--size];
    key[0] = key[size];
    if (size > 0) {
      sink(0);
    }
  }

  private void sink(int from) {
    int i = from;
    int link = heap[i];
    double its = key[i];
    int child;
    while ((child = 4 * i + 1) < size) {
      int end = Math.min(child + 4, size);
      int least = child;
      for (int c = child + 1; c < end; c++) {
        if (key[c] < key[least]) {
          least = c;
        }
      }
      if (its <= key[least]) {
        break;
      }
      heap[i] = heap[least];
      key[i] = key[least];
      i = least;
    }
    heap[i] = link;
    key[i] = its;
  }
}
