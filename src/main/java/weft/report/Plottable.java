package weft.report;

import org.knowm.xchart.internal.chartpart.Chart;

/** Something that can be drawn as a chart. */
public interface Plottable {
  /** A new chart with title, axis units and legend, at notebook width. */
  Chart<?, ?> chart();
}
