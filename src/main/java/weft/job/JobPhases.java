package weft.job;

import java.util.List;
import weft.parallel.AxisTraffic;
import weft.parallel.ParallelAxis;

/**
 * A step of a placed job as the network sees it: silence, then one axis after the other.
 *
 * @param placed the job
 * @param silentSeconds in which nothing is sent between servers that anybody waits for
 * @param exchanges in the order of the step
 */
record JobPhases(PlacedJob placed, double silentSeconds, List<Exchange> exchanges) {
  static JobPhases of(PlacedJob placed, int endpoints) {
    List<Exchange> exchanges = Exchange.of(placed, endpoints);
    StepTime step = step(placed, axis -> 1, "NICs at their full rate");
    double waited =
        exchanges.stream()
            .mapToDouble(e -> Math.min(e.aloneSeconds(), step.exposed(e.axis())))
            .sum();
    return new JobPhases(placed, Math.max(0, step.seconds() - waited), exchanges);
  }

  /** How many times longer an axis's bytes take than at the NICs' full rate. */
  interface Slowdown {
    double of(ParallelAxis axis);
  }

  /** The job's step where the network slows its axes down like this. */
  static StepTime step(PlacedJob placed, Slowdown slowdown, String network) {
    var locality =
        new Locality() {
          @Override
          public int inside(AxisTraffic row) {
            return placed.inside(row);
          }

          @Override
          public double slowdown(ParallelAxis axis) {
            return slowdown.of(axis);
          }
        };
    return StepTime.of(placed.job(), locality, network);
  }
}
