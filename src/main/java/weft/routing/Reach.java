package weft.routing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weft.fabric.Fabric;
import weft.fabric.Link;

/** Shortest paths over some of a fabric's links: breadth-first search from every group of GPUs. */
final class Reach {
  private static final int FAR = Integer.MAX_VALUE;

  private final Fabric fabric;
  private final List<List<Integer>> portsOf = new ArrayList<>(); // by node, ports leading away
  private final int[] end; // by port, the node it leads to
  private final int[] group; // by node; GPUs with the same neighbours are one group
  private final int[][] next; // by node and group: a port set; a single entry serves all groups
  private final int[][] lastHop; // by GPU node: neighbour, port set, neighbour, port set ...
  private final Map<List<Integer>, Integer> known = new HashMap<>();
  private int[] sets = new int[64]; // a port set: how many, then the ports
  private int used;

  private Reach(Fabric fabric, List<Boolean> usable) {
    this.fabric = fabric;
    int nodes = fabric.nodes().size();
    end = new int[2 * fabric.links().size()];
    group = new int[nodes];
    next = new int[nodes][];
    lastHop = new int[nodes][];
    for (int n = 0; n < nodes; n++) {
      portsOf.add(new ArrayList<>());
    }
    for (int l = 0; l < usable.size(); l++) {
      Link link = fabric.links().get(l);
      end[2 * l] = link.b();
      end[2 * l + 1] = link.a();
      if (usable.get(l)) {
        portsOf.get(link.a()).add(2 * l);
        portsOf.get(link.b()).add(2 * l + 1);
      }
    }
    setOf(List.of());
    fill(grouped());
    known.clear();
  }

  /**
   * @param usable by link: whether paths may lead over it
   */
  static Reach through(Fabric fabric, List<Boolean> usable) {
    return new Reach(fabric, usable);
  }

  int towards(int node, int destination) {
    int[] hops = lastHop[destination];
    for (int i = 0; i < hops.length; i += 2) {
      if (hops[i] == node) {
        return hops[i + 1];
      }
    }
    int[] row = next[node];
    return row.length == 1 ? row[0] : row[group[destination]];
  }

  int count(int set) {
    return sets[set];
  }

  int port(int set, int i) {
    return sets[set + 1 + i];
  }

  /** The neighbours of each group, in order of first appearance. */
  private List<List<Integer>> grouped() {
    var groups = new ArrayList<List<Integer>>();
    var numbers = new HashMap<List<Integer>, Integer>();
    for (int gpu = 0; gpu < fabric.gpus(); gpu++) {
      int node = fabric.node(gpu);
      var neighbours = portsOf.get(node).stream().map(p -> end[p]).distinct().sorted().toList();
      group[node] = numbers.computeIfAbsent(neighbours, n -> groups.size());
      if (group[node] == groups.size()) {
        groups.add(neighbours);
      }
      lastHop[node] = lastHops(node, neighbours);
    }
    return groups;
  }

  private int[] lastHops(int gpuNode, List<Integer> neighbours) {
    int[] hops = new int[2 * neighbours.size()];
    for (int i = 0; i < neighbours.size(); i++) {
      int neighbour = neighbours.get(i);
      hops[2 * i] = neighbour;
      hops[2 * i + 1] =
          setOf(portsOf.get(neighbour).stream().filter(p -> end[p] == gpuNode).toList());
    }
    return hops;
  }

  private void fill(List<List<Integer>> groups) {
    for (int n = 0; n < next.length; n++) {
      boolean only = portsOf.get(n).size() <= 1;
      next[n] = new int[only ? 1 : Math.max(1, groups.size())];
      if (only) {
        next[n][0] = setOf(portsOf.get(n));
      }
    }
    for (int g = 0; g < groups.size(); g++) {
      int[] distance = distances(groups.get(g));
      for (int n = 0; n < next.length; n++) {
        if (portsOf.get(n).size() > 1) {
          next[n][g] = nearest(n, distance);
        }
      }
    }
  }

  /** Hops to the nearest of the given neighbours, through switches only. */
  private int[] distances(List<Integer> neighbours) {
    int[] distance = new int[next.length];
    Arrays.fill(distance, FAR);
    var queue = new ArrayDeque<Integer>();
    for (int n : neighbours) {
      if (forwards(n)) {
        distance[n] = 0;
        queue.add(n);
      }
    }
    while (!queue.isEmpty()) {
      int node = queue.remove();
      for (int port : portsOf.get(node)) {
        int far = end[port];
        if (forwards(far) && distance[far] == FAR) {
          distance[far] = distance[node] + 1;
          queue.add(far);
        }
      }
    }
    return distance;
  }

  private int nearest(int node, int[] distance) {
    int least = FAR;
    var best = new ArrayList<Integer>();
    for (int port : portsOf.get(node)) {
      int d = distance[end[port]];
      if (d < least) {
        least = d;
        best.clear();
      }
      if (d == least && d != FAR) {
        best.add(port);
      }
    }
    return setOf(best);
  }

  private boolean forwards(int node) {
    return fabric.nodes().get(node).role().forwards();
  }

  private int setOf(List<Integer> ports) {
    Integer before = known.get(ports);
    if (before != null) {
      return before;
    }
    if (used + ports.size() >= sets.length) {
      sets = Arrays.copyOf(sets, 2 * sets.length + ports.size());
    }
    int set = used;
    sets[used++] = ports.size();
    for (int port : ports) {
      sets[used++] = port;
    }
    known.put(List.copyOf(ports), set);
    return set;
  }
}
