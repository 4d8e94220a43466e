package weft.report;

import tech.tablesaw.api.Table;
import weft.units.Check;

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
    Check.atLeast(0, "rows", rows, "write for example head(5)");
    Table all = table();
    return all.first(Math.min(rows, all.rowCount()));
  }
}
