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
   * @param cuts where a run may begin or end: from 0 to the number of layers, rising
   * @throws IllegalArgumentException if there are fewer pieces between cuts than runs
   */
  static int[] bounds(List<Layer> layers, int[] cuts, int stages) {
    int n = cuts.length - 1;
    if (n < stages) {
      throw new IllegalArgumentException(
          "each stage of a pipeline has a layer at least%s, but %s cannot be dealt out to %s: use fewer stages"
              .formatted(
                  n < layers.size() ? ", or a pair that is cut over GPUs" : "",
                  n < layers.size() ? n + " of these" : Digits.counted(n, "layer"),
                  Digits.counted(stages, "stage")));
    }
    long[] before = new long[n + 1];
    for (int i = 0; i < n; i++) {
      var piece = layers.subList(cuts[i], cuts[i + 1]);
      before[i + 1] = before[i] + piece.stream().mapToLong(Layer::forwardFlops).sum();
    }
    int[] bounds = fullestSmallest(before, stages);
    return Arrays.stream(bounds).map(i -> cuts[i]).toArray();
  }

  /**
   * Likewise of pieces.
   *
   * @param before work of all pieces before each
   */
  private static int[] fullestSmallest(long[] before, int stages) {
    int n = before.length - 1;
    // most[s][i]: work of the fullest of s runs that the first i pieces are cut into
    long[][] most = new long[stages + 1][n + 1];
    int[][] start = new int[stages + 1][n + 1];
    for (long[] row : most) {
      Arrays.fill(row, Long.MAX_VALUE);
    }
    most[0][0] = 0;
    for (int s = 1; s <= stages; s++) {
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
