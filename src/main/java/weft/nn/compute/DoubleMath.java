package weft.nn.compute;

import org.apache.commons.math3.util.FastMath;

/** Elementary functions over arrays in double precision: Commons Math's, which are pure Java. */
final class DoubleMath {
  private DoubleMath() {}

  static void exp(double[] from, int fromOffset, double[] to, int toOffset, int count) {
    for (int i = 0; i < count; i++) {
      to[toOffset + i] = FastMath.exp(from[fromOffset + i]);
    }
  }

  static double exp(double value) {
    return FastMath.exp(value);
  }

  static double logistic(double z) {
    double e = FastMath.exp(-Math.abs(z));
    return z >= 0 ? 1 / (1 + e) : e / (1 + e);
  }

  static double tanh(double z) {
    return FastMath.tanh(z);
  }

  static double log(double x) {
    return FastMath.log(x);
  }
}
