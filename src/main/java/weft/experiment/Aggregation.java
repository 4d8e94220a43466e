package weft.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import weft.collective.Schedule;
import weft.collective.SwitchTree;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node.Role;

/**
 * The switches that add for a collective: the NVSwitch where all ranks are in its server, otherwise
 * the ranks' leaves and the fewest tiers above them, under one root, as SHARP's trees are.
 *
 * <p>Switches are told apart like GPUs, by numbers after theirs: {@link #end}.
 */
final class Aggregation {
  private static final int NONE = -1;

  private final Fabric fabric;
  private final int[] node; // by switch of the tree, the root last
  private final SwitchTree tree;

  private Aggregation(Fabric fabric, int[] first, int[] above) {
    this.fabric = fabric;
    node =
        Arrays.stream(first)
            .flatMap(leaf -> IntStream.iterate(leaf, n -> n != NONE, n -> above[n]))
            .distinct()
            .boxed()
            .sorted(Comparator.comparingInt((Integer n) -> -depth(n, above)).thenComparing(n -> n))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] place = new int[above.length];
    for (int s = 0; s < node.length; s++) {
      place[node[s]] = s;
    }
    tree =
        new SwitchTree(
            Arrays.stream(first).map(n -> place[n]).toArray(),
            Arrays.stream(node).map(n -> above[n] == NONE ? NONE : place[above[n]]).toArray());
  }

  private static int depth(int node, int[] above) {
    return (int) IntStream.iterate(node, n -> n != NONE, n -> above[n]).count();
  }

  /**
   * The tree over these GPUs.
   *
   * @throws IllegalArgumentException if no tree of switches joins them
   */
  static Aggregation of(Fabric fabric, int[] gpuOfRank, Schedule schedule) {
    int[] above = new int[fabric.nodes().size()];
    Arrays.fill(above, NONE);
    boolean together =
        Arrays.stream(gpuOfRank).allMatch(gpu -> fabric.shareServer(gpuOfRank[0], gpu));
    int inside = together ? neighbour(fabric, gpuOfRank[0], Role.NVSWITCH) : NONE;
    if (inside != NONE) {
      int[] first = new int[gpuOfRank.length];
      Arrays.fill(first, inside);
      return new Aggregation(fabric, first, above);
    }
    checkSums(schedule, fabric, gpuOfRank);
    int[] first =
        Arrays.stream(gpuOfRank).map(gpu -> neighbour(fabric, gpu, Role.SWITCH)).toArray();
    for (int rank = 0; rank < first.length; rank++) {
      if (first[rank] == NONE) {
        throw new IllegalArgumentException(
            "%s is added up in network switches, but GPU %d is linked to none: place ranks on GPUs with a leaf"
                .formatted(schedule.name(), gpuOfRank[rank]));
      }
    }
    new SwitchGraph(fabric).tree(first, above);
    return new Aggregation(fabric, first, above);
  }

  /** Network switches add what they are sent; only NVSwitches have GPUs write through them. */
  private static void checkSums(Schedule schedule, Fabric fabric, int[] gpuOfRank) {
    boolean writes =
        IntStream.range(0, schedule.size())
            .anyMatch(t -> schedule.to(t) >= schedule.ranks() && !schedule.reduces(t));
    if (writes) {
      long servers =
          Arrays.stream(gpuOfRank)
              .map(g -> fabric.nodes().get(fabric.node(g)).server())
              .distinct()
              .count();
      throw new IllegalArgumentException(
          "in %s GPUs write through a switch to all others, which one server's NVSwitch does, but the %d ranks lie in %d servers: run AllReduce.inNetwork(), or ranks of one server"
              .formatted(schedule.name(), gpuOfRank.length, servers));
    }
  }

  /** A GPU's first switch of a kind, by its own link or its NIC's. */
  private static int neighbour(Fabric fabric, int gpu, Role role) {
    int node = fabric.node(gpu);
    for (int link : fabric.linksAt(node)) {
      int next = other(fabric.links().get(link), node);
      if (fabric.nodes().get(next).role() == role) {
        return next;
      }
    }
    for (int link : fabric.linksAt(node)) {
      int nic = other(fabric.links().get(link), node);
      if (fabric.nodes().get(nic).role() == Role.NIC) {
        for (int further : fabric.linksAt(nic)) {
          int next = other(fabric.links().get(further), nic);
          if (fabric.nodes().get(next).role() == role) {
            return next;
          }
        }
      }
    }
    return NONE;
  }

  private static int other(Link link, int node) {
    return link.a() == node ? link.b() : link.a();
  }

  /** The tree, without the places of its switches. */
  SwitchTree tree() {
    return tree;
  }

  /**
   * The number, after all GPUs', of a switch's end of a transfer: it adds and hands on by different
   * engines, so that neither waits for the other.
   *
   * @param helper of an unfolded schedule
   */
  int end(int helper, boolean adds) {
    int nodes = fabric.nodes().size();
    return fabric.endpoints() + node[helper % node.length] + (adds ? 0 : nodes);
  }

  /** The node of a helper of an unfolded schedule. */
  int node(int helper) {
    return node[helper % node.length];
  }

  /**
   * The cable by which a node of the tree reaches the next one, the first of several: its port, or
   * with a NIC between two. Both directions take the same.
   *
   * @throws IllegalArgumentException if there is none
   */
  static int[] cable(Fabric fabric, int from, int to) {
    if (from > to) {
      int[] back = cable(fabric, to, from);
      return IntStream.rangeClosed(1, back.length).map(i -> back[back.length - i] ^ 1).toArray();
    }
    int direct = port(fabric, from, to);
    if (direct != NONE) {
      return new int[] {direct};
    }
    for (int link : fabric.linksAt(from)) {
      int nic = other(fabric.links().get(link), from);
      int further = fabric.nodes().get(nic).role() == Role.NIC ? port(fabric, nic, to) : NONE;
      if (further != NONE) {
        return new int[] {port(fabric, from, nic), further};
      }
    }
    throw new IllegalArgumentException(
        "no cable joins %s and %s"
            .formatted(fabric.nodes().get(from).name(), fabric.nodes().get(to).name()));
  }

  /** The first by which two nodes are joined without another between. */
  private static int port(Fabric fabric, int from, int to) {
    return fabric.linksAt(from).stream()
        .filter(l -> other(fabric.links().get(l), from) == to)
        .mapToInt(l -> fabric.links().get(l).a() == from ? 2 * l : 2 * l + 1)
        .findFirst()
        .orElse(NONE);
  }

  /** The node that an end belongs to. */
  static int nodeOf(Fabric fabric, int end) {
    return end < fabric.endpoints()
        ? fabric.node(end)
        : (end - fabric.endpoints()) % fabric.nodes().size();
  }

  /** For provenance. */
  String told() {
    List<String> names = new ArrayList<>();
    for (int n : node) {
      names.add(fabric.nodes().get(n).name());
    }
    String root = names.remove(names.size() - 1);
    return names.isEmpty()
        ? root
        : names.stream().limit(8).collect(Collectors.joining(", "))
            + (names.size() > 8 ? " and %d more".formatted(names.size() - 8) : "")
            + " under "
            + root;
  }
}
