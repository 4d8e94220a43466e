package weft.routing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import weft.fabric.Fabric;
import weft.fabric.Node;

/**
 * The ends of routes: who hands packets to each GPU. GPUs that get theirs from the same switches
 * are one group, because all routes to them are the same up to there. A NIC that is a node of its
 * own counts as part of its GPU.
 */
final class LastHops {
  final int[] group; // by node of a GPU
  final int[][] entries; // by group: the switches where its routes end
  private final int[][] hops; // by node of a GPU: neighbour, port set, neighbour, port set ...

  LastHops(Fabric fabric, Wires wires, PortSets sets) {
    group = new int[wires.nodes];
    hops = new int[wires.nodes][];
    Map<List<Integer>, Integer> numbers = new HashMap<>();
    int[][] found = new int[fabric.endpoints()][];
    for (int gpu = 0; gpu < fabric.endpoints(); gpu++) {
      int node = fabric.node(gpu);
      int[] before = before(wires, node);
      hops[node] = hops(wires, sets, node, before);
      int nic = before.length == 1 && isNic(fabric, before[0]) ? before[0] : -1;
      if (nic >= 0) {
        before = IntStream.of(before(wires, nic)).filter(n -> outside(fabric, n)).toArray();
        int[] further = hops(wires, sets, nic, before);
        hops[node] = IntStream.concat(IntStream.of(hops[node]), IntStream.of(further)).toArray();
      }
      List<Integer> key = IntStream.of(before).boxed().toList();
      group[node] = numbers.computeIfAbsent(key, k -> numbers.size());
      found[group[node]] = before;
    }
    entries = Arrays.copyOf(found, numbers.size());
  }

  /** The set of ports by which a node hands over to a GPU, or -1 where it is not next to it. */
  int from(int node, int destination) {
    int[] of = hops[destination];
    for (int i = 0; i < of.length; i += 2) {
      if (of[i] == node) {
        return of[i + 1];
      }
    }
    return -1;
  }

  private static boolean isNic(Fabric fabric, int node) {
    return fabric.nodes().get(node).role() == Node.Role.NIC;
  }

  private static boolean outside(Fabric fabric, int node) {
    return fabric.nodes().get(node).role() == Node.Role.SWITCH;
  }

  /** Nodes with a usable port to this one, ascending. */
  private static int[] before(Wires wires, int node) {
    return IntStream.of(wires.into(node)).map(p -> wires.end[p ^ 1]).distinct().sorted().toArray();
  }

  private static int[] hops(Wires wires, PortSets sets, int node, int[] before) {
    int[] hops = new int[2 * before.length];
    for (int i = 0; i < before.length; i++) {
      int from = before[i];
      int[] ports = IntStream.of(wires.into(node)).filter(p -> wires.end[p ^ 1] == from).toArray();
      hops[2 * i] = from;
      hops[2 * i + 1] = sets.of(ports, ports.length);
    }
    return hops;
  }
}
