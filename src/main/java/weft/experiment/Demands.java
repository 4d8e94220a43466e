package weft.experiment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import weft.collective.Rounds;
import weft.collective.Schedule;
import weft.routing.Demand;
import weft.units.DataSize;

/** What will be sent, for load balancing that places flows before a run. */
public final class Demands {
  private Demands() {}

  static List<Demand> of(Traffic traffic) {
    return traffic.flows().stream()
        .map(flow -> new Demand(flow.source(), flow.destination(), flow.size(), 0))
        .toList();
  }

  /** The demands of a collective whose rounds are all alike: one phase. */
  static List<Demand> of(Rounds rounds, int[] gpuOfRank, int bytesPerElement) {
    var size = new DataSize((long) rounds.count() * rounds.elements() * bytesPerElement);
    return IntStream.range(0, rounds.ranks())
        .mapToObj(rank -> new Demand(gpuOfRank[rank], gpuOfRank[rounds.to(rank)], size, 0))
        .toList();
  }

  /**
   * The demands of one execution of each schedule; steps that join the same GPUs are one phase.
   *
   * @param gpuOfRank where each rank runs
   */
  public static List<Demand> of(List<Schedule> schedules, int[] gpuOfRank, int bytesPerElement) {
    var phases = new LinkedHashMap<Set<Long>, Map<Long, Long>>(); // bytes by pair, by pairs
    for (Schedule schedule : schedules) {
      for (Map<Long, Long> step : steps(schedule, gpuOfRank, bytesPerElement)) {
        var sum = phases.computeIfAbsent(step.keySet(), pairs -> new TreeMap<>());
        step.forEach((pair, bytes) -> sum.merge(pair, bytes, Long::sum));
      }
    }
    var demands = new ArrayList<Demand>();
    int phase = 0;
    for (Map<Long, Long> together : phases.values()) {
      for (var e : together.entrySet()) {
        int source = (int) (e.getKey() >> 32);
        int destination = (int) (long) e.getKey();
        demands.add(new Demand(source, destination, new DataSize(e.getValue()), phase));
      }
      phase++;
    }
    return demands;
  }

  private static List<Map<Long, Long>> steps(
      Schedule schedule, int[] gpuOfRank, int bytesPerElement) {
    var steps = new TreeMap<Integer, Map<Long, Long>>();
    for (int t = 0; t < schedule.size(); t++) {
      if (Math.max(schedule.from(t), schedule.to(t)) >= gpuOfRank.length) {
        continue; // a switch that adds, whose way is its own
      }
      long pair = (long) gpuOfRank[schedule.from(t)] << 32 | gpuOfRank[schedule.to(t)];
      steps
          .computeIfAbsent(schedule.step(t), step -> new HashMap<>())
          .merge(pair, (long) schedule.length(t) * bytesPerElement, Long::sum);
    }
    return List.copyOf(steps.values());
  }
}
