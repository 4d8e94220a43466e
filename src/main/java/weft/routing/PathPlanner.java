package weft.routing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weft.fabric.Fabric;

/**
 * Finds the least costly of the shortest paths between two GPUs, where a path costs what its ports
 * cost together, and keeps what was chosen.
 */
final class PathPlanner {
  /** What it costs to take a port. */
  @FunctionalInterface
  interface Cost {
    /** From 0. */
    double of(int port);
  }

  private final Fabric fabric;
  private final Routes routes;
  private final Map<Long, int[]> chosen = new HashMap<>(); // ports by pair, from the source on
  private int[] path = new int[16];
  private int[] best = new int[16];
  private int bestLength;
  private double bestCost;

  PathPlanner(Fabric fabric) {
    this(fabric, Routes.of(fabric));
  }

  private PathPlanner(Fabric fabric, Routes routes) {
    this.fabric = fabric;
    this.routes = routes;
  }

  /** What was chosen so far, to be gone on with apart. */
  PathPlanner copy() {
    var copy = new PathPlanner(fabric, routes);
    copy.chosen.putAll(chosen);
    return copy;
  }

  static long pair(int source, int destination) {
    return (long) source << 32 | destination;
  }

  int ports() {
    return 2 * fabric.links().size();
  }

  double bitsPerSecond(int port) {
    return fabric.links().get(port >> 1).rate().bitsPerSecond();
  }

  /** The ports chosen for a pair, in the order passed; none before {@link #place}. */
  int[] path(long pair) {
    return chosen.getOrDefault(pair, new int[0]);
  }

  /**
   * Gives a pair the least costly path, of equal ones the first in the order of the links.
   *
   * @throws IllegalArgumentException if a GPU does not exist
   */
  int[] place(long pair, Cost cost) {
    int destination = (int) pair;
    bestCost = Double.POSITIVE_INFINITY;
    bestLength = 0;
    search(fabric.node((int) (pair >> 32)), destination, 0, 0, cost);
    int[] found = Arrays.copyOf(best, bestLength);
    chosen.put(pair, found);
    return found;
  }

  private void search(int node, int gpu, int length, double sum, Cost cost) {
    if (sum >= bestCost) {
      return;
    }
    if (node == fabric.node(gpu)) {
      bestCost = sum;
      bestLength = length;
      best = path.clone();
      return;
    }
    if (length == path.length) {
      path = Arrays.copyOf(path, 2 * length);
    }
    int handle = routes.towards(node, gpu);
    for (int i = 0; i < routes.count(handle); i++) {
      int port = routes.port(handle, i);
      path[length] = port;
      search(routes.endOf(port), gpu, length + 1, sum + cost.of(port), cost);
    }
  }

  /** The paths chosen so far as load balancing; all else is hashed. */
  LoadBalancing placed(String name) {
    int[] number = new int[ports()];
    int[] degree = new int[fabric.nodes().size()];
    int[] from = new int[ports()];
    for (int port = 0; port < number.length; port++) {
      from[port] = routes.endOf(port ^ 1);
      number[port] = degree[from[port]]++;
    }
    return new PlacedPaths(name, Map.copyOf(chosen), from, number);
  }

  /** The pairs of these demands that are not at one GPU. */
  static List<Demand> between(List<Demand> demands) {
    return demands.stream().filter(d -> d.source() != d.destination()).toList();
  }
}
