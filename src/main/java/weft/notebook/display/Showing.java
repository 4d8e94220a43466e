package weft.notebook.display;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;
import weft.report.Picture;
import weft.report.Plottable;
import weft.report.Result;
import weft.report.Tabular;

/** How Weft shows what it knows: the one place that every kernel's renderers lead to. */
public final class Showing {
  /** The types shown, most particular first, and the form of each beside text. */
  static final Map<Class<?>, String> FORMS = forms();

  private Showing() {}

  private static Map<Class<?>, String> forms() {
    var forms = new LinkedHashMap<Class<?>, String>();
    forms.put(Table.class, Shown.HTML);
    forms.put(Chart.class, Shown.PNG);
    forms.put(Picture.class, Shown.SVG);
    forms.put(Result.class, Shown.HTML);
    forms.put(Tabular.class, Shown.HTML);
    forms.put(Plottable.class, Shown.PNG);
    return Collections.unmodifiableMap(forms);
  }

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
