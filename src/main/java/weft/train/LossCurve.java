package weft.train;

import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import weft.report.Charts;

/**
 * The loss of each step against when it was done.
 *
 * @param finishedPs by step, simulated time
 * @param losses by step
 */
@SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
record LossCurve(String name, long[] finishedPs, double[] losses) {
  /**
   * A line each.
   *
   * @param unit of time
   * @param ps of that unit
   */
  static XYChart chart(String unit, double ps, List<LossCurve> curves) {
    XYChart chart =
        Charts.lines(
            "Loss against simulated time", "simulated time (%s)".formatted(unit), "loss of a step");
    for (LossCurve curve : curves) {
      double[] clock = Arrays.stream(curve.finishedPs).mapToDouble(t -> t / ps).toArray();
      Charts.line(chart, curve.name, clock, curve.losses);
    }
    Charts.fitLegend(chart);
    return chart;
  }
}
