package weft.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import weft.report.Digits;
import weft.units.Check;

/** Data sets whose rows stand in a cell; every complaint names the row. */
final class GivenRows {
  private static final int MOST_CLASSES = 1000;
  private static final String DESCRIPTION = "Given row by row.";
  private static final String REMEDY =
      "write for example Dataset.of(new double[][] {{0, 1}, {1, 0}}, new int[] {0, 1})";

  private GivenRows() {}

  static Dataset classified(double[] @Nullable [] inputs, int @Nullable [] classes) {
    double[][] rows = rows("inputs", inputs);
    int[] labels = Check.notNull("classes", classes, REMEDY).clone();
    checkCount(rows.length, labels.length, "class");
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] < 0 || labels[row] >= MOST_CLASSES) {
        throw new IllegalArgumentException(
            "row %d has class %d, out of range: classes count from 0 to at most %d"
                .formatted(row, labels[row], MOST_CLASSES - 1));
      }
    }
    int most = Math.max(1, Arrays.stream(labels).max().orElse(1));
    var names = IntStream.rangeClosed(0, most).mapToObj(String::valueOf).toList();
    float[] values = flat("input", rows);
    return new Dataset("data", DESCRIPTION, names("x", rows[0].length), names, values, labels);
  }

  static Dataset measured(double[] @Nullable [] inputs, double[] @Nullable [] targets) {
    double[][] rows = rows("inputs", inputs);
    double[][] expected = rows("targets", targets);
    checkCount(rows.length, expected.length, "target row");
    float[] values = flat("input", rows);
    return Dataset.withTargets(
        "data",
        DESCRIPTION,
        names("x", rows[0].length),
        values,
        names("y", expected[0].length),
        flat("target", expected));
  }

  private static List<String> names(String letter, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(i -> letter + i).toList();
  }

  private static void checkCount(int rows, int others, String what) {
    if (rows != others) {
      throw new IllegalArgumentException(
          "every row of inputs has its own, but there are %s and %s: give as many"
              .formatted(Digits.counted(rows, "row"), Digits.counted(others, what)));
    }
  }

  private static double[][] rows(String what, double[] @Nullable [] given) {
    double[][] rows = Check.notNull(what, given, REMEDY);
    if (rows.length == 0) {
      throw new IllegalArgumentException("there are no rows of " + what + ": " + REMEDY);
    }
    for (int row = 0; row < rows.length; row++) {
      int length = Check.notNull("row " + row + " of " + what, rows[row], REMEDY).length;
      if (length == 0 || length != rows[0].length) {
        throw new IllegalArgumentException(
            length == 0
                ? "row %d of %s has no numbers: give every row as many, at least 1"
                    .formatted(row, what)
                : "row %d of %s has %s, row 0 has %d: give every row as many, at least 1"
                    .formatted(row, what, Digits.counted(length, "number"), rows[0].length));
      }
    }
    return rows;
  }

  private static float[] flat(String what, double[][] rows) {
    int width = rows[0].length;
    float[] flat = new float[Math.multiplyExact(rows.length, width)];
    for (int row = 0; row < rows.length; row++) {
      for (int i = 0; i < width; i++) {
        float value = (float) rows[row][i];
        if (!Float.isFinite(value)) {
          throw new IllegalArgumentException(
              "row %d, %s %d is %s, but data are finite numbers%s: correct it or leave the row out"
                  .formatted(
                      row,
                      what,
                      i + 1,
                      rows[row][i],
                      Double.isFinite(rows[row][i]) ? " up to 3.4e38, what float32 holds" : ""));
        }
        flat[row * width + i] = value;
      }
    }
    return flat;
  }
}
