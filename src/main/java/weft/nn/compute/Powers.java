package weft.nn.compute;

/** Whole powers in plain arithmetic: the same bits everywhere, and nothing allocated. */
public final class Powers {
  private Powers() {}

  /**
   * The base to the power of the exponent, by repeated squaring; its relative error is about the
   * exponent times that of one multiplication.
   *
   * @param exponent at least 0
   */
  public static double of(double base, int exponent) {
    double result = 1;
    double square = base;
    for (int bits = exponent; bits > 0; bits >>= 1) {
      if ((bits & 1) != 0) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }
}
