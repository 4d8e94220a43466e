package weft.notebook.display;

import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.Table;

/** A table for a terminal: the same rows and digits as {@link HtmlTable}. */
public final class TextTable {
  private static final String GAP = "  ";

  private TextTable() {}

  /** The title, the headings, the rows, and what was left out. */
  public static String of(Table table) {
    ShownRows rows = ShownRows.of(table);
    List<ColumnText> columns = rows.columns(table);
    var lines = new ArrayList<List<String>>();
    lines.add(columns.stream().map(ColumnText::name).toList());
    for (int row : rows.head()) {
      lines.add(line(columns, row));
    }
    if (rows.isCut()) {
      lines.add(columns.stream().map(column -> "…").toList());
    }
    for (int row : rows.tail()) {
      lines.add(line(columns, row));
    }
    int[] widths = widths(columns, lines);
    var text = new StringBuilder();
    String name = ShownRows.nameOf(table);
    if (!name.isBlank()) {
      text.append(name).append('\n');
    }
    for (int i = 0; i < lines.size(); i++) {
      text.append(aligned(columns, lines.get(i), widths)).append('\n');
      if (i == 0) {
        text.append("-".repeat(total(widths))).append('\n');
      }
    }
    return text.append(rows.note()).toString().stripTrailing();
  }

  private static List<String> line(List<ColumnText> columns, int row) {
    return columns.stream().map(column -> column.cell().apply(row)).toList();
  }

  private static int[] widths(List<ColumnText> columns, List<List<String>> lines) {
    int[] widths = new int[columns.size()];
    for (List<String> line : lines) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], line.get(i).length());
      }
    }
    return widths;
  }

  private static int total(int[] widths) {
    int total = GAP.length() * Math.max(widths.length - 1, 0);
    for (int width : widths) {
      total += width;
    }
    return total;
  }

  private static String aligned(List<ColumnText> columns, List<String> line, int[] widths) {
    var text = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String blanks = " ".repeat(widths[i] - line.get(i).length());
      text.append(i == 0 ? "" : GAP);
      text.append(columns.get(i).isNumber() ? blanks + line.get(i) : line.get(i) + blanks);
    }
    return text.toString().stripTrailing();
  }
}
