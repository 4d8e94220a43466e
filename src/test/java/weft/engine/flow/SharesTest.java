package weft.engine.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;

/** Rates of flows that come and go, against a slow solver that starts from nothing each time. */
class SharesTest {
  private static final int CASES = 300;

  /** What a flow was opened with. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Opened(int[] links, double[] parts, double weight) {}

  /**
   * The definition, step by step: all levels rise together, and each flow stops at the first of its
   * links to be full.
   */
  static double[] slowly(double[] capacity, List<Opened> flows, boolean[] active) {
    int n = flows.size();
    double[] level = new double[n];
    boolean[] fixed = new boolean[n];
    for (int left = count(active); left > 0; ) {
      int first = -1;
      double least = Double.POSITIVE_INFINITY;
      for (int l = 0; l < capacity.length; l++) {
        double free = capacity[l];
        double rising = 0;
        for (int f = 0; f < n; f++) {
          double use = active[f] ? use(flows.get(f), l) * flows.get(f).weight : 0;
          free -= fixed[f] ? use * level[f] : 0;
          rising += fixed[f] ? 0 : use;
        }
        if (rising > 0 && free / rising < least) {
          least = free / rising;
          first = l;
        }
      }
      for (int f = 0; f < n; f++) {
        if (active[f] && !fixed[f] && use(flows.get(f), first) > 0) {
          level[f] = least;
          fixed[f] = true;
          left--;
        }
      }
    }
    for (int f = 0; f < n; f++) {
      level[f] *= flows.get(f).weight;
    }
    return level;
  }

  private static int count(boolean[] active) {
    int count = 0;
    for (boolean a : active) {
      count += a ? 1 : 0;
    }
    return count;
  }

  static double use(Opened flow, int link) {
    for (int i = 0; i < flow.links.length; i++) {
      if (flow.links[i] == link) {
        return flow.parts[i];
      }
    }
    return 0;
  }

  @Test
  void ratesAreExactWhateverCameAndWent() {
    for (int seed = 1; seed <= CASES; seed++) {
      var random = new Well19937c(seed);
      double[] capacity = capacities(random);
      var shares = new Shares(Memory.ofSets());
      Arrays.stream(capacity).forEach(shares::addLink);
      List<Opened> flows = new ArrayList<>();
      for (int f = 0; f < 5 + random.nextInt(60); f++) {
        Opened flow = flow(random, capacity.length);
        flows.add(flow);
        shares.add(flow.links, flow.parts, flow.weight, 0);
      }
      boolean[] active = new boolean[flows.size()];
      for (int step = 0; step < 30; step++) {
        toggle(random, active, shares);
        change(random, capacity, shares);
        shares.settle();
        double[] expected = slowly(capacity, flows, active);
        for (int f = 0; f < active.length; f++) {
          double rate = shares.rate(f);
          assertEquals(
              expected[f], rate, 1e-12 * expected[f], "seed %d step %d".formatted(seed, step));
        }
      }
    }
  }

  /** Now and then a link carries another rate, or nothing, or again what it carried. */
  static void change(RandomGenerator random, double[] capacity, Allocation shares) {
    while (random.nextInt(3) == 0) {
      int link = random.nextInt(capacity.length);
      capacity[link] = random.nextInt(4) * (1 + random.nextInt(3));
      shares.capacity(link, capacity[link]);
    }
  }

  /** Round capacities, so that many links are full at the same level, and odd ones. */
  static double[] capacities(RandomGenerator random) {
    double[] capacity = new double[2 + random.nextInt(20)];
    boolean round = random.nextBoolean();
    for (int l = 0; l < capacity.length; l++) {
      capacity[l] = round ? 1 + random.nextInt(3) : 0.1 + 10 * random.nextDouble();
    }
    return capacity;
  }

  static Opened flow(RandomGenerator random, int links) {
    int[] over =
        IntStream.generate(() -> random.nextInt(links))
            .limit(1 + random.nextInt(4))
            .distinct()
            .sorted()
            .toArray();
    double[] parts = new double[over.length];
    boolean whole = random.nextBoolean();
    for (int i = 0; i < parts.length; i++) {
      parts[i] = whole ? 1 : 1.0 / (1 + random.nextInt(4));
    }
    return new Opened(over, parts, random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1);
  }

  /** One flow, a few, or nearly all; now and then all, so that sets come back. */
  static void toggle(RandomGenerator random, boolean[] active, Allocation shares) {
    int kind = random.nextInt(4);
    boolean wanted = random.nextBoolean();
    for (int f = 0; f < active.length; f++) {
      boolean now =
          switch (kind) {
            case 0 -> random.nextInt(active.length) == 0 ? !active[f] : active[f];
            case 1 -> random.nextInt(5) == 0 ? !active[f] : active[f];
            case 2 -> wanted;
            default -> f % 2 == 0;
          };
      if (now != active[f]) {
        active[f] = now;
        if (now) {
          shares.start(f);
        } else {
          shares.stop(f);
        }
      }
    }
  }
}
