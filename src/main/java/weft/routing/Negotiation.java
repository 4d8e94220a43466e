package weft.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import weft.fabric.Fabric;

/** Negotiated congestion over the pairs of GPUs that a collective's steps join. */
final class Negotiation {
  private static final int PATIENCE = 200; // rounds without gain
  private static final double FIRST_PRICE = 0.5; // of a flow that is in the way
  private static final double RISE = 1.2; // of that price, a round
  private static final double HIGHEST_PRICE = 1e3;

  private final Fabric fabric;
  private final List<Long> pairs = new ArrayList<>();
  private final List<int[]> phasesOf = new ArrayList<>(); // by pair
  private final int[][] flows; // by phase and port
  private final double[] history; // by port: how often it was wanted by several

  Negotiation(Fabric fabric, List<Demand> demands) {
    this.fabric = fabric;
    var phasesByPair = distinctPhases(demands);
    int phases = 0;
    for (var entry : phasesByPair.entrySet()) {
      int[] active = entry.getValue().stream().mapToInt(Integer::intValue).toArray();
      pairs.add(entry.getKey());
      phasesOf.add(active);
      phases = Math.max(phases, Arrays.stream(active).max().orElse(0) + 1);
    }
    flows = new int[phases][2 * fabric.links().size()];
    history = new double[2 * fabric.links().size()];
  }

  /** The phases of each pair; phases that join the same pairs are one. */
  private static Map<Long, Set<Integer>> distinctPhases(List<Demand> demands) {
    var pairsOf = new TreeMap<Integer, TreeSet<Long>>();
    for (Demand d : demands) {
      pairsOf
          .computeIfAbsent(d.phase(), phase -> new TreeSet<>())
          .add(PathPlanner.pair(d.source(), d.destination()));
    }
    var phasesOf = new TreeMap<Long, Set<Integer>>();
    int number = 0;
    for (TreeSet<Long> together : pairsOf.values().stream().distinct().toList()) {
      for (long pair : together) {
        phasesOf.computeIfAbsent(pair, p -> new TreeSet<>()).add(number);
      }
      number++;
    }
    return phasesOf;
  }

  /** The best paths found. */
  PathPlanner paths() {
    PathPlanner best = new PathPlanner(fabric);
    var trial = new PathPlanner(fabric);
    long fewest = Long.MAX_VALUE;
    double price = FIRST_PRICE;
    for (int idle = 0; idle < PATIENCE; idle++) {
      for (int p = 0; p < pairs.size(); p++) {
        boolean first = fewest == Long.MAX_VALUE;
        if (first || collides(trial.path(pairs.get(p)), phasesOf.get(p))) {
          replace(trial, p, price);
        }
      }
      long shared = shared();
      if (shared < fewest) {
        fewest = shared;
        best = trial.copy();
        idle = 0;
      }
      if (shared == 0) {
        break;
      }
      price = Math.min(HIGHEST_PRICE, price * RISE);
    }
    return best;
  }

  private boolean collides(int[] path, int[] phases) {
    for (int phase : phases) {
      for (int port : path) {
        if (flows[phase][port] > 1) {
          return true;
        }
      }
    }
    return false;
  }

  private void replace(PathPlanner trial, int p, double price) {
    int[] phases = phasesOf.get(p);
    count(trial.path(pairs.get(p)), phases, -1);
    int[] path =
        trial.place(
            pairs.get(p),
            port -> {
              int others = 0;
              for (int phase : phases) {
                others += flows[phase][port];
              }
              return (1 + history[port]) * (1 + price * others);
            });
    count(path, phases, 1);
  }

  private void count(int[] path, int[] phases, int change) {
    for (int phase : phases) {
      for (int port : path) {
        flows[phase][port] += change;
      }
    }
  }

  /** Pairs of flows that share a port in a phase; remembers where. */
  private long shared() {
    long shared = 0;
    for (int[] inPhase : flows) {
      for (int port = 0; port < inPhase.length; port++) {
        if (inPhase[port] > 1) {
          shared += inPhase[port] * (inPhase[port] - 1L) / 2;
          history[port] += inPhase[port] - 1;
        }
      }
    }
    return shared;
  }
}
