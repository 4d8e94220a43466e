package weft.notebook.display;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.internal.chartpart.Chart;
import tech.tablesaw.api.Table;
import weft.report.Formula;
import weft.report.Picture;
import weft.report.Plottable;
import weft.report.Result;
import weft.report.Tabular;

/** How Weft shows what it knows: the one place that every kernel's renderers lead to. */
public final class Showing {
  /** The types shown, most particular first, and the forms of each, text last. */
  static final Map<Class<?>, List<String>> FORMS = forms();

  private Showing() {}

  private static Map<Class<?>, List<String>> forms() {
    var forms = new LinkedHashMap<Class<?>, List<String>>();
    forms.put(Table.class, List.of(Shown.HTML, Shown.TEXT));
    forms.put(Chart.class, List.of(Shown.PNG, Shown.TEXT));
    forms.put(Picture.class, List.of(Shown.SVG, Shown.HTML, Shown.TEXT));
    forms.put(Formula.class, List.of(Shown.LATEX, Shown.TEXT));
    forms.put(Result.class, List.of(Shown.HTML, Shown.TEXT));
    forms.put(Tabular.class, List.of(Shown.HTML, Shown.TEXT));
    forms.put(Plottable.class, List.of(Shown.PNG, Shown.TEXT));
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
      return picture(picture);
    }
    if (value instanceof Formula formula) {
      return Shown.of(formula.text(), Shown.LATEX, formula.latex());
    }
    if (value instanceof Result result) {
      return Shown.of(
          result.summary(),
          Shown.HTML,
          HtmlTable.of(result.table()) + HtmlTable.note(result.summary()));
    }
    if (value instanceof Tabular tabular) {
      return table(tabular.table());
    }
    if (value instanceof Plottable plottable) {
      return ChartImage.of(plottable.chart());
    }
    return null;
  }

  /**
   * Twice the same drawing: nbconvert 6.5 strips every shape from an SVG output when it makes a
   * page, but leaves one that stands in HTML alone.
   */
  private static Shown picture(Picture picture) {
    return new Shown(
        Map.of(
            Shown.TEXT,
            picture.alt(),
            Shown.SVG,
            picture.svg(),
            Shown.HTML,
            "<div>" + picture.svg() + "</div>"),
        Map.of());
  }

  private static Shown table(Table table) {
    return Shown.of(TextTable.of(table), Shown.HTML, HtmlTable.of(table));
  }
}
