package weft.notebook.display;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import tech.tablesaw.api.Table;

/**
 * Which part of a table a notebook shows: all of a small one, both ends of a long or wide one.
 *
 * @param total how many rows there are
 * @param first how many from the top
 * @param last how many from the bottom; 0 when no row is left out
 * @param width how many columns there are
 */
record ShownRows(int total, int first, int last, int width) {
  private static final int MOST = 25;
  private static final int FIRST = 15;
  private static final int LAST = 5;
  private static final int MOST_COLUMNS = 14;
  private static final int FIRST_COLUMNS = 8;
  private static final int LAST_COLUMNS = 4;

  static ShownRows of(Table table) {
    int total = table.rowCount();
    int width = table.columnCount();
    return total <= MOST
        ? new ShownRows(total, total, 0, width)
        : new ShownRows(total, FIRST, LAST, width);
  }

  /** A table's name; empty where Tablesaw, which says nothing of it, has none. */
  @SuppressWarnings("ConstantValue")
  static String nameOf(Table table) {
    return Objects.requireNonNullElse(table.name(), "");
  }

  /** Whether rows are left out. */
  boolean isCut() {
    return last > 0;
  }

  private boolean isNarrowed() {
    return width > MOST_COLUMNS;
  }

  int[] head() {
    return IntStream.range(0, first).toArray();
  }

  int[] tail() {
    return IntStream.range(total - last, total).toArray();
  }

  /** For under the table: empty when all is shown. */
  String note() {
    String rows = String.format(Locale.ROOT, "%,d rows, %d shown", total, first + last);
    String columns =
        String.format(Locale.ROOT, "%,d columns, %d shown", width, FIRST_COLUMNS + LAST_COLUMNS);
    return isNarrowed() && isCut()
        ? rows + "; " + columns
        : isNarrowed() ? columns : isCut() ? rows : "";
  }

  List<ColumnText> columns(Table table) {
    int[] rows = IntStream.concat(IntStream.of(head()), IntStream.of(tail())).toArray();
    List<ColumnText> all =
        table.columns().stream().map(column -> ColumnText.of(column, rows)).toList();
    if (!isNarrowed()) {
      return all;
    }
    var shown = new ArrayList<>(all.subList(0, FIRST_COLUMNS));
    shown.add(new ColumnText("…", false, row -> "…"));
    shown.addAll(all.subList(width - LAST_COLUMNS, width));
    return shown;
  }
}
