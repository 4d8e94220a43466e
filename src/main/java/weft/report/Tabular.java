package weft.report;

import tech.tablesaw.api.Table;

/** Something that can be read as a table. */
public interface Tabular {
  /** Whether a notebook shows tables by itself; read once, when the first one is made. */
  boolean IN_NOTEBOOK = Notebooks.join();

  /** A new table; each column's name carries its unit. */
  Table table();

  /**
   * The first rows of the table.
   *
   * @param rows how many, at least 0; all of a shorter table
   */
  default Table head(int rows) {
    Table all = table();
    return all.first(Math.min(rows, all.rowCount()));
  }
}
