package weft.job;

import java.awt.Color;
import java.util.List;
import java.util.function.Function;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;
import weft.report.Charts;
import weft.report.Digits;

/** Each job's step at full NIC rate, alone and beside others. */
final class JobsChart {
  private JobsChart() {}

  static CategoryChart of(JobsRun run, String fabric, List<String> jobs) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(Charts.WIDTH)
            .height(Charts.HEIGHT)
            .title("Steps on " + fabric)
            .yAxisTitle("step (s)")
            .xAxisTitle("job")
            .build();
    chart
        .getStyler()
        .setYAxisTickLabelsFormattingFunction(Digits::of)
        .setYAxisMin(0.0)
        .setPlotGridLinesColor(new Color(0xDDDDDD))
        .setPlotGridVerticalLinesVisible(false)
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setLegendPosition(Styler.LegendPosition.OutsideS)
        .setLegendLayout(Styler.LegendLayout.Horizontal)
        .setLegendBorderColor(Color.WHITE)
        .setSeriesColors(
            new Color[] {new Color(0x0072B2), new Color(0x009E73), new Color(0xD55E00)});
    add(chart, "NICs at full rate", jobs, run::ideal);
    add(chart, "alone here", jobs, run::alone);
    add(chart, "beside the others", jobs, run::step);
    return chart;
  }

  private static void add(
      CategoryChart chart, String name, List<String> jobs, Function<String, StepTime> step) {
    chart.addSeries(name, jobs, jobs.stream().map(job -> step.apply(job).seconds()).toList());
  }
}
