package weft.notebook;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.Table;
import weft.notebook.course.Exercises;
import weft.notebook.course.Glossary;
import weft.notebook.course.Predictions;
import weft.notebook.course.Verdict;

/** What a notebook's reader calls: imported statically in every cell and by {@code jshell}. */
public final class Notebook {
  private static final Predictions PREDICTIONS = new Predictions();

  private Notebook() {}

  /** Shows a value where it can be seen: in the notebook's cell, in a window, or in a file. */
  public static void show(@Nullable Object value) {
    Screen.show(value);
  }

  /** What terms mean, a row each, in the order asked. */
  public static Table glossary(String term, String... more) {
    var terms = new ArrayList<>(List.of(term));
    terms.addAll(List.of(more));
    return Glossary.standard().table(terms);
  }

  /** All terms with their meaning. */
  public static Glossary glossary() {
    return Glossary.standard();
  }

  /**
   * Keeps a guess until {@link #truth} is known.
   *
   * @param guess a number or a word
   */
  public static String predict(String name, Object guess) {
    PREDICTIONS.keep(name, guess);
    return "noted: " + name + " = " + guess;
  }

  /** The guess kept under a name, beside what came out. */
  public static Table truth(String name, Object value) {
    return PREDICTIONS.compare(name, value, "");
  }

  /** The guess kept under a name, beside what came out, both in a unit. */
  public static Table truth(String name, Object value, String unit) {
    return PREDICTIONS.compare(name, value, unit);
  }

  /** Judges an answer to an exercise: right, or a hint. */
  public static Verdict check(String exercise, Object answer) {
    return Exercises.STANDARD.check(exercise, answer);
  }
}
