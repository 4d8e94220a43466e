package weft.report;

import tech.tablesaw.api.Table;

/** Something that can be read as a table. */
public interface Tabular {
  /** A new table; each column's name carries its unit. */
  Table table();
}
