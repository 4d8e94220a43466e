package weft.nn.compute;

import java.util.Arrays;

/**
 * The columns of a batch by how many rows use them. An image's dark edge is 0 in every row, and
 * adds nothing to a sum; other pixels are lit in a few rows. In a batch of handwritten digits less
 * than half of the columns are used by more than a twelfth of the rows: these are packed for a
 * matrix product, and the rest is added number by number.
 */
final class FloatColumns {
  /** A column used by fewer rows than this share is added number by number. */
  private static final float RARE = 1f / 12;

  /** Above this share of columns to be packed, copying them costs more than it saves. */
  private static final double WORTH = 0.85;

  private final int width;
  private final int outs;
  private final float[] row;
  private final float[] uses;

  private final int[] starts;
  private final int[] ends;
  private int runs;
  private int count;

  /** The columns in rare use, and for each its weights and their gradient. */
  private final int[] rare;

  private final float[][] rareWeights;
  private final float[][] rareGradients;
  private int rareCount;

  /** By row, which of the rare columns it uses, {@link #width} places a row. */
  private final int[] entries;

  private final int[] entryCounts;
  private final float[][] sums;

  FloatColumns(int width, int outs, int rows, int lanes) {
    this.width = width;
    this.outs = outs;
    row = new float[width];
    uses = new float[width];
    starts = new int[width / 2 + 1];
    ends = new int[width / 2 + 1];
    rare = new int[width];
    rareWeights = new float[width][outs];
    rareGradients = new float[width][outs];
    entries = new int[Math.multiplyExact(rows, width)];
    entryCounts = new int[rows];
    sums = new float[lanes][outs];
  }

  /**
   * Sorts the columns of these rows.
   *
   * @return whether so few are to be packed that it is worth while
   */
  boolean find(float[] matrix, int rows) {
    Arrays.fill(uses, 0);
    for (int r = 0; r < rows; r++) {
      System.arraycopy(matrix, r * width, row, 0, width);
      for (int i = 0; i < width; i++) {
        // 1 where a number is not 0; arrays indexed alike are added eight numbers at once
        uses[i] += Math.min(1, Math.abs(row[i]) * Float.MAX_VALUE * Float.MAX_VALUE);
      }
    }
    runs = 0;
    count = 0;
    rareCount = 0;
    int begin = -1;
    for (int i = 0; i <= width; i++) {
      boolean packed = i < width && !(uses[i] < RARE * rows);
      if (packed && begin < 0) {
        begin = i;
      } else if (!packed && begin >= 0) {
        starts[runs] = begin;
        ends[runs++] = i;
        count += i - begin;
        begin = -1;
      }
      if (!packed && i < width && uses[i] > 0) {
        rare[rareCount++] = i;
      }
    }
    return count > 0 && count < WORTH * width;
  }

  /** How many columns are packed. */
  int count() {
    return count;
  }

  /** Copies the columns to be packed of rows [first, end) of a matrix that begins at an offset. */
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

  /** Takes over the weights of the rare columns, of neurons [first, end). */
  void takeWeights(float[] parameters, int offset, int first, int end) {
    for (int o = first; o < end; o++) {
      int at = offset + o * width;
      for (int k = 0; k < rareCount; k++) {
        rareWeights[k][o] = parameters[at + rare[k]];
      }
    }
  }

  /** to[r] = bias + Σ in[r][p]·weights[p] over the rare columns p, for rows [first, end). */
  void addRare(float[] in, int first, int end, float[] biases, int bias, float[] to, int lane) {
    float[] sum = sums[lane];
    for (int r = first; r < end; r++) {
      int used = listRare(in, r);
      System.arraycopy(biases, bias, sum, 0, outs);
      for (int e = r * width; e < r * width + used; e++) {
        addScaled(sum, in[r * width + rare[entries[e]]], rareWeights[entries[e]], 0, outs);
      }
      System.arraycopy(sum, 0, to, r * outs, outs);
    }
  }

  private int listRare(float[] in, int r) {
    int at = r * width;
    int used = 0;
    for (int k = 0; k < rareCount; k++) {
      entries[at + used] = k;
      used += in[at + rare[k]] != 0 ? 1 : 0;
    }
    entryCounts[r] = used;
    return used;
  }

  /**
   * The gradients of the rare columns' weights to neurons [first, end): Σᵣ in[r][p]·delta[r], rows
   * as in the forward pass.
   */
  void rareGradients(float[] in, float[] delta, int rows, int first, int end, int lane) {
    for (int k = 0; k < rareCount; k++) {
      Arrays.fill(rareGradients[k], first, end, 0);
    }
    float[] slope = sums[lane];
    for (int r = 0; r < rows; r++) {
      if (entryCounts[r] > 0) {
        System.arraycopy(delta, r * outs + first, slope, first, end - first);
      }
      for (int e = r * width; e < r * width + entryCounts[r]; e++) {
        float factor = in[r * width + rare[entries[e]]];
        addScaled(rareGradients[entries[e]], factor, slope, first, end);
      }
    }
  }

  private static void addScaled(float[] to, float factor, float[] from, int first, int end) {
    for (int i = first; i < end; i++) {
      to[i] += factor * from[i];
    }
  }

  /**
   * Writes the gradients of neurons [first, end) where they belong.
   *
   * @param packed those of the packed columns, a row a neuron
   * @param keep 0 to overwrite, 1 to add
   */
  void unpack(float[] packed, int first, int end, float keep, float[] to, int offset) {
    if (keep == 0) {
      Arrays.fill(to, offset + first * width, offset + end * width, 0);
    }
    for (int o = first; o < end; o++) {
      int row = offset + o * width;
      int at = o * count;
      for (int run = 0; run < runs; run++) {
        for (int i = starts[run]; i < ends[run]; i++) {
          to[row + i] += packed[at++];
        }
      }
      for (int k = 0; k < rareCount; k++) {
        to[row + rare[k]] += rareGradients[k][o];
      }
    }
  }
}
