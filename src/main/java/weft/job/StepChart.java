package weft.job;

import java.awt.Color;
import java.util.List;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import weft.report.Charts;
import weft.report.Digits;

/** Bars with their names: a step's parts, kinds of traffic. */
final class StepChart {
  private static final int LABEL_ANGLE = 30;

  private StepChart() {}

  static CategoryChart of(String title, List<String> parts, List<Double> shares) {
    return of(title, "share of the step (%)", parts, shares);
  }

  static CategoryChart of(String title, String yTitle, List<String> parts, List<Double> shares) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(Charts.WIDTH)
            .height(Charts.HEIGHT)
            .title(title)
            .yAxisTitle(yTitle)
            .build();
    chart
        .getStyler()
        .setXAxisLabelRotation(LABEL_ANGLE)
        .setYAxisTickLabelsFormattingFunction(Digits::of)
        .setPlotGridLinesColor(new Color(0xDDDDDD))
        .setPlotGridVerticalLinesVisible(false)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setLegendVisible(false)
        .setSeriesColors(new Color[] {new Color(0x0072B2)});
    chart.addSeries("step", parts, shares);
    return chart;
  }
}
