package weft.notebook.display;

import java.util.Arrays;
import java.util.Locale;

/**
 * How the numbers of one column are written: as many decimals for each as show four digits of the
 * largest and three of the smallest, so that the points stand under each other. A column whose
 * numbers are too far apart for that is written with four digits a number.
 *
 * @param decimals digits after the point; -1 for numbers too far apart
 * @param grouped whether thousands are set apart, which four digits alone do not need
 */
public record NumberText(int decimals, boolean grouped) {
  private static final int DIGITS = 4;
  private static final int MOST_DECIMALS = 6;
  private static final int MOST_DIGITS = 8;
  private static final int SCIENTIFIC = -1;
  private static final double LARGE = 1e15;
  private static final double GROUPED = 10_000;

  /** The format for these numbers together. */
  static NumberText of(double... numbers) {
    double[] sizes =
        Arrays.stream(numbers).filter(Double::isFinite).map(Math::abs).filter(x -> x > 0).toArray();
    boolean grouped = Arrays.stream(sizes).anyMatch(x -> x >= GROUPED);
    if (Arrays.stream(sizes).allMatch(x -> x == Math.rint(x) && x < LARGE)) {
      return new NumberText(0, grouped);
    }
    int top = exponent(Arrays.stream(sizes).max().orElse(1));
    int bottom = exponent(Arrays.stream(sizes).min().orElse(1));
    int wanted = Math.max(Math.max(DIGITS - 1 - top, 2 - bottom), 0);
    if (wanted > MOST_DECIMALS || top > 14) {
      return new NumberText(SCIENTIFIC, grouped);
    }
    int decimals = withoutZeros(numbers, wanted);
    boolean isWide = decimals > DIGITS && Math.max(top, 0) + 1 + decimals > MOST_DIGITS;
    return new NumberText(isWide ? SCIENTIFIC : decimals, grouped);
  }

  static boolean isGrouped(long number) {
    return number >= GROUPED || number <= -GROUPED;
  }

  private static int exponent(double size) {
    return (int) Math.floor(Math.log10(size));
  }

  /** Fewer decimals where the last ones are 0 in every number, and not for rounding alone. */
  private static int withoutZeros(double[] numbers, int decimals) {
    int needed = decimals;
    while (needed > 0 && areExact(numbers, needed - 1)) {
      needed--;
    }
    return needed;
  }

  private static boolean areExact(double[] numbers, int decimals) {
    double scale = Math.pow(10, decimals);
    return Arrays.stream(numbers)
        .filter(Double::isFinite)
        .allMatch(x -> Math.abs(x * scale - Math.rint(x * scale)) <= 1e-9 * Math.abs(x * scale));
  }

  String text(double number) {
    if (Double.isNaN(number)) {
      return "";
    }
    if (Double.isInfinite(number)) {
      return number > 0 ? "∞" : "−∞";
    }
    if (decimals == SCIENTIFIC) {
      return alone(number);
    }
    String grouping = grouped ? "," : "";
    String text = String.format(Locale.ROOT, "%" + grouping + "." + decimals + "f", number);
    return isNegativeZero(text) ? text.substring(1) : text;
  }

  private static boolean isNegativeZero(String text) {
    return text.startsWith("-") && text.chars().noneMatch(c -> c >= '1' && c <= '9');
  }

  /** A single number in four digits, whatever its size. */
  public static String alone(double number) {
    if (!Double.isFinite(number)) {
      return String.valueOf(number);
    }
    double size = Math.abs(number);
    if (number == 0) {
      return "0";
    }
    if (size >= 1e-4 && size < 1e7) {
      int places = Math.max(0, DIGITS - 1 - exponent(size));
      String text = String.format(Locale.ROOT, "%,." + places + "f", number);
      return text.contains(".") ? text.replaceFirst("\\.?0+$", "") : text;
    }
    return String.format(Locale.ROOT, "%.3e", number)
        .replaceFirst("\\.?0+e", "e")
        .replaceFirst("e\\+?(-?)0*(\\d)", "e$1$2");
  }
}
