package weft.report;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Numbers with as many digits as a reader needs: {@code 0.995}, not {@code 0.99500000000000011}.
 */
public final class Digits {
  private Digits() {}

  /**
   * At most six significant digits, without trailing zeros; an exponent only outside 0.0001 to
   * 10,000,000. The same text in every locale.
   */
  public static String of(double value) {
    return of(value, 6);
  }

  /**
   * A number of things: {@code 1 row}, {@code 2 rows}, {@code 3 classes}.
   *
   * @param what one of them, whose plural ends in s, or in es if itself ends in s
   */
  public static String counted(long count, String what) {
    return count == 1 ? "1 " + what : count + " " + what + (what.endsWith("s") ? "es" : "s");
  }

  /**
   * {@link #of(double)} with another number of significant digits.
   *
   * @param digits at least 1
   */
  public static String of(double value, int digits) {
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return String.valueOf(value);
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(digits)).stripTrailingZeros();
    double size = Math.abs(value);
    if (size >= 1e-4 && size < 1e7) {
      return rounded.toPlainString();
    }
    int exponent = rounded.precision() - rounded.scale() - 1;
    return rounded.movePointLeft(exponent).toPlainString() + "e" + exponent;
  }
}
