package weft.notebook.display;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;
import weft.report.Picture;
import weft.report.Plottable;
import weft.report.Result;
import weft.report.Tabular;

/** How Weft shows what it knows: the one place that every kernel's renderers lead to. */
public final class Showing {
  /** The types shown, most particular first. */
  public static final List<Class<?>> TYPES =
      List.of(
          Table.class, Chart.class, Picture.class, Result.class, Tabular.class, Plottable.class);

  private Showing() {}

  /** The forms of a value, or null if it is none of ours. */
  public static @Nullable Shown of(Object value) {
    if (value instanceof Table table) {
      return table(table);
    }
    if (value instanceof Chart<?, ?> chart) {
      return ChartImage.of(chart);
    }
    if (value instanceof Picture picture) {
      return Shown.of(picture.alt(), Shown.SVG, picture.svg());
    }
    if (value instanceof Result result) {
      return Shown.of(result.summary(), Shown.HTML, HtmlTable.of(result.table()));
    }
    if (value instanceof Tabular tabular) {
      return table(tabular.table());
    }
    if (value instanceof Plottable plottable) {
      return ChartImage.of(plottable.chart());
    }
    return null;
  }

  private static Shown table(Table table) {
    return Shown.of(TextTable.of(table), Shown.HTML, HtmlTable.of(table));
  }
}
