package weft.engine.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;
import weft.transport.Scheduling;

/** Bundles of links against the same links one by one. */
class BundlesTest {
  private static final int CASES = 200;

  /** The same flows over bundles, and over all links of them. */
  private static final class Twice {
    private final Well19937c random;
    private final double[] capacity;
    private final Bundles bundles;
    private final Allocation bundled;
    private final Allocation plain;
    private final List<int[]> sets = new ArrayList<>();
    private final List<Boolean> active = new ArrayList<>();

    Twice(Well19937c random, Function<Bundles, Allocation> made) {
      this.random = random;
      int groups = 2 + random.nextInt(5);
      int each = 1 + random.nextInt(6);
      capacity = new double[groups * each];
      for (int l = 0; l < capacity.length; l++) {
        capacity[l] = l % each > 0 ? capacity[l - 1] : 1 + random.nextInt(3);
      }
      bundles = new Bundles(capacity);
      bundled = made.apply(bundles);
      plain = made.apply(new Bundles(capacity));
      for (double itsCapacity : capacity) {
        bundled.addLink(itsCapacity);
        plain.addLink(itsCapacity);
      }
      for (int g = 0; g < groups; g++) {
        int first = g * each;
        addSet(IntStream.range(first, first + each).toArray());
      }
    }

    private void addSet(int[] set) {
      sets.add(set);
      assertEquals(-sets.size(), bundles.add(set));
    }

    /** Some links of anywhere. */
    private int[] any() {
      int[] some =
          IntStream.range(0, capacity.length).filter(l -> random.nextInt(4) == 0).toArray();
      return some.length > 0 ? some : new int[] {random.nextInt(capacity.length)};
    }

    /** Links and bundles with their parts, and the same one by one. */
    private final class Ends {
      private int[] links = {};
      private double[] parts = {};
      private final double[] sum = new double[capacity.length];

      void add(int link, double part, int... all) {
        links = Arrays.copyOf(links, links.length + 1);
        parts = Arrays.copyOf(parts, links.length);
        links[links.length - 1] = link;
        parts[links.length - 1] = part;
        for (int l : all) {
          sum[l] += part;
        }
      }

      void draw(int most) {
        for (int n = random.nextInt(most); n >= 0; n--) {
          int set = random.nextInt(sets.size());
          int[] all = sets.get(set);
          if (IntStream.of(links).noneMatch(l -> l == -1 - set)) {
            add(-1 - set, (random.nextInt(3) == 0 ? 0.9 : 1.0) / all.length, all);
          }
        }
        int alone = random.nextInt(capacity.length);
        if (random.nextInt(8) == 0) {
          add(alone, 1, alone);
        }
      }

      int[] used() {
        return IntStream.range(0, sum.length).filter(l -> sum[l] > 0).toArray();
      }

      double[] usedParts() {
        return Arrays.stream(sum).filter(p -> p > 0).toArray();
      }
    }

    void open() {
      if (random.nextInt(10) == 0) {
        addSet(any());
      }
      var there = new Ends();
      there.draw(3);
      var back = new Ends();
      if (random.nextBoolean()) {
        back.draw(2);
      }
      double weight = random.nextInt(3) == 0 ? 1 + random.nextInt(5) : 1;
      int inClass = random.nextInt(2);
      double fills = random.nextInt(3) / 2.0;
      var route = new Route(there.links, there.parts, back.links, back.parts, fills, 0);
      bundles.take(route);
      bundled.add(route, weight, inClass);
      var whole =
          new Route(there.used(), there.usedParts(), back.used(), back.usedParts(), fills, 0);
      plain.add(whole, weight, inClass);
      active.add(false);
    }

    void toggle() {
      int odds = 1 + random.nextInt(4);
      for (int f = 0; f < active.size(); f++) {
        if (random.nextInt(odds) == 0) {
          active.set(f, !active.get(f));
          for (Allocation each : List.of(bundled, plain)) {
            if (active.get(f)) {
              each.start(f);
            } else {
              each.stop(f);
            }
          }
        }
      }
    }

    /** A link is slow, dead or well again. */
    void change() {
      int link = random.nextInt(capacity.length);
      double now = random.nextInt(3) * 0.5 * capacity[link];
      bundles.capacity(link, now);
      bundled.capacity(link, now);
      plain.capacity(link, now);
    }

    void compare(String when) {
      bundled.settle();
      plain.settle();
      for (int f = 0; f < active.size(); f++) {
        double expected = plain.rate(f);
        assertEquals(expected, bundled.rate(f), 1e-12 * Math.max(1, expected), when);
      }
    }
  }

  private static void compare(Function<Bundles, Allocation> made) {
    for (int seed = 1; seed <= CASES; seed++) {
      var twice = new Twice(new Well19937c(seed), made);
      for (int step = 0; step < 40; step++) {
        for (int opened = twice.random.nextInt(5); opened > 0; opened--) {
          twice.open();
        }
        if (twice.random.nextInt(8) == 0) {
          twice.change();
        }
        twice.toggle();
        twice.compare("seed %d step %d".formatted(seed, step));
      }
    }
  }

  @Test
  void bundlesGiveTheRatesOfTheirLinksWhateverPartsThem() {
    compare(
        bundles -> new Shares(Memory.ofSets(), new Answers(SharesTest.ANSWERS, bundles), bundles));
  }

  @Test
  void bundlesGiveTheRatesOfTheirLinksInStrictClassesToo() {
    compare(
        bundles ->
            new ClassShares(
                Scheduling.strict("a", "b"), new Answers(SharesTest.ANSWERS, bundles), bundles));
  }

  @Test
  void linksAreAlikeUntilASetHoldsOnlySomeOrOneCarriesAnotherRate() {
    var bundles = new Bundles(new double[] {4, 4, 4, 4, 4, 4});
    assertEquals(-1, bundles.add(new int[] {0, 1, 2, 3, 4}));
    assertArrayEquals(new int[] {0}, bundles.standing(-1));
    assertEquals(-2, bundles.add(new int[] {3, 4, 5}));
    assertArrayEquals(new int[] {0, 3}, bundles.standing(-1));
    assertArrayEquals(new int[] {3, 5}, bundles.standing(-2));
    bundles.capacity(0, 2);
    assertArrayEquals(new int[] {0, 1, 3}, bundles.standing(-1));
    assertArrayEquals(new int[] {3, 5}, bundles.standing(-2));
    assertEquals(2, bundles.partings());
    assertThrows(IllegalArgumentException.class, () -> bundles.add(new int[] {1, 1}));
    assertThrows(IllegalArgumentException.class, () -> bundles.add(new int[] {6}));
  }
}
