package weft.engine.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;
import weft.engine.flow.SharesTest.Opened;
import weft.transport.Scheduling;

/** Rates of flows in traffic classes. */
class ClassSharesTest {
  private static final int CASES = 200;
  private static final Scheduling WEIGHTED = Scheduling.weighted("a", 3).and("b", 1).and("c", 2);

  private static ClassShares shares(Scheduling scheduling, double... capacity) {
    var bundles = new Bundles(capacity);
    var shares = new ClassShares(scheduling, new Answers(SharesTest.ANSWERS, bundles), bundles);
    Arrays.stream(capacity).forEach(shares::addLink);
    return shares;
  }

  private static double[] rates(Scheduling scheduling, double capacity, int... classes) {
    ClassShares shares = shares(scheduling, capacity);
    for (int inClass : classes) {
      shares.start(shares.add(Route.over(new int[] {0}, 0), 1, inClass));
    }
    shares.settle();
    return IntStream.range(0, classes.length).mapToDouble(shares::rate).toArray();
  }

  /** Three bytes to one and two, however many flows are in a class. */
  @Test
  void aLinkIsSharedByClassesFirstAndByTheirFlowsThen() {
    double[] rates = rates(WEIGHTED, 12, 0, 0, 0, 1, 2, 2);
    double[] expected = {2, 2, 2, 2, 2, 2};
    assertEquals(Arrays.toString(expected), Arrays.toString(rates));
  }

  @Test
  void whatAClassLeavesUnusedOthersGet() {
    assertEquals("[9.0, 3.0]", Arrays.toString(rates(WEIGHTED, 12, 0, 1)));
    assertEquals("[4.0, 4.0, 4.0]", Arrays.toString(rates(WEIGHTED, 12, 1, 2, 2)));
    assertEquals("[12.0]", Arrays.toString(rates(WEIGHTED, 12, 1)));
  }

  @Test
  void aStrictClassSendsWhenThoseBeforeItDoNot() {
    Scheduling strict = Scheduling.strict("high", "low");
    assertEquals("[6.0, 6.0, 0.0]", Arrays.toString(rates(strict, 12, 0, 0, 1)));
    ClassShares shares = shares(strict, 12, 5);
    int high = shares.add(Route.over(new int[] {0, 1}, 0), 1, 0);
    int low = shares.add(Route.over(new int[] {0}, 0), 1, 1);
    shares.start(high);
    shares.start(low);
    shares.settle();
    assertEquals(5, shares.rate(high), 1e-12);
    assertEquals(7, shares.rate(low), 1e-12); // what the other cannot use
    shares.stop(high);
    shares.settle();
    assertEquals(12, shares.rate(low), 1e-12);
  }

  /** One class after the other by the slow solver, each over what those before it leave. */
  @Test
  void strictRatesAreExactWhateverCameAndWent() {
    for (int seed = 1; seed <= CASES; seed++) {
      var random = new Well19937c(seed);
      double[] capacity = SharesTest.capacities(random);
      ClassShares shares = shares(Scheduling.strict("a", "b", "c"), capacity);
      List<Opened> flows = open(random, capacity.length, shares);
      boolean[] active = new boolean[flows.size()];
      for (int step = 0; step < 20; step++) {
        SharesTest.toggle(random, active, shares);
        SharesTest.change(random, capacity, shares);
        shares.settle();
        double[] expected = strictly(capacity, flows, active);
        for (int f = 0; f < active.length; f++) {
          assertEquals(expected[f], shares.rate(f), 1e-11, "seed %d step %d".formatted(seed, step));
        }
      }
    }
  }

  private static List<Opened> open(Well19937c random, int links, ClassShares shares) {
    List<Opened> flows = new ArrayList<>();
    for (int f = 0; f < 5 + random.nextInt(40); f++) {
      Opened flow = SharesTest.flow(random, links);
      flow = SharesTest.answered(random, links, flow);
      flows.add(flow);
      shares.add(flow.route(), flow.weight(), f % 3);
    }
    return flows;
  }

  private static double[] strictly(double[] capacity, List<Opened> flows, boolean[] active) {
    double[] left = SharesTest.room(capacity, flows, active);
    double[] rate = new double[flows.size()];
    for (int c = 0; c < 3; c++) {
      boolean[] its = new boolean[active.length];
      for (int f = c; f < its.length; f += 3) {
        its[f] = active[f];
      }
      double[] got = SharesTest.slowly(left, flows, its);
      for (int f = c; f < its.length; f += 3) {
        rate[f] = got[f];
        for (int l = 0; l < left.length; l++) {
          left[l] -= flows.get(f).use(l) * got[f];
          left[l] = left[l] < 1e-9 * capacity[l] ? 0 : left[l];
        }
      }
    }
    return rate;
  }

  /**
   * By the definition: each flow has a full link where nobody in its class has a higher level, and
   * its class no less for its weight than any other.
   */
  @Test
  void weightedRatesAreFairWhateverCameAndWent() {
    for (int seed = 1; seed <= CASES; seed++) {
      var random = new Well19937c(seed);
      double[] capacity = SharesTest.capacities(random);
      ClassShares shares = shares(WEIGHTED, capacity);
      List<Opened> flows = open(random, capacity.length, shares);
      boolean[] active = new boolean[flows.size()];
      for (int step = 0; step < 20; step++) {
        SharesTest.toggle(random, active, shares);
        SharesTest.change(random, capacity, shares);
        shares.settle();
        double[] room = SharesTest.room(capacity, flows, active);
        double[][] load = new double[capacity.length][4]; // by class, and their sum
        for (int f = 0; f < active.length; f++) {
          for (int l = 0; l < capacity.length; l++) {
            double use = active[f] ? flows.get(f).use(l) * shares.rate(f) : 0;
            load[l][f % 3] += use;
            load[l][3] += use;
          }
        }
        String when = "seed %d step %d".formatted(seed, step);
        for (int l = 0; l < capacity.length; l++) {
          assertTrue(load[l][3] <= room[l] * (1 + 1e-9) + 1e-9, when);
        }
        for (int f = 0; f < active.length; f++) {
          assertTrue(!active[f] || isHeldBack(f, room, flows, active, shares, load), when);
        }
      }
    }
  }

  private static boolean isHeldBack(
      int f,
      double[] capacity,
      List<Opened> flows,
      boolean[] active,
      ClassShares shares,
      double[][] load) {
    for (int l : flows.get(f).route().links()) {
      boolean isHeld = load[l][3] >= capacity[l] * (1 - 1e-9);
      double ofClass = load[l][f % 3] / WEIGHTED.weight(f % 3);
      for (int c = 0; c < 3; c++) {
        isHeld &= load[l][c] / WEIGHTED.weight(c) <= ofClass + 1e-7;
      }
      double level = shares.rate(f) / flows.get(f).weight();
      for (int g = f % 3; g < active.length; g += 3) {
        boolean shared = active[g] && flows.get(g).use(l) > 0;
        isHeld &= !shared || shares.rate(g) / flows.get(g).weight() <= level + 1e-7;
      }
      if (isHeld) {
        return true;
      }
    }
    return false;
  }
}
