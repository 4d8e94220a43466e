package weft.nn;

import java.util.Arrays;
import java.util.List;
import weft.report.Digits;

/** Cuts layers into runs, the one with the most work having as little as can be. */
final class StageCut {
  private StageCut() {}

  /**
   * The first layer of each run, and after the last how many layers there are.
   *
   * @throws IllegalArgumentException if there are fewer layers than runs
   */
  static int[] bounds(List<Layer> layers, int stages) {
    if (layers.size() < stages) {
      throw new IllegalArgumentException(
          "each stage of a pipeline has a layer at least, but %s cannot be dealt out to %s: use fewer stages"
              .formatted(Digits.counted(layers.size(), "layer"), Digits.counted(stages, "stage")));
    }
    int n = layers.size();
    long[] before = new long[n + 1];
    for (int i = 0; i < n; i++) {
      before[i + 1] = before[i] + layers.get(i).forwardFlops();
    }
    // most[s][i]: work of the fullest of s runs that the first i layers are cut into
    long[][] most = new long[stages + 1][n + 1];
    int[][] start = new int[stages + 1][n + 1];
    Arrays.fill(most[0], Long.MAX_VALUE);
    most[0][0] = 0;
    for (int s = 1; s <= stages; s++) {
      Arrays.fill(most[s], Long.MAX_VALUE);
      for (int i = s; i <= n; i++) {
        for (int from = s - 1; from < i; from++) {
          long fullest = Math.max(most[s - 1][from], before[i] - before[from]);
          if (fullest < most[s][i]) {
            most[s][i] = fullest;
            start[s][i] = from;
          }
        }
      }
    }
    int[] bounds = new int[stages + 1];
    bounds[stages] = n;
    for (int s = stages; s > 0; s--) {
      bounds[s - 1] = start[s][bounds[s]];
    }
    return bounds;
  }
}
