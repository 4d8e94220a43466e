package weft.nn;

import java.util.Arrays;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.util.MathArrays;
import weft.report.Digits;
import weft.sim.RandomStreams;

/** Draws the rows that are set aside, as large a share of each class as of the whole. */
final class HoldOut {
  private HoldOut() {}

  /** The rows set aside, ascending. */
  static int[] rows(Dataset data, double share, long seed) {
    if (!(share > 0 && share < 1)) {
      throw new IllegalArgumentException(
          "the share to hold out is above 0 and below 1, got %s: write for example holdOut(0.2, 1)"
              .formatted(share));
    }
    int wanted = (int) Math.round(share * data.size());
    if (wanted == 0 || wanted == data.size()) {
      throw new IllegalArgumentException(
          "holdOut(%s, seed) of %s leaves %s: give another share"
              .formatted(
                  share,
                  Digits.counted(data.size(), "row"),
                  wanted == 0 ? "no row to judge by" : "no row to learn from"));
    }
    int[] shuffled = MathArrays.natural(data.size());
    RandomGenerator draw = new RandomStreams(seed).named("hold out");
    MathArrays.shuffle(shuffled, draw);
    int groups = data.hasClasses() && data.positions() == 1 ? data.classes() : 1;
    int[] quota = quotas(data, groups, share, wanted);
    int[] held = new int[wanted];
    int count = 0;
    for (int row : shuffled) {
      int group = groups > 1 ? data.label(row) : 0;
      if (quota[group] > 0) {
        quota[group]--;
        held[count++] = row;
      }
    }
    Arrays.sort(held);
    return held;
  }

  /** How many rows of each class: shares rounded down, then one more where most was cut off. */
  private static int[] quotas(Dataset data, int groups, double share, int wanted) {
    int[] sizes = new int[groups];
    for (int row = 0; row < data.size(); row++) {
      sizes[groups > 1 ? data.label(row) : 0]++;
    }
    int[] quota = new int[groups];
    int left = wanted;
    for (int g = 0; g < groups; g++) {
      quota[g] = (int) (share * sizes[g]);
      left -= quota[g];
    }
    for (; left > 0; left--) {
      int most = 0;
      for (int g = 1; g < groups; g++) {
        if (share * sizes[g] - quota[g] > share * sizes[most] - quota[most]) {
          most = g;
        }
      }
      quota[most]++;
    }
    return quota;
  }
}
