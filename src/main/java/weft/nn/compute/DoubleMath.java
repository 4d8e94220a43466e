package weft.nn.compute;

import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.util.FastMath;

/** Elementary functions in double precision: Commons Math's, which are pure Java. */
final class DoubleMath {
  private static final double SQRT_HALF = 0.7071067811865476;
  private static final double DENSITY_AT_0 = 0.3989422804014327;

  private DoubleMath() {}

  /** to[i] = exp(from[i]) from {@code begin} to {@code end}. */
  static void exp(double[] from, double[] to, int begin, int end) {
    for (int i = begin; i < end; i++) {
      to[i] = FastMath.exp(from[i]);
    }
  }

  static double exp(double x) {
    return FastMath.exp(x);
  }

  static double log(double x) {
    return FastMath.log(x);
  }

  static double logistic(double z) {
    double e = FastMath.exp(-Math.abs(z));
    return z >= 0 ? 1 / (1 + e) : e / (1 + e);
  }

  /** to[i] = 1 / (1 + exp(-from[i])). */
  static void logistic(double[] from, double[] to, int begin, int end) {
    for (int i = begin; i < end; i++) {
      to[i] = logistic(from[i]);
    }
  }

  static double tanh(double z) {
    return FastMath.tanh(z);
  }

  /** to[i] = tanh(from[i]). */
  static void tanh(double[] from, double[] to, int begin, int end) {
    for (int i = begin; i < end; i++) {
      to[i] = FastMath.tanh(from[i]);
    }
  }

  /** Φ(z), the cumulative normal distribution. */
  private static double normal(double z) {
    return 0.5 * Erf.erfc(-z * SQRT_HALF);
  }

  static double gelu(double z) {
    return z * normal(z);
  }

  /** to[i] = z·Φ(z). */
  static void gelu(double[] from, double[] to, int begin, int end) {
    for (int i = begin; i < end; i++) {
      to[i] = gelu(from[i]);
    }
  }

  static double geluSlope(double z) {
    return normal(z) + z * DENSITY_AT_0 * FastMath.exp(-z * z / 2);
  }

  /** gradient[i] *= Φ(z) + z·φ(z). */
  static void geluGradient(double[] z, double[] gradient, int begin, int end) {
    for (int i = begin; i < end; i++) {
      gradient[i] *= geluSlope(z[i]);
    }
  }

  /** gradient[i] *= s·(1 + z·(1 - s)), s = logistic(z). */
  static void siluGradient(double[] z, double[] gradient, int begin, int end) {
    for (int i = begin; i < end; i++) {
      double s = logistic(z[i]);
      gradient[i] *= s * (1 + z[i] * (1 - s));
    }
  }

  /** 1 if a < b, else 0, from the sign of the difference: a branch would often be guessed wrong. */
  static int less(double a, double b) {
    return (int) (Double.doubleToRawLongBits(a - b) >>> 63);
  }
}
