package weft.collective;

import java.util.Arrays;
import org.apache.commons.math3.random.RandomGenerator;
import weft.sim.RandomStreams;

/**
 * What a collective makes of the ranks' arrays by definition, whatever its algorithm. Where an
 * array is shared out, rank r's part is elements {@code r·n/N} to before {@code (r+1)·n/N}.
 */
@FunctionalInterface
public interface Effect {
  /**
   * What a rank's array holds afterwards.
   *
   * @param before one array a rank, all equally long; not to be changed
   * @return an array as long, with NaN where anything may stand
   */
  double[] after(int rank, double[][] before);

  /** Nothing is promised. */
  static Effect unspecified() {
    return (rank, before) -> filled(before[0].length, Double.NaN);
  }

  /** Every rank has the sum of all arrays. */
  static Effect sum() {
    return (rank, before) -> sumOf(before);
  }

  /** One rank has the sum of all arrays. */
  static Effect sumAt(int root) {
    return (rank, before) -> rank == root ? sumOf(before) : filled(before[0].length, Double.NaN);
  }

  /** Every rank has one rank's array. */
  static Effect copyOf(int root) {
    return (rank, before) -> before[root].clone();
  }

  /** Every rank has each rank's own part. */
  static Effect gathered() {
    return (rank, before) -> {
      double[] all = new double[before[0].length];
      var parts = new Cut(0, all.length, before.length);
      for (int r = 0; r < before.length; r++) {
        System.arraycopy(before[r], parts.bound(r), all, parts.bound(r), parts.count(r, r + 1));
      }
      return all;
    };
  }

  /** Every rank has its own part of the sum of all arrays. */
  static Effect sumScattered() {
    return (rank, before) -> {
      double[] sum = sumOf(before);
      double[] own = filled(sum.length, Double.NaN);
      var parts = new Cut(0, sum.length, before.length);
      System.arraycopy(sum, parts.bound(rank), own, parts.bound(rank), parts.count(rank, rank + 1));
      return own;
    };
  }

  /**
   * Block s of rank r is what was block r of rank s. All blocks are equally long, n/N elements
   * rounded down, as in nccl-tests; the n mod N elements behind them stay.
   */
  static Effect transposed() {
    return (rank, before) -> {
      double[] own = before[rank].clone();
      int block = own.length / before.length;
      for (int s = 0; s < before.length; s++) {
        System.arraycopy(before[s], rank * block, own, s * block, block);
      }
      return own;
    };
  }

  /** Every rank has the array of the rank this far before it, round the ring of ranks. */
  static Effect shifted(int by) {
    return (rank, before) -> before[Math.floorMod(rank - by, before.length)].clone();
  }

  /**
   * Executes a schedule on random whole numbers, which add exactly, and compares.
   *
   * @throws IllegalStateException if it leaves anything else than this effect
   */
  default void check(Schedule schedule) {
    int n = schedule.elements();
    RandomGenerator random = new RandomStreams(n).named("arrays");
    double[][] arrays = new double[schedule.ranks()][n];
    double[][] before = new double[schedule.ranks()][];
    for (int rank = 0; rank < arrays.length; rank++) {
      for (int i = 0; i < n; i++) {
        arrays[rank][i] = random.nextInt(1 << 20);
      }
      before[rank] = arrays[rank].clone();
    }
    schedule.applyTo(arrays, 0);
    for (int rank = 0; rank < arrays.length; rank++) {
      double[] expected = after(rank, before);
      for (int i = 0; i < n; i++) {
        if (!Double.isNaN(expected[i]) && expected[i] != arrays[rank][i]) {
          throw new IllegalStateException(
              "%s on %d ranks is wrong: element %d of rank %d should be %.0f, but is %.0f"
                  .formatted(
                      schedule.name(), arrays.length, i, rank, expected[i], arrays[rank][i]));
        }
      }
    }
  }

  private static double[] sumOf(double[][] arrays) {
    double[] sum = new double[arrays[0].length];
    for (double[] array : arrays) {
      for (int i = 0; i < sum.length; i++) {
        sum[i] += array[i];
      }
    }
    return sum;
  }

  private static double[] filled(int length, double value) {
    double[] array = new double[length];
    Arrays.fill(array, value);
    return array;
  }
}
