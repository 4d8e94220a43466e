package weft.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weft.experiment.Flow;
import weft.experiment.JobNetwork;

/**
 * The flows of all tenants, opened in the same order whoever sends, so that a job alone takes the
 * paths that it takes beside others.
 */
final class FlowNumbers {
  private final JobNetwork network;
  private final Map<Long, Integer> numbers = new HashMap<>();

  FlowNumbers(JobNetwork network, List<JobPhases> jobs, List<Jobs.Background> background) {
    this.network = network;
    for (JobPhases job : jobs) {
      for (Exchange exchange : job.exchanges()) {
        PairBytes pairs = exchange.pairs();
        for (int p = 0; p < pairs.size(); p++) {
          of(pairs.from(p), pairs.to(p));
        }
      }
    }
    for (Jobs.Background repeated : background) {
      for (Flow flow : repeated.traffic().flows()) {
        of(flow.source(), flow.destination());
      }
    }
  }

  int of(int source, int destination) {
    return numbers.computeIfAbsent(
        (long) source << 32 | destination, pair -> network.open(source, destination));
  }
}
