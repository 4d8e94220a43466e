package weft.experiment;

import java.util.Arrays;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.knowm.xchart.XYChart;
import weft.report.Charts;

/**
 * The port of a run at which most waited.
 *
 * @param port its name
 * @param micros when each sample ends, us
 * @param kilobytes the most that waited in each sample, kB
 */
@SuppressWarnings("ArrayRecordComponent") // internal, neither compared nor changed
record DeepestQueue(String port, double[] micros, double[] kilobytes) {
  /** What the queue exceeds in one sample of a hundred, kB. */
  double percentile99() {
    return new Percentile(99).evaluate(kilobytes);
  }

  void addTo(XYChart chart, String name) {
    Charts.line(chart, name, micros, Arrays.stream(kilobytes).map(kb -> kb / 1e3).toArray());
  }
}
