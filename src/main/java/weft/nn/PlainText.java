package weft.nn;

import java.util.List;
import weft.report.Digits;

/** As one types mathematics: {@code Z3 = (X1 x W31) + b3}. */
final class PlainText implements Notation {
  static final Notation INSTANCE = new PlainText();

  private PlainText() {}

  @Override
  public String symbol(String name) {
    return name;
  }

  @Override
  public String number(double value) {
    return Digits.of(value);
  }

  @Override
  public String gradient(String name) {
    return "dL/d" + name;
  }

  @Override
  public String sum(List<String> terms) {
    return String.join(" + ", terms);
  }

  @Override
  public String largest(List<String> terms) {
    return "max(" + String.join(", ", terms) + ")";
  }

  @Override
  public String difference(String a, String b) {
    return a + " - " + b;
  }

  @Override
  public String product(String a, String b) {
    return a + " x " + b;
  }

  @Override
  public String quotient(String a, String b) {
    return a + " / " + b;
  }

  @Override
  public String square(String a) {
    return a + "^2";
  }

  @Override
  public String root(String a) {
    return "sqrt(" + a + ")";
  }

  @Override
  public String group(String a) {
    return "(" + a + ")";
  }

  @Override
  public String call(String function, boolean slope, String argument) {
    return function + (slope ? "'" : "") + "(" + argument + ")";
  }

  @Override
  public String total(String of, String a) {
    return "sum of " + of + a;
  }

  @Override
  public String words(String text) {
    return text;
  }

  @Override
  public String dots() {
    return "...";
  }
}
