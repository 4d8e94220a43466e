package weft.notebook.course;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.notebook.display.NumberText;
import weft.report.Digits;

/** What a reader guessed before an experiment ran, to be set beside what came out. */
public final class Predictions {
  private final Map<String, Object> guesses = new ConcurrentHashMap<>();

  /** Keeps a guess; a later guess of the same name replaces it. */
  public void keep(String name, Object guess) {
    guesses.put(name, guess);
  }

  /**
   * The guess beside the truth.
   *
   * @param unit of both, or empty
   */
  public Table compare(String name, Object truth, String unit) {
    Object guess = guesses.get(name);
    String suffix = unit.isEmpty() ? "" : " " + unit;
    return Table.create(
        "Prediction",
        StringColumn.create("quantity", name),
        StringColumn.create("your guess", guess == null ? "none yet" : text(guess) + suffix),
        StringColumn.create("truth", text(truth) + suffix),
        StringColumn.create("you were", judgement(guess, truth, unit)));
  }

  private static String text(Object value) {
    return value instanceof Number number
        ? NumberText.alone(number.doubleValue())
        : String.valueOf(value);
  }

  private static String judgement(@Nullable Object guess, Object truth, String unit) {
    if (guess == null) {
      return "silent: predict before you run";
    }
    if (guess instanceof Number guessed && truth instanceof Number real) {
      return judgement(guessed.doubleValue(), real.doubleValue(), unit.equals("%"));
    }
    return String.valueOf(guess).strip().equalsIgnoreCase(String.valueOf(truth).strip())
        ? "right"
        : "of another mind";
  }

  /**
   * @param shares whether both are percentages already: their difference is in points, since a
   *     percentage of percentages misleads
   */
  private static String judgement(double guess, double truth, boolean shares) {
    if (guess == truth) {
      return "exactly right";
    }
    String side = guess > truth ? " too high" : " too low";
    String apart = rounded(Math.abs(guess - truth));
    String points = apart.equals("1") ? " point" : " points";
    if (truth == 0 || guess == 0 || Math.signum(guess) != Math.signum(truth)) {
      return apart + (shares ? points : "") + side;
    }
    double ratio = guess / truth;
    if (ratio > 2 || ratio < 0.5) {
      return rounded(ratio > 1 ? ratio : 1 / ratio) + " times" + side;
    }
    return (shares ? apart + points : rounded(Math.abs(ratio - 1) * 100) + " %") + side;
  }

  private static String rounded(double value) {
    return Digits.of(value, 2);
  }
}
