package weft.nn;

import java.util.List;
import java.util.Map;

/** The "notation" that calculates: each term written as its value, NaN where that is not known. */
record Calculated(Map<String, Double> values, Map<String, Double> gradients) implements Notation {
  @Override
  public String symbol(String name) {
    return known(values, name);
  }

  @Override
  public String gradient(String name) {
    return known(gradients, name);
  }

  private static String known(Map<String, Double> from, String name) {
    return String.valueOf(from.getOrDefault(name, Double.NaN));
  }

  private static double of(String text) {
    return Double.parseDouble(text);
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Override
  public String number(double value) {
    return String.valueOf(value);
  }

  @Override
  public String sum(List<String> terms) {
    return String.valueOf(terms.stream().mapToDouble(Calculated::of).sum());
  }

  @Override
  public String largest(List<String> terms) {
    return String.valueOf(terms.stream().mapToDouble(Calculated::of).max().orElseThrow());
  }

  @Override
  public String difference(String a, String b) {
    return String.valueOf(of(a) - of(b));
  }

  @Override
  public String product(String a, String b) {
    return String.valueOf(of(a) * of(b));
  }

  @Override
  public String quotient(String a, String b) {
    return String.valueOf(of(a) / of(b));
  }

  @Override
  public String square(String a) {
    return String.valueOf(of(a) * of(a));
  }

  @Override
  public String root(String a) {
    return String.valueOf(Math.sqrt(of(a)));
  }

  @Override
  public String group(String a) {
    return a;
  }

  @Override
  public String call(String function, boolean slope, String argument) {
    double x = of(argument);
    return switch (function) {
      case "ReLU" -> String.valueOf(slope ? (x > 0 ? 1 : 0) : Math.max(0, x));
      case "tanh" -> String.valueOf(slope ? 1 - Math.tanh(x) * Math.tanh(x) : Math.tanh(x));
      case "sigmoid" -> String.valueOf(slope ? sigmoid(x) * (1 - sigmoid(x)) : sigmoid(x));
      case "exp" -> String.valueOf(Math.exp(x));
      case "identity" -> String.valueOf(slope ? 1 : x);
      default -> dots();
    };
  }

  @Override
  public String total(String of, String a) {
    return dots();
  }

  @Override
  public String words(String text) {
    return dots();
  }

  @Override
  public String dots() {
    return "NaN";
  }
}
