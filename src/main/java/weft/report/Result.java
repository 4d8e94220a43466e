package weft.report;

/** The outcome of a run: a table, a chart, and where the numbers come from. */
public interface Result extends Tabular, Plottable {
  /** Specification, seed, fidelity and versions behind the numbers. */
  Provenance provenance();

  /** A few lines that a terminal can show in place of the table and the chart. */
  String summary();
}
