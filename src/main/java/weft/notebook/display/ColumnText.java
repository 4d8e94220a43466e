package weft.notebook.display;

import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.columns.Column;

/**
 * A column's cells as text.
 *
 * @param name its heading
 * @param isNumber whether it is set flush right
 * @param cell row to text; empty where the value is missing
 */
record ColumnText(String name, boolean isNumber, IntFunction<String> cell) {
  /** A longer cell is cut: it would widen every line of a terminal's table. */
  private static final int LONGEST = 240;

  static ColumnText of(Column<?> column, int[] rows) {
    if (column instanceof LongColumn longs) {
      boolean grouped =
          IntStream.of(rows)
              .filter(row -> !longs.isMissing(row))
              .anyMatch(row -> NumberText.isGrouped(longs.getLong(row)));
      String format = grouped ? "%,d" : "%d"; // a double has not the digits of every long
      return new ColumnText(
          column.name(),
          true,
          row ->
              longs.isMissing(row) ? "" : String.format(Locale.ROOT, format, longs.getLong(row)));
    }
    if (column instanceof NumericColumn<?> numbers) {
      double[] shown =
          IntStream.of(rows)
              .filter(row -> !column.isMissing(row))
              .mapToDouble(numbers::getDouble)
              .toArray();
      NumberText format = NumberText.of(shown);
      return new ColumnText(
          column.name(),
          true,
          row -> column.isMissing(row) ? "" : format.text(numbers.getDouble(row)));
    }
    return new ColumnText(
        column.name(), false, row -> column.isMissing(row) ? "" : shortened(column.getString(row)));
  }

  private static String shortened(String text) {
    if (text.length() <= LONGEST) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(LONGEST - 2)) ? LONGEST - 2 : LONGEST - 1;
    return text.substring(0, end) + "…";
  }
}
