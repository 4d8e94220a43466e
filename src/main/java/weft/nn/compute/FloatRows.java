package weft.nn.compute;

/**
 * Sums over a row, with eight running sums in a fixed order: a sum of one would wait for each
 * addition to finish.
 */
final class FloatRows {
  private FloatRows() {}

  static float sum(float[] x, int from, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    float e = 0;
    float f = 0;
    float g = 0;
    float h = 0;
    int end = from + count;
    int i = from;
    for (; i + 8 <= end; i += 8) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
      e += x[i + 4];
      f += x[i + 5];
      g += x[i + 6];
      h += x[i + 7];
    }
    float sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
    for (; i < end; i++) {
      sum += x[i];
    }
    return sum;
  }

  /** Σ x[i]·y[i] over the same places of both. */
  static float dot(float[] x, float[] y, int from, int count) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    int end = from + count;
    int i = from;
    for (; i + 4 <= end; i += 4) {
      a += x[i] * y[i];
      b += x[i + 1] * y[i + 1];
      c += x[i + 2] * y[i + 2];
      d += x[i + 3] * y[i + 3];
    }
    float sum = (a + b) + (c + d);
    for (; i < end; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  static float max(float[] x, int from, int count) {
    float top = x[from];
    for (int i = from + 1; i < from + count; i++) {
      float each = x[i];
      // as Math.max, which waits longer; a number that is none stays to be seen in the sum
      if (each > top) {
        top = each;
      }
    }
    return top;
  }
}
