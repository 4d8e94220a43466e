package weft.nn.compute;

import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;

/** Products of matrices that lie row by row in flat arrays. */
public final class FloatMatrix {
  /** Products of fewer multiplications than this are done here: calling the library costs more. */
  private static final int SMALL = 512;

  private static final float[] ONES = new float[1024];

  static {
    Arrays.fill(ONES, 1);
  }

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

  /**
   * to[toOffset + i] = Σⱼ from[i][j] + keep·to[toOffset + i] over rows of {@code width} numbers
   * that begin at {@code offset}.
   */
  static void sumColumns(
      float[] from, int offset, int rows, int width, float keep, float[] to, int toOffset) {
    if ((long) rows * width < SMALL || width > ONES.length) {
      for (int r = 0; r < rows; r++) {
        float sum = FloatRows.sum(from, offset + r * width, width);
        to[toOffset + r] = keep == 0 ? sum : to[toOffset + r] + sum;
      }
      return;
    }
    Library.LOADED.sgemv(
        "T", width, rows, 1, from, offset, width, ONES, 0, 1, keep, to, toOffset, 1);
  }

  /** to[j] = Σᵢ from[i][j] + keep·to[j] over rows from {@code first} of {@code width} numbers. */
  public static void sumRows(
      float[] from, int first, int rows, int width, float keep, float[] to, int offset) {
    if ((long) rows * width < SMALL) {
      for (int i = 0; i < width; i++) {
        float sum = keep == 0 ? 0 : to[offset + i];
        for (int r = first; r < first + rows; r++) {
          sum += from[r * width + i];
        }
        to[offset + i] = sum;
      }
      return;
    }
    for (int at = 0; at < rows; at += ONES.length) {
      int count = Math.min(ONES.length, rows - at);
      int begin = (first + at) * width;
      float kept = at == 0 ? keep : 1;
      Library.LOADED.sgemv(
          "N", width, count, 1, from, begin, width, ONES, 0, 1, kept, to, offset, 1);
    }
  }
}
