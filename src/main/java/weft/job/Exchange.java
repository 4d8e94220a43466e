package weft.job;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import weft.parallel.AxisTraffic;
import weft.parallel.ParallelAxis;

/**
 * All that a job sends between servers along one axis in a step.
 *
 * @param axis along which
 * @param pairs who sends what
 * @param aloneSeconds at the NICs' full rate
 */
record Exchange(ParallelAxis axis, PairBytes pairs, double aloneSeconds) {
  /** Of a placed job, axis by axis; none for what stays inside servers. */
  static List<Exchange> of(PlacedJob placed, int endpoints) {
    TrainingJob job = placed.job();
    Map<ParallelAxis, PairBytes> byAxis = new EnumMap<>(ParallelAxis.class);
    for (AxisTraffic row : job.plan().traffic(job.model(), job.globalBatch()).rows()) {
      placed.addTo(byAxis.computeIfAbsent(row.axis(), axis -> new PairBytes()), row);
    }
    double rate = AxisTime.NIC_SHARE * job.server().nic().bitsPerSecond() / 8;
    var exchanges = new ArrayList<Exchange>();
    byAxis.forEach(
        (axis, pairs) -> {
          if (pairs.size() > 0) {
            exchanges.add(new Exchange(axis, pairs, pairs.mostSent(endpoints) / rate));
          }
        });
    return exchanges;
  }
}
