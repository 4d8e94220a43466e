package weft.notebook.course;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.notebook.display.NumberText;

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
        StringColumn.create("you were", judgement(guess, truth)));
  }

  private static String text(Object value) {
    return value instanceof Number number
        ? NumberText.alone(number.doubleValue())
        : String.valueOf(value);
  }

  private static String judgement(@Nullable Object guess, Object truth) {
    if (guess == null) {
      return "silent: predict before you run";
    }
    if (guess instanceof Number guessed && truth instanceof Number real) {
      return judgement(guessed.doubleValue(), real.doubleValue());
    }
    return String.valueOf(guess).strip().equalsIgnoreCase(String.valueOf(truth).strip())
        ? "right"
        : "of another mind";
  }

  private static String judgement(double guess, double truth) {
    if (guess == truth) {
      return "exactly right";
    }
    if (truth == 0 || guess == 0 || Math.signum(guess) != Math.signum(truth)) {
      return NumberText.alone(Math.abs(guess - truth)) + (guess > truth ? " too high" : " too low");
    }
    double ratio = guess / truth;
    if (ratio > 2 || ratio < 0.5) {
      return NumberText.alone(ratio > 1 ? ratio : 1 / ratio)
          + (ratio > 1 ? " times too high" : " times too low");
    }
    double percent = Math.abs(ratio - 1) * 100;
    return NumberText.alone(percent) + (ratio > 1 ? " % too high" : " % too low");
  }
}
