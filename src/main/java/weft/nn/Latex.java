package weft.nn;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import weft.report.Digits;

/** As LaTeX sets mathematics, with the commands that MathJax knows too. */
final class Latex implements Notation {
  static final Notation INSTANCE = new Latex();

  /** {@code W53}, {@code W12,3}, {@code O5}. */
  private static final Pattern NUMBERED = Pattern.compile("([A-Za-z])(\\d+(?:,\\d+)?)");

  /** {@code H1[0,2,3]}, {@code mean2.1[0]}: letters, the layer, the place. */
  private static final Pattern PLACED =
      Pattern.compile("([A-Za-z]+)(\\d+(?:\\.\\d+)*)?\\[([^]]*)]");

  /** {@code L2.weights[3,1]}, {@code L2.1.weights[3,1]}: the layer, the group, the place. */
  private static final Pattern GROUPED = Pattern.compile("L(\\d+(?:\\.\\d+)*)\\.(\\w+)\\[([^]]*)]");

  /** Functions LaTeX has a command for. */
  private static final Set<String> KNOWN = Set.of("exp", "log", "tanh", "max");

  private Latex() {}

  @Override
  public String symbol(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    if (numbered.matches()) {
      return numbered.group(1) + "_{" + numbered.group(2) + "}";
    }
    Matcher placed = PLACED.matcher(name);
    if (placed.matches()) {
      String layer = placed.group(2) == null ? "" : "^{(" + placed.group(2) + ")}";
      return lettered(placed.group(1)) + layer + "_{" + placed.group(3) + "}";
    }
    Matcher grouped = GROUPED.matcher(name);
    if (grouped.matches()) {
      return "%s^{(%s)}_{%s}"
          .formatted(upright(grouped.group(2)), grouped.group(1), grouped.group(3));
    }
    return lettered(name);
  }

  /** Upright, so that several letters do not read as a product. */
  private static String lettered(String name) {
    return name.length() == 1 ? name : upright(name);
  }

  @Override
  public String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "\\infty" : "-\\infty";
    }
    String digits = Digits.of(value);
    int exponent = digits.indexOf('e');
    if (exponent < 0) {
      return Double.isNaN(value) ? upright(digits) : digits;
    }
    return "%s \\cdot 10^{%s}"
        .formatted(digits.substring(0, exponent), digits.substring(exponent + 1));
  }

  @Override
  public String gradient(String name) {
    return "\\frac{\\partial L}{\\partial " + symbol(name) + "}";
  }

  @Override
  public String sum(List<String> terms) {
    return String.join(" + ", terms);
  }

  @Override
  public String largest(List<String> terms) {
    return "\\max\\left(" + String.join(", ", terms) + "\\right)";
  }

  @Override
  public String difference(String a, String b) {
    return a + " - " + b;
  }

  @Override
  public String product(String a, String b) {
    return a + " \\cdot " + b;
  }

  @Override
  public String quotient(String a, String b) {
    return "\\frac{" + a + "}{" + b + "}";
  }

  @Override
  public String square(String a) {
    return a + "^{2}";
  }

  @Override
  public String root(String a) {
    return "\\sqrt{" + a + "}";
  }

  @Override
  public String group(String a) {
    return "\\left(" + a + "\\right)";
  }

  @Override
  public String call(String function, boolean slope, String argument) {
    String name = KNOWN.contains(function) ? "\\" + function : upright(function);
    return name + (slope ? "'" : "") + "\\left(" + argument + "\\right)";
  }

  @Override
  public String total(String of, String a) {
    return "\\sum " + a;
  }

  @Override
  public String words(String text) {
    return "\\text{" + escaped(text, false) + "}";
  }

  @Override
  public String dots() {
    return "\\cdots";
  }

  /** Letters with accents are text: mathematics has its own accents. */
  private static String upright(String name) {
    if (name.chars().anyMatch(letter -> letter > 127)) {
      return "\\text{" + escaped(name, false) + "}";
    }
    return "\\mathrm{" + escaped(name, true) + "}";
  }

  /** What stands for itself; in a formula a space and a hyphen too need a command to be seen. */
  private static String escaped(String text, boolean inFormula) {
    String plain = text.replaceAll("[\\\\^~]", " ").replaceAll("[_%#&${}]", "\\\\$0");
    return inFormula ? plain.replace(" ", "\\ ").replace("-", "\\text{-}") : plain;
  }
}
