package weft.units;

import java.math.BigDecimal;
import java.math.MathContext;

/** How a quantity's number is written: at most four significant digits, no exponent. */
final class Quantity {
  private static final MathContext DIGITS = new MathContext(4);

  private Quantity() {}

  static String digits(double value) {
    if (value == 0) {
      return "0";
    }
    if (Math.abs(value) >= 1000) {
      return "%.0f".formatted(value);
    }
    return new BigDecimal(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }
}
