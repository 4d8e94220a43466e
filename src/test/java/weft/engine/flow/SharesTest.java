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
  static final double ANSWERS = 0.25; // bytes for one of data: more than any transport's

  /** What a flow was opened with. */
  record Opened(Route route, double weight) {
    double use(int link) {
      return part(route.links(), route.parts(), link);
    }

    double fills(int link) {
      return route.fills() * use(link);
    }

    double fillsElsewhere(int link) {
      return route.fills() * part(route.back(), route.backParts(), link);
    }

    boolean answersOver(int link) {
      return Arrays.stream(route.back()).anyMatch(l -> l == link);
    }

    private static double part(int[] links, double[] parts, int link) {
      int at = Arrays.stream(links).boxed().toList().indexOf(link);
      return at < 0 ? 0 : parts[at];
    }
  }

  /** What data has of links that acknowledgements of active flows cross. */
  static double[] room(double[] capacity, List<Opened> flows, boolean[] active) {
    double[] room = capacity.clone();
    for (int l = 0; l < capacity.length; l++) {
      boolean any = false;
      double wanted = 0;
      double full = 0;
      for (int f = 0; f < active.length; f++) {
        any |= active[f] && flows.get(f).answersOver(l);
        wanted += active[f] ? flows.get(f).fills(l) : 0;
        full += active[f] ? flows.get(f).fillsElsewhere(l) : 0;
      }
      room[l] /= any ? 1 + ANSWERS * Math.max(1, full / Math.max(1, wanted)) : 1;
    }
    return room;
  }

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
          double use = active[f] ? flows.get(f).use(l) * flows.get(f).weight : 0;
          free -= fixed[f] ? use * level[f] : 0;
          rising += fixed[f] ? 0 : use;
        }
        if (rising > 0 && free / rising < least) {
          least = free / rising;
          first = l;
        }
      }
      for (int f = 0; f < n; f++) {
        if (active[f] && !fixed[f] && flows.get(f).use(first) > 0) {
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

  @Test
  void ratesAreExactWhateverCameAndWent() {
    for (int seed = 1; seed <= CASES; seed++) {
      var random = new Well19937c(seed);
      double[] capacity = capacities(random);
      var bundles = new Bundles(capacity);
      var shares = new Shares(Memory.ofSets(), new Answers(ANSWERS, bundles), bundles);
      Arrays.stream(capacity).forEach(shares::addLink);
      List<Opened> flows = new ArrayList<>();
      for (int f = 0; f < 5 + random.nextInt(60); f++) {
        Opened flow = answered(random, capacity.length, flow(random, capacity.length));
        flows.add(flow);
        shares.add(flow.route, flow.weight, 0);
      }
      boolean[] active = new boolean[flows.size()];
      for (int step = 0; step < 30; step++) {
        toggle(random, active, shares);
        change(random, capacity, shares);
        shares.settle();
        double[] expected = slowly(room(capacity, flows, active), flows, active);
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
    var route = new Route(over, parts, new int[0], new double[0], 1, 0);
    return new Opened(route, random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1);
  }

  /** A flow with acknowledgements over some links, or none. */
  static Opened answered(RandomGenerator random, int links, Opened flow) {
    int[] back =
        IntStream.generate(() -> random.nextInt(links))
            .limit(random.nextInt(4))
            .distinct()
            .toArray();
    double[] parts = new double[back.length];
    Arrays.fill(parts, random.nextBoolean() ? 1 : 0.5);
    double fills = random.nextInt(3) / 2.0;
    Route route = flow.route;
    return new Opened(new Route(route.links(), route.parts(), back, parts, fills, 0), flow.weight);
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
