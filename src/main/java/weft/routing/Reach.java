package weft.routing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import weft.fabric.Arrangement;
import weft.fabric.Fabric;

/**
 * Shortest paths as tables, by a search from the last switches of every group of GPUs. Between the
 * groups of a dragonfly a link counts three times, so that a path over one of them and two links
 * inside groups is shorter than one over two.
 */
final class Reach implements NextPorts {
  private static final int FAR = Integer.MAX_VALUE;
  private static final int GLOBAL = 3;

  private final Wires wires;
  private final PortSets sets;
  private final LastHops last;
  private final byte[] length; // by port
  private final int[][] next; // by node and group: a port set; a single entry serves all groups
  private final int[] distance; // by node, to the group at hand
  private final int[][] waiting = new int[GLOBAL + 1][64]; // nodes by distance, modulo
  private final int[] waits = new int[GLOBAL + 1];

  /**
   * @param wires where paths may lead
   * @param sets gets the sets that {@link #towards} answers
   */
  Reach(Fabric fabric, Wires wires, PortSets sets) {
    this.wires = wires;
    this.sets = sets;
    last = new LastHops(fabric, wires, sets);
    length = lengths(fabric, wires);
    next = new int[wires.nodes][];
    distance = new int[wires.nodes];
    fill();
  }

  private static byte[] lengths(Fabric fabric, Wires wires) {
    byte[] lengths = new byte[wires.end.length];
    Arrays.fill(lengths, (byte) 1);
    if (fabric.arrangement() instanceof Arrangement.Groups groups) {
      for (int port = 0; port < lengths.length; port++) {
        int from = groups.groupOf(wires.end[port ^ 1]);
        int to = groups.groupOf(wires.end[port]);
        boolean global = from != to && from >= 0 && to >= 0;
        lengths[port] = (byte) (global ? GLOBAL : 1);
      }
    }
    return lengths;
  }

  @Override
  public int group(int destination) {
    return last.group[destination];
  }

  @Override
  public boolean handsOver(int node, int destination) {
    return last.from(node, destination) >= 0;
  }

  @Override
  public int towards(int node, int destination) {
    int end = last.from(node, destination);
    if (end >= 0) {
      return end;
    }
    int[] row = next[node];
    return row.length == 1 ? row[0] : row[last.group[destination]];
  }

  private void fill() {
    int groups = last.entries.length;
    int[] best = new int[64];
    for (int n = 0; n < next.length; n++) {
      int degree = wires.degree(n);
      best = degree > best.length ? new int[degree] : best;
      next[n] = new int[goesOneWay(n) ? 1 : Math.max(1, groups)];
      if (degree == 1 && goesOneWay(n)) {
        next[n][0] = sets.of(new int[] {wires.ports[wires.first[n]]}, 1);
      }
    }
    int[] choosers = IntStream.range(0, next.length).filter(n -> !goesOneWay(n)).toArray();
    var twins = new Twins(wires, last.entries, length);
    List<List<Integer>> alike = new ArrayList<>(); // by group: those behind twins of its switch
    for (int g = 0; g < groups; g++) {
      alike.add(new ArrayList<>());
      alike.get(twins.first(g)).add(g);
    }
    for (int g = 0; g < groups; g++) {
      if (!alike.get(g).isEmpty()) {
        search(last.entries[g]);
        for (int n : choosers) {
          int before = g == 0 ? PortSets.NONE : next[n][0];
          next[n][g] = sets.of(best, nearest(n, best), before);
        }
        for (int twin : alike.get(g).subList(1, alike.get(g).size())) {
          exchange(choosers, g, twin, best);
        }
      }
    }
  }

  /** Ways to a group, given those to one behind a twin, whose distances are at hand. */
  private void exchange(int[] choosers, int known, int group, int[] best) {
    for (int n : choosers) {
      next[n][group] = next[n][known];
    }
    int one = last.entries[known][0];
    int other = last.entries[group][0];
    exchangeDistances(one, other);
    for (int node : new int[] {one, other}) {
      renew(node, group, best);
      for (int i = wires.firstInto[node]; i < wires.firstInto[node + 1]; i++) {
        renew(wires.end[wires.into[i] ^ 1], group, best);
      }
    }
    exchangeDistances(one, other);
  }

  private void exchangeDistances(int one, int other) {
    int before = distance[one];
    distance[one] = distance[other];
    distance[other] = before;
  }

  private void renew(int node, int group, int[] best) {
    if (!goesOneWay(node)) {
      next[node][group] = sets.of(best, nearest(node, best));
    }
  }

  /**
   * Whether all that leaves a node takes the same port, if there is one. A switch with one port
   * left may not: what cannot arrive by it must not go there.
   */
  private boolean goesOneWay(int node) {
    int degree = wires.degree(node);
    return degree == 0 || (degree == 1 && !wires.forwards[node]);
  }

  /** Distances of all nodes to the nearest of these, through nodes that forward only. */
  private void search(int[] entries) {
    Arrays.fill(distance, FAR);
    int pending = 0;
    for (int n : entries) {
      if (wires.forwards[n]) {
        distance[n] = 0;
        pending += add(0, n);
      }
    }
    for (int d = 0; pending > 0; d++) {
      int bucket = d % (GLOBAL + 1);
      for (int i = 0; i < waits[bucket]; i++) {
        if (distance[waiting[bucket][i]] == d) {
          pending += spread(waiting[bucket][i], d);
        }
      }
      pending -= waits[bucket];
      waits[bucket] = 0;
    }
  }

  private int spread(int node, int d) {
    int added = 0;
    for (int i = wires.firstInto[node]; i < wires.firstInto[node + 1]; i++) {
      int port = wires.into[i];
      int before = wires.end[port ^ 1];
      if (wires.forwards[before] && d + length[port] < distance[before]) {
        distance[before] = d + length[port];
        added += add(distance[before], before);
      }
    }
    return added;
  }

  private int add(int d, int node) {
    int bucket = d % (GLOBAL + 1);
    if (waits[bucket] == waiting[bucket].length) {
      waiting[bucket] = Arrays.copyOf(waiting[bucket], 2 * waits[bucket]);
    }
    waiting[bucket][waits[bucket]++] = node;
    return 1;
  }

  private int nearest(int node, int[] best) {
    int least = FAR;
    int found = 0;
    for (int i = wires.first[node]; i < wires.first[node + 1]; i++) {
      int port = wires.ports[i];
      int beyond = distance[wires.end[port]];
      int d = beyond == FAR ? FAR : beyond + length[port];
      if (d < least) {
        least = d;
        found = 0;
      }
      if (d == least && d != FAR) {
        best[found++] = port;
      }
    }
    return found;
  }
}
