package weft.job;

import java.util.Map;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.util.FastMath;
import org.knowm.xchart.XYChart;
import weft.report.Charts;

/** What checkpoints and failures leave of the time, against the interval. */
final class IntervalChart {
  private static final int POINTS = 120;

  /** How many times longer and shorter than the best intervals are drawn. */
  private static final double SPAN = 8;

  private IntervalChart() {}

  static XYChart of(String title, Map<String, CheckpointInterval> ways) {
    XYChart chart =
        Charts.lines(title, "training between two checkpoints (s)", "effective time (%)");
    double from = bests(ways).min().orElseThrow() / SPAN;
    double to = bests(ways).max().orElseThrow() * SPAN;
    ways.forEach((name, interval) -> add(chart, name, interval, from, to));
    chart.getStyler().setXAxisLogarithmic(true);
    return chart;
  }

  private static DoubleStream bests(Map<String, CheckpointInterval> ways) {
    return ways.values().stream().mapToDouble(CheckpointInterval::best);
  }

  /** Intervals shorter than a checkpoint takes to become safe do not exist. */
  private static void add(
      XYChart chart, String name, CheckpointInterval interval, double least, double to) {
    double from = Math.max(least, interval.behindSeconds());
    double[] seconds = new double[POINTS];
    double[] effective = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      seconds[i] = from * FastMath.pow(to / from, i / (POINTS - 1.0));
      effective[i] = 100 * interval.effective(seconds[i]);
    }
    Charts.line(chart, name, seconds, effective);
  }
}
