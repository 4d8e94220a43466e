package weft.routing;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weft.fabric.Fabric;

/**
 * Paths from a central controller that sees the demand, as with SDN: the largest first, each onto
 * the path whose ports are least loaded, by the sum of the squares of how long each will be busy
 * (Hedera: Al-Fares et al., NSDI 2010, place estimated demands so). All demands count as
 * simultaneous, whatever their phase. All queue pairs of a pair of GPUs take its path; what the
 * controller was not told is hashed by 5-tuple.
 */
public record StaticPaths() implements LoadBalancing {
  /** Placed before the run, largest first. */
  public static StaticPaths largestFirst() {
    return new StaticPaths();
  }

  @Override
  public LoadBalancing planned(Fabric fabric, List<Demand> demands) {
    var sizes = new HashMap<Long, Long>();
    for (Demand demand : PathPlanner.between(demands)) {
      long pair = PathPlanner.pair(demand.source(), demand.destination());
      sizes.merge(pair, demand.size().bytes(), Long::sum);
    }
    var planner = new PathPlanner(fabric);
    double[] seconds = new double[planner.ports()];
    Comparator<Map.Entry<Long, Long>> largest =
        Map.Entry.comparingByValue(Comparator.reverseOrder());
    sizes.entrySet().stream()
        .sorted(largest.thenComparing(Map.Entry.comparingByKey()))
        .forEach(e -> place(planner, seconds, e.getKey(), 8.0 * e.getValue()));
    return planner.placed(toString());
  }

  private static void place(PathPlanner planner, double[] seconds, long pair, double bits) {
    int[] path =
        planner.place(
            pair,
            port -> {
              double busy = seconds[port] + bits / planner.bitsPerSecond(port);
              return busy * busy;
            });
    for (int port : path) {
      seconds[port] += bits / planner.bitsPerSecond(port);
    }
  }

  @Override
  public PortSelector open(SwitchView here) {
    return Ecmp.fiveTuple().open(here);
  }

  @Override
  public Granularity granularity() {
    return Granularity.FLOW;
  }

  @Override
  public String toString() {
    return "static paths, largest first";
  }
}
