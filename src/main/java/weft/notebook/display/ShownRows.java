package weft.notebook.display;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;

/**
 * Which rows of a table a notebook shows: all of a short one, both ends of a long one.
 *
 * @param first how many from the top
 * @param last how many from the bottom; 0 when nothing is left out
 */
record ShownRows(int total, int first, int last) {
  private static final int MOST = 25;
  private static final int FIRST = 15;
  private static final int LAST = 5;

  static ShownRows of(Table table) {
    int total = table.rowCount();
    return total <= MOST ? new ShownRows(total, total, 0) : new ShownRows(total, FIRST, LAST);
  }

  boolean isCut() {
    return last > 0;
  }

  int[] head() {
    return IntStream.range(0, first).toArray();
  }

  int[] tail() {
    return IntStream.range(total - last, total).toArray();
  }

  /** For under the table: empty when all is shown. */
  String note() {
    return isCut() ? String.format(Locale.ROOT, "%,d rows, %d shown", total, first + last) : "";
  }

  List<ColumnText> columns(Table table) {
    int[] rows = IntStream.concat(IntStream.of(head()), IntStream.of(tail())).toArray();
    return table.columns().stream().map(column -> ColumnText.of(column, rows)).toList();
  }
}
