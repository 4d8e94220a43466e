package weft.nn.compute;

import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;

/** Products of matrices that lie row by row in flat arrays. */
public final class FloatMatrix {
  /** Products of fewer multiplications than this are done here: calling the library costs more. */
  private static final int SMALL = 512;

  /** At least as many as ever rows were summed; a longer array takes its place. */
  private static volatile float[] ones = {1};

  private FloatMatrix() {}

  /**
   * c = a·b + keep·c, with a of m rows and k columns, b of k rows and n columns.
   *
   * @param transposeA whether {@code a} lies as k rows of m
   * @param aStride from one row of {@code a}, as it lies, to the next
   * @param transposeB whether {@code b} lies as n rows of k
   * @param keep 0 to overwrite {@code c}, 1 to add to it
   */
  public static void multiply(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      int bStride,
      float keep,
      float[] c,
      int cOffset,
      int cStride) {
    if ((long) m * n * k < SMALL) {
      small(
          transposeA,
          transposeB,
          m,
          n,
          k,
          a,
          aOffset,
          aStride,
          b,
          bOffset,
          bStride,
          keep,
          c,
          cOffset,
          cStride);
      return;
    }
    // BLAS counts by columns: what it takes for c transposed is c as it lies here
    Library.LOADED.sgemm(
        transposeB ? "T" : "N",
        transposeA ? "T" : "N",
        n,
        m,
        k,
        1,
        b,
        bOffset,
        bStride,
        a,
        aOffset,
        aStride,
        keep,
        c,
        cOffset,
        cStride);
  }

  /** Loads the library only when a product is large enough to need it. */
  private static final class Library {
    static final BLAS LOADED = Blas.loaded().library();
  }

  private static void small(
      boolean transposeA,
      boolean transposeB,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aStride,
      float[] b,
      int bOffset,
      int bStride,
      float keep,
      float[] c,
      int cOffset,
      int cStride) {
    int aRow = transposeA ? 1 : aStride;
    int aColumn = transposeA ? aStride : 1;
    int bRow = transposeB ? 1 : bStride;
    int bColumn = transposeB ? bStride : 1;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        float sum = 0;
        for (int p = 0; p < k; p++) {
          sum += a[aOffset + i * aRow + p * aColumn] * b[bOffset + p * bRow + j * bColumn];
        }
        int at = cOffset + i * cStride + j;
        c[at] = keep == 0 ? sum : keep * c[at] + sum;
      }
    }
  }

  /** to[j] = Σᵢ from[i][j] + keep·to[j] over rows from {@code first} of {@code width} numbers. */
  public static void sumRows(
      float[] from, int first, int rows, int width, float keep, float[] to, int offset) {
    if ((long) rows * width >= SMALL) {
      Library.LOADED.sgemv(
          "N", width, rows, 1, from, first * width, width, ones(rows), 0, 1, keep, to, offset, 1);
      return;
    }
    if (keep == 0) {
      Arrays.fill(to, offset, offset + width, 0);
    }
    for (int r = first; r < first + rows; r++) {
      int at = r * width;
      for (int i = 0; i < width; i++) {
        to[offset + i] += from[at + i];
      }
    }
  }

  private static float[] ones(int count) {
    float[] known = ones;
    if (known.length < count) {
      known = new float[Math.max(count, 2 * known.length)];
      Arrays.fill(known, 1);
      ones = known;
    }
    return known;
  }
}
