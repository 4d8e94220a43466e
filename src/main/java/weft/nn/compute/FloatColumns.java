package weft.nn.compute;

import java.util.Arrays;

/**
 * The columns of a batch that are not zero in every row. An image's dark edge adds nothing to a
 * sum, and a batch of 64 handwritten digits leaves more than a third of the pixels dark: products
 * over the other columns alone are the same sums with fewer terms.
 */
final class FloatColumns {
  /** Above this share of columns in use, copying them costs more than the zeros do. */
  private static final double WORTH = 0.9;

  /** Zero columns between two others that are taken along rather than to copy two pieces. */
  private static final int GAP = 3;

  private final int width;
  private final float[] row;
  private final float[] sums;
  private final int[] starts;
  private final int[] ends;
  private int runs;
  private int count;

  FloatColumns(int width) {
    this.width = width;
    row = new float[width];
    sums = new float[width];
    starts = new int[width / 2 + 1];
    ends = new int[width / 2 + 1];
  }

  /**
   * Finds the columns in use.
   *
   * @return whether they are few enough for {@link #pack} to be worth while
   */
  boolean find(float[] matrix, int rows) {
    Arrays.fill(sums, 0);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(matrix, r * width, row, 0, width);
      for (int i = 0; i < width; i++) {
        sums[i] += Math.abs(row[i]);
      }
    }
    runs = 0;
    count = 0;
    for (int i = 0; i < width; i++) {
      if (sums[i] != 0) {
        int end = endOfRun(i);
        starts[runs] = i;
        ends[runs++] = end;
        count += end - i;
        i = end - 1;
      }
    }
    return count > 0 && count < WORTH * width;
  }

  private int endOfRun(int start) {
    int end = start + 1;
    for (int i = end; i < Math.min(width, end + GAP); i++) {
      if (sums[i] != 0) {
        end = i + 1;
      }
    }
    return end;
  }

  /** How many columns are in use. */
  int count() {
    return count;
  }

  /** Copies the columns in use of rows [first, end) of a matrix that begins at {@code offset}. */
  void pack(float[] from, int offset, int first, int end, float[] to) {
    for (int r = first; r < end; r++) {
      int at = r * count;
      for (int run = 0; run < runs; run++) {
        int length = ends[run] - starts[run];
        System.arraycopy(from, offset + r * width + starts[run], to, at, length);
        at += length;
      }
    }
  }

  /** The way back: columns not in use become 0, or stay if the others are added. */
  void unpack(float[] from, int rows, float keep, float[] to, int offset) {
    if (keep == 0) {
      Arrays.fill(to, offset, offset + rows * width, 0);
    }
    for (int r = 0; r < rows; r++) {
      int at = r * count;
      for (int run = 0; run < runs; run++) {
        int length = ends[run] - starts[run];
        int start = offset + r * width + starts[run];
        if (keep == 0) {
          System.arraycopy(from, at, to, start, length);
        } else {
          for (int i = 0; i < length; i++) {
            to[start + i] += from[at + i];
          }
        }
        at += length;
      }
    }
  }
}
