package weft.notebook.course;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import java.util.function.Predicate;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * A question whose answer can be checked: by value and tolerance, with hints for the mistakes that
 * teachers expect. Immutable; a hint may name a rule, never the answer.
 */
public final class Exercise {
  private record Hint(Predicate<Object> applies, String text) {}

  private final String id;
  private final Predicate<Object> right;
  private final List<Hint> hints;
  private final String otherwise;

  private Exercise(String id, Predicate<Object> right, List<Hint> hints, String otherwise) {
    this.id = id;
    this.right = right;
    this.hints = List.copyOf(hints);
    this.otherwise = otherwise;
  }

  /**
   * An exercise with a number for its answer.
   *
   * @param expected computes the answer, when it is first checked: better than a number in the
   *     source, because it follows the library
   * @param tolerance relative, such as 0.01; absolute where the answer is 0
   */
  public static Exercise number(String id, DoubleSupplier expected, double tolerance) {
    return new Exercise(
        id,
        answer -> near(number(answer), expected.getAsDouble(), tolerance),
        List.of(),
        "look at the units and at the formula once more");
  }

  /** An exercise with a word for its answer; case and outer blanks do not count. */
  public static Exercise word(String id, String... accepted) {
    List<String> words = List.of(accepted).stream().map(Exercise::plain).toList();
    return new Exercise(
        id, answer -> words.contains(plain(String.valueOf(answer))), List.of(), "think again");
  }

  /** An exercise whose answer passes a test: a design, a list, a function. */
  public static Exercise that(String id, Predicate<Object> passes) {
    return new Exercise(id, passes, List.of(), "it does not do yet what is asked");
  }

  private static String plain(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  /** A plain number, or a quantity in seconds, bits a second or bytes; anything else is NaN. */
  private static double number(Object answer) {
    if (answer instanceof Number number) {
      return number.doubleValue();
    }
    if (answer instanceof Time time) {
      return time.seconds();
    }
    if (answer instanceof Rate rate) {
      return rate.bitsPerSecond();
    }
    return answer instanceof DataSize size ? size.bytes() : Double.NaN;
  }

  static boolean near(double answer, double expected, double tolerance) {
    return Math.abs(answer - expected) <= tolerance * (expected == 0 ? 1 : Math.abs(expected));
  }

  /** Adds a hint for answers near a wrong number that a known mistake leads to. */
  public Exercise mistake(DoubleSupplier wrong, String hint) {
    return mistake(answer -> near(number(answer), wrong.getAsDouble(), 0.01), hint);
  }

  /** Adds a hint for answers that look a certain way; the first that applies is given. */
  public Exercise mistake(Predicate<Object> looks, String hint) {
    var more = new ArrayList<>(hints);
    more.add(new Hint(looks, hint));
    return new Exercise(id, right, more, otherwise);
  }

  /** Sets the hint for answers that no other hint fits. */
  public Exercise otherwise(String hint) {
    return new Exercise(id, right, hints, hint);
  }

  /** The name it is checked by. */
  public String id() {
    return id;
  }

  /** Judges an answer. */
  public Verdict judge(Object answer) {
    if (right.test(answer)) {
      return new Verdict(id, true, "right");
    }
    return hints.stream()
        .filter(hint -> hint.applies().test(answer))
        .findFirst()
        .map(hint -> new Verdict(id, false, hint.text()))
        .orElseGet(() -> new Verdict(id, false, otherwise));
  }
}
