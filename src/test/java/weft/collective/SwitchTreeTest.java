package weft.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static weft.units.Units.bytes;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;
import weft.nn.Precision;

/** A tree of switches adds what one switch would. */
class SwitchTreeTest {
  private static final List<AllReduce> ALL =
      List.of(
          AllReduce.inNetwork(),
          AllReduce.nvls(),
          AllReduce.inNetwork().chunked(bytes(28)),
          AllReduce.nvls().chunked(bytes(28)).channels(2));

  /** Switch s is under one of higher number, at random; ranks are anywhere. */
  private static SwitchTree randomTree(Well19937c random, int ranks) {
    int[] parent = new int[1 + random.nextInt(6)];
    Arrays.setAll(
        parent, s -> s == parent.length - 1 ? -1 : s + 1 + random.nextInt(parent.length - 1 - s));
    int[] ofRank = new int[ranks];
    Arrays.setAll(ofRank, r -> random.nextInt(parent.length));
    return new SwitchTree(ofRank, parent);
  }

  @Test
  void everyRankGetsTheExactSumThroughAnyTree() {
    for (int seed = 1; seed <= 200; seed++) {
      var random = new Well19937c(seed);
      int ranks = 2 + random.nextInt(20);
      int elements = 1 + random.nextInt(50);
      SwitchTree tree = randomTree(random, ranks);
      for (AllReduce each : ALL) {
        float[][] arrays = new float[ranks][elements];
        float[] sum = new float[elements];
        for (float[] array : arrays) {
          for (int i = 0; i < elements; i++) {
            array[i] = random.nextInt(1000);
            sum[i] += array[i];
          }
        }
        tree.unfold(each.schedule(ranks, elements)).applyTo(arrays, 0);
        for (float[] array : arrays) {
          assertEquals(
              Arrays.toString(sum),
              Arrays.toString(array),
              each + " through " + tree + ", seed " + seed);
        }
      }
    }
  }

  /** A leaf of m ranks sends one sum up, not m. */
  @Test
  void eachSwitchHandsOneSumOn() {
    var tree = new SwitchTree(new int[] {0, 0, 0, 1, 1, 1}, new int[] {2, 2, -1});
    Schedule made = tree.unfold(AllReduce.inNetwork().schedule(6, 10));
    assertEquals(2 * (6 + 2), made.size());
    assertEquals(10 + 3 * 10, made.sent(6)); // up, and down to each
    assertEquals(4, made.steps());
  }

  /**
   * Leaves add what lies below them, in float32, where 1e8 + 1 is 1e8; the root adds their sums.
   */
  @Test
  void gradientsAreRoundedSwitchBySwitch() {
    var exchange = GradientExchange.whole(AllReduce.inNetwork()).plan(4, 1, Precision.FLOAT32);
    var two = new SwitchTree(new int[] {0, 0, 1, 1}, new int[] {2, 2, -1});
    var one = new SwitchTree(new int[] {0, 0, 0, 0}, new int[] {-1});
    assertEquals(1, sum(exchange.inside(one), 1e8f, 1, -1e8f, 1)); // ((1e8 + 1) - 1e8) + 1
    assertEquals(0, sum(exchange.inside(two), 1e8f, 1, -1e8f, 1)); // (1e8 + 1) + (-1e8 + 1)
  }

  /** The same on all ranks, somewhere in a longer gradient. */
  private static float sum(BucketExchange exchange, float... numbers) {
    float[][] gradients = new float[numbers.length][];
    Arrays.setAll(gradients, rank -> new float[] {7, 7, numbers[rank], 7});
    exchange.floats().apply(gradients, 2);
    for (float[] gradient : gradients) {
      assertArrayEquals(new float[] {7, 7, gradients[0][2], 7}, gradient);
    }
    return gradients[0][2];
  }

  @Test
  void whatIsNoTreeIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> new SwitchTree(new int[] {0}, new int[] {1, 0, -1}));
    assertThrows(
        IllegalArgumentException.class, () -> new SwitchTree(new int[] {1}, new int[] {-1}));
  }
}
