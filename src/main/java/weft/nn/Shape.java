package weft.nn;

import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;

/**
 * How the numbers of one sample are arranged between two layers: {@code [64]} a vector, {@code [1,
 * 28, 28]} channels, rows and columns of an image, {@code [128, 96]} the steps of a sequence and
 * the numbers of each.
 */
final class Shape {
  private final int[] dimensions;
  private final int tokens;
  private final List<String> names;

  private Shape(int[] dimensions, int tokens) {
    this(dimensions, tokens, List.of());
  }

  private Shape(int[] dimensions, int tokens, List<String> names) {
    this.dimensions = dimensions;
    this.tokens = tokens;
    this.names = names;
  }

  /** The same arrangement, what the reader calls its numbers written beside them. */
  Shape named(List<String> given) {
    return new Shape(dimensions, tokens, List.copyOf(given));
  }

  /** What the reader calls the numbers; empty without names. Equality does not look at them. */
  List<String> names() {
    return names;
  }

  /** Where in the arrangement a number stands: {@code [0,2,3]}. */
  String place(int index) {
    var place = new StringBuilder("]");
    int rest = index;
    for (int d = dimensions.length - 1; d >= 0; d--) {
      place.insert(0, (d == 0 ? "[" : ",") + rest % dimensions[d]);
      rest /= dimensions[d];
    }
    return place.toString();
  }

  static Shape vector(int size) {
    return new Shape(new int[] {size}, 0);
  }

  static Shape image(int channels, int height, int width) {
    return new Shape(new int[] {channels, height, width}, 0);
  }

  static Shape sequence(int steps, int width) {
    return new Shape(new int[] {steps, width}, 0);
  }

  /** A sequence of whole numbers from 0 below {@code vocabulary}, one a step. */
  static Shape tokens(int vocabulary, int steps) {
    return new Shape(new int[] {steps}, vocabulary);
  }

  /** How many numbers a sample has. */
  int size() {
    int size = 1;
    for (int each : dimensions) {
      size = Math.multiplyExact(size, each);
    }
    return size;
  }

  /** Likewise, also where that is more than an int holds. */
  double numbers() {
    double numbers = 1;
    for (int each : dimensions) {
      numbers *= each;
    }
    return numbers;
  }

  boolean isVector() {
    return dimensions.length == 1 && tokens == 0;
  }

  boolean isSequence() {
    return dimensions.length == 2;
  }

  boolean isImage() {
    return dimensions.length == 3;
  }

  boolean isTokens() {
    return tokens > 0;
  }

  /** How many different tokens there are; 0 if these are not tokens. */
  int vocabulary() {
    return tokens;
  }

  int dimension(int index) {
    return dimensions[index];
  }

  /** The numbers that belong together at one position: the last dimension. */
  int width() {
    return isTokens() ? 1 : dimensions[dimensions.length - 1];
  }

  /** How many positions of {@link #width} numbers a sample has: the steps of a sequence, or 1. */
  int positions() {
    return size() / width();
  }

  /** The same arrangement with another last dimension. */
  Shape withWidth(int width) {
    int[] changed = dimensions.clone();
    changed[changed.length - 1] = width;
    return new Shape(changed, 0);
  }

  /** How a cell begins a network with it: {@code images(1, 28, 28)}. */
  String source() {
    if (isImage()) {
      return "images(%d, %d, %d)".formatted(dimensions[0], dimensions[1], dimensions[2]);
    }
    return isTokens() ? "tokens(%d, %d)".formatted(tokens, size()) : "inputs(" + size() + ")";
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape s
        && Arrays.equals(dimensions, s.dimensions)
        && tokens == s.tokens;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dimensions) * 31 + tokens;
  }

  /** {@code [1, 28, 28]}. */
  @Override
  public String toString() {
    var text = new StringJoiner(", ", "[", "]");
    for (int each : dimensions) {
      text.add(String.valueOf(each));
    }
    return text + (isTokens() ? " of tokens below " + tokens : "");
  }
}
