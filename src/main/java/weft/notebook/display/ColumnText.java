package weft.notebook.display;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
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
  static ColumnText of(Column<?> column, int[] rows) {
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
        column.name(), false, row -> column.isMissing(row) ? "" : column.getString(row));
  }
}
