package weft.nn.compute;

/**
 * Sums over ranges of arrays, always in the same order: four interleaved ones in double precision,
 * which the processor adds up side by side.
 */
final class FloatSums {
  private FloatSums() {}

  /** Σ x[i]. */
  static double sum(float[] x, int at, int count) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = at;
    for (; i < at + count - 3; i += 4) {
      a += x[i];
      b += x[i + 1];
      c += x[i + 2];
      d += x[i + 3];
    }
    for (; i < at + count; i++) {
      a += x[i];
    }
    return a + b + (c + d);
  }

  /** Σ (x[i] - mean)². */
  static double squares(float[] x, int at, int count, double mean) {
    double a = 0;
    double b = 0;
    int i = at;
    for (; i < at + count - 1; i += 2) {
      double first = x[i] - mean;
      double second = x[i + 1] - mean;
      a += first * first;
      b += second * second;
    }
    if (i < at + count) {
      double last = x[i] - mean;
      a += last * last;
    }
    return a + b;
  }

  /** Σ y[i]·(x[i] - mean). */
  static double product(float[] y, float[] x, int at, int count, double mean) {
    double a = 0;
    double b = 0;
    int i = at;
    for (; i < at + count - 1; i += 2) {
      a += y[i] * (x[i] - mean);
      b += y[i + 1] * (x[i + 1] - mean);
    }
    if (i < at + count) {
      a += y[i] * (x[i] - mean);
    }
    return a + b;
  }
}
