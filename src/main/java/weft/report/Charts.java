package weft.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The look all charts share: notebook width, light grid, colours that colour-blind readers tell
 * apart.
 */
public final class Charts {
  /** Notebook width, in pixels. */
  public static final int WIDTH = 800;

  /** Height that suits {@link #WIDTH}, in pixels. */
  public static final int HEIGHT = 420;

  /** Letters that a legend below a chart has room for. */
  private static final int LEGEND = 100;

  /** Letters' worth of a legend's line with its margins. */
  private static final int SYMBOL = 8;

  /** Okabe and Ito's palette without its yellow, which a white page swallows. */
  private static final List<Color> COLORS =
      List.of(
          new Color(0x0072B2),
          new Color(0xD55E00),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0x56B4E9),
          new Color(0xE69F00),
          new Color(0x555555));

  private Charts() {}

  /**
   * An empty line chart; add each series with {@link #line}.
   *
   * @param xTitle what runs along the horizontal axis, with its unit
   * @param yTitle what runs along the vertical axis, with its unit
   */
  public static XYChart lines(String title, String xTitle, String yTitle) {
    return lines(title, xTitle, yTitle, WIDTH, HEIGHT);
  }

  /** {@link #lines(String, String, String)} of another size, in pixels. */
  public static XYChart lines(String title, String xTitle, String yTitle, int width, int height) {
    XYChart chart =
        new XYChartBuilder()
            .width(width)
            .height(height)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    dress(chart.getStyler());
    chart.getStyler().setXAxisTickLabelsFormattingFunction(Digits::of);
    return chart;
  }

  /** The legend to the right of a chart, one name under the other: for more than fit below it. */
  public static void legendBeside(XYChart chart) {
    chart
        .getStyler()
        .setLegendPosition(Styler.LegendPosition.OutsideE)
        .setLegendLayout(Styler.LegendLayout.Vertical);
  }

  /** The legend below a chart, or beside it where its names do not fit below. */
  public static void fitLegend(XYChart chart) {
    var lines = chart.getSeriesCollection();
    int letters = lines.stream().mapToInt(line -> line.getName().length()).sum();
    if (letters + SYMBOL * lines.size() > LEGEND) {
      legendBeside(chart);
    }
  }

  /**
   * A bar chart of one quantity, a bar each whole number; it needs no legend, because its title
   * says what is counted.
   *
   * @param from the first bar's number
   * @param heights of the bars, in the unit of the vertical axis
   */
  public static CategoryChart bars(
      String title, String xTitle, String yTitle, int from, double[] heights) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(xTitle)
            .yAxisTitle(yTitle)
            .build();
    dress(chart.getStyler());
    chart.getStyler().setLegendVisible(false);
    List<String> labels =
        IntStream.range(from, from + heights.length).mapToObj(String::valueOf).toList();
    chart.addSeries(title, labels, DoubleStream.of(heights).boxed().toList());
    return chart;
  }

  private static void dress(AxesChartStyler styler) {
    styler
        .setYAxisTickLabelsFormattingFunction(Digits::of)
        .setPlotGridLinesColor(new Color(0xDDDDDD))
        .setPlotMargin(0)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setLegendPosition(Styler.LegendPosition.OutsideS)
        .setLegendLayout(Styler.LegendLayout.Horizontal)
        .setLegendBorderColor(Color.WHITE)
        .setSeriesColors(COLORS.toArray(Color[]::new));
  }

  /** Adds a line without markers, in the next colour; a name used before gets a number. */
  public static XYSeries line(XYChart chart, String name, double[] x, double[] y) {
    String free = name;
    for (int i = 2; chart.getSeries(free) != null; i++) {
      free = name + " (" + i + ")";
    }
    var series = chart.addSeries(free, x, y);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineStyle(new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    return series;
  }

  /**
   * Puts the vertical axis's ticks at round numbers, once all lines are there. XChart puts them at
   * values of the data where these lie at equal distances, which makes 4.6875, 9.375 of a
   * distribution's steps; a series that is not drawn, with two values between, changes its mind.
   */
  public static void roundTicks(XYChart chart) {
    double least = Double.MAX_VALUE;
    double most = -Double.MAX_VALUE;
    double left = Double.MAX_VALUE;
    for (XYSeries series : chart.getSeriesCollection()) {
      least = Math.min(least, series.getYMin());
      most = Math.max(most, series.getYMax());
      left = Math.min(left, series.getXMin());
    }
    addUndrawn(chart, new double[] {left, left}, uneven(least, most));
  }

  /** {@link #roundTicks} of the horizontal axis. */
  public static void roundTicksAcross(XYChart chart) {
    double left = Double.MAX_VALUE;
    double right = -Double.MAX_VALUE;
    double least = Double.MAX_VALUE;
    for (XYSeries series : chart.getSeriesCollection()) {
      left = Math.min(left, series.getXMin());
      right = Math.max(right, series.getXMax());
      least = Math.min(least, series.getYMin());
    }
    addUndrawn(chart, uneven(left, right), new double[] {least, least});
  }

  private static double[] uneven(double from, double to) {
    return new double[] {from + (to - from) / Math.E, from + (to - from) / Math.PI};
  }

  private static void addUndrawn(XYChart chart, double[] x, double[] y) {
    chart
        .addSeries("round ticks " + chart.getSeriesCollection().size(), x, y)
        .setEnabled(false)
        .setShowInLegend(false);
  }
}
