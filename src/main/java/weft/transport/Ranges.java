package weft.transport;

/** Checks that several congestion controls make of their parameters. */
final class Ranges {
  private Ranges() {}

  /** A number above 0 and at most 1. */
  static void share(String name, double value, String remedy) {
    if (!(value > 0 && value <= 1)) {
      throw new IllegalArgumentException(
          "%s lies above 0 and at most at 1, but was %s: %s".formatted(name, value, remedy));
    }
  }

  /** A number above 0. */
  static void positive(String name, double value, String remedy) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException(
          "%s must be above 0, but was %s: %s".formatted(name, value, remedy));
    }
  }
}
