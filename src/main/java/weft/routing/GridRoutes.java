package weft.routing;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import weft.fabric.Arrangement.Grid;
import weft.fabric.Fabric;

/**
 * Shortest paths on a torus or mesh, from coordinates instead of tables: 16,384 switches would need
 * a quarter of a billion entries. What a packet has left to go in each dimension, nothing, forward,
 * back, or both alike, is one of 4ⁿ port sets of a switch.
 */
final class GridRoutes implements NextPorts {
  private static final int FORTH = 1;
  private static final int BACK = 2;

  private final Grid grid;
  private final LastHops last;
  private final int[] only; // by node that is no switch: its ports towards one
  private final int[] sizes;
  private final int[] strides;
  private final int[] sets; // by switch and what is left to go, two bits a dimension

  GridRoutes(Fabric fabric, Grid grid, Wires wires, PortSets portSets) {
    this.grid = grid;
    last = new LastHops(fabric, wires, portSets);
    sizes = grid.sizes().stream().mapToInt(s -> s).toArray();
    strides = new int[sizes.length];
    for (int d = 0; d < sizes.length; d++) {
      strides[d] = grid.stride(d);
    }
    int kinds = 1 << (2 * sizes.length);
    sets = new int[grid.switches() * kinds];
    only = new int[wires.nodes];
    for (int n = 0; n < wires.nodes; n++) {
      only[n] = isSwitch(n) ? PortSets.NONE : set(wires, portSets, n, s -> true);
    }
    for (int s = 0; s < grid.switches(); s++) {
      for (int kind = 0; kind < kinds; kind++) {
        int left = grid.dimensionOrder() ? firstOnly(kind) : kind;
        int here = s;
        sets[s * kinds + kind] =
            set(
                wires,
                portSets,
                grid.firstSwitch() + s,
                to -> isSwitch(to) && leads(here, to - grid.firstSwitch(), left));
      }
    }
  }

  /** Servers come before the switches, what adds inside of them after. */
  private boolean isSwitch(int node) {
    return node >= grid.firstSwitch() && node < grid.firstSwitch() + grid.switches();
  }

  private static int set(Wires wires, PortSets sets, int node, IntPredicate leadsTo) {
    int[] ports = IntStream.of(wires.from(node)).filter(p -> leadsTo.test(wires.end[p])).toArray();
    return sets.of(ports, ports.length);
  }

  /** Of what is left to go, the first dimension's. */
  private static int firstOnly(int kind) {
    for (int bits = 3; bits > 0 && bits <= kind; bits <<= 2) {
      if ((kind & bits) != 0) {
        return kind & bits;
      }
    }
    return kind;
  }

  /** Whether the step from one switch to another is one of those left to go. */
  private boolean leads(int from, int to, int left) {
    for (int d = 0; d < sizes.length; d++) {
      int ways = (left >> (2 * d)) & 3;
      int step = Math.floorMod(coordinate(to, d) - coordinate(from, d), sizes[d]);
      if (step != 0) {
        return ((ways & FORTH) != 0 && step == 1) || ((ways & BACK) != 0 && step == sizes[d] - 1);
      }
    }
    return false;
  }

  private int coordinate(int number, int d) {
    return number / strides[d] % sizes[d];
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
    if (!isSwitch(node)) {
      return only[node];
    }
    int here = node - grid.firstSwitch();
    int there = last.entries[last.group[destination]][0] - grid.firstSwitch();
    int kind = 0;
    for (int d = 0; d < sizes.length; d++) {
      kind |= ways(coordinate(there, d) - coordinate(here, d), sizes[d]) << (2 * d);
    }
    return sets[(here << (2 * sizes.length)) + kind];
  }

  private int ways(int difference, int size) {
    if (difference == 0) {
      return 0;
    }
    if (!grid.wraps()) {
      return difference > 0 ? FORTH : BACK;
    }
    int forth = Math.floorMod(difference, size);
    int back = size - forth;
    if (forth == back && grid.dimensionOrder()) {
      return FORTH; // one path, not two
    }
    return (forth <= back ? FORTH : 0) | (back <= forth ? BACK : 0);
  }
}
