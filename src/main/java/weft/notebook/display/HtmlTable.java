package weft.notebook.display;

import java.util.List;
import tech.tablesaw.api.Table;

/**
 * A table for a notebook page. Colours are the page's own, borders half transparent, so that it
 * reads on light and on dark; styles stand in the elements because notebooks drop style sheets.
 */
final class HtmlTable {
  private static final String TABLE =
      "border-collapse:collapse;border:none;color:inherit;background:transparent;margin:0.4em 0";
  private static final String CAPTION =
      "caption-side:top;text-align:left;font-weight:bold;color:inherit;padding:0 0 0.3em 0";
  private static final String CELL =
      "padding:0.25em 0.8em;border:none;color:inherit;background:transparent;";
  private static final String HEAD =
      CELL
          + "font-weight:bold;vertical-align:bottom;border-bottom:1px solid rgba(128,128,128,0.8);";
  private static final String BODY = CELL + "border-bottom:1px solid rgba(128,128,128,0.25);";
  private static final String NUMBER = "text-align:right;font-variant-numeric:tabular-nums";
  private static final String WORD = "text-align:left";

  private HtmlTable() {}

  static String of(Table table) {
    ShownRows rows = ShownRows.of(table);
    List<ColumnText> columns = rows.columns(table);
    var html = new StringBuilder("<table style=\"" + TABLE + "\">\n");
    String name = ShownRows.nameOf(table);
    if (!name.isBlank()) {
      html.append("<caption style=\"" + CAPTION + "\">")
          .append(escaped(name))
          .append("</caption>\n");
    }
    html.append("<thead><tr>");
    for (ColumnText column : columns) {
      cell(html, "th", HEAD, column, column.name());
    }
    html.append("</tr></thead>\n<tbody>\n");
    append(html, columns, rows.head());
    if (rows.isCut()) {
      html.append("<tr>");
      columns.forEach(column -> cell(html, "td", BODY, column, "…"));
      html.append("</tr>\n");
    }
    append(html, columns, rows.tail());
    html.append("</tbody>\n</table>\n");
    if (!rows.note().isEmpty()) {
      html.append(note("… " + rows.note()));
    }
    return html.toString();
  }

  /** Words under a table, line by line. */
  static String note(String words) {
    return "<div style=\"opacity:0.75;white-space:pre-line\">" + escaped(words) + "</div>\n";
  }

  private static void append(StringBuilder html, List<ColumnText> columns, int[] rows) {
    for (int row : rows) {
      html.append("<tr>");
      for (ColumnText column : columns) {
        String text = column.cell().apply(row);
        cell(html, "td", BODY, column, text.isEmpty() ? "–" : text);
      }
      html.append("</tr>\n");
    }
  }

  private static void cell(
      StringBuilder html, String tag, String style, ColumnText column, String text) {
    html.append('<').append(tag).append(" style=\"").append(style);
    html.append(column.isNumber() ? NUMBER : WORD).append("\">");
    html.append(escaped(text)).append("</").append(tag).append('>');
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("$", "&#36;"); // notebooks read dollars as the ends of a formula
  }
}
