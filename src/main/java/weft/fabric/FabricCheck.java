package weft.fabric;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What must hold before an engine may run on a fabric. */
final class FabricCheck {
  private FabricCheck() {}

  static void check(Fabric fabric) {
    if (fabric.gpus() < 2) {
      throw new IllegalArgumentException(
          "a fabric joins at least 2 GPUs, but has %d: add servers".formatted(fabric.gpus()));
    }
    for (Link link : fabric.links()) {
      checkEnds(fabric, link);
    }
    checkConnected(fabric);
  }

  private static void checkEnds(Fabric fabric, Link link) {
    int nodes = fabric.nodes().size();
    for (int end : new int[] {link.a(), link.b()}) {
      if (end < 0 || end >= nodes) {
        throw new IllegalArgumentException(
            "a link names node %d, but the nodes are 0 to %d: name one of those"
                .formatted(end, nodes - 1));
      }
    }
    if (link.a() == link.b()) {
      throw new IllegalArgumentException(
          "a link joins two nodes, but both ends are "
              + fabric.nodes().get(link.a()).name()
              + ": change one of them");
    }
  }

  /** GPUs do not forward for others, so a path may end at one but not pass through. */
  private static void checkConnected(Fabric fabric) {
    var neighbours = new ArrayList<List<Integer>>();
    fabric.nodes().forEach(n -> neighbours.add(new ArrayList<>()));
    for (Link link : fabric.links()) {
      neighbours.get(link.a()).add(link.b());
      neighbours.get(link.b()).add(link.a());
    }
    int start = fabric.node(0);
    boolean[] reached = new boolean[fabric.nodes().size()];
    var queue = new ArrayDeque<>(List.of(start));
    reached[start] = true;
    while (!queue.isEmpty()) {
      int node = queue.remove();
      if (node != start && !fabric.nodes().get(node).role().forwards()) {
        continue;
      }
      for (int next : neighbours.get(node)) {
        if (!reached[next]) {
          reached[next] = true;
          queue.add(next);
        }
      }
    }
    for (int gpu = 0; gpu < fabric.gpus(); gpu++) {
      if (!reached[fabric.node(gpu)]) {
        throw new IllegalArgumentException(
            "%s has no path to %s: join them by links through switches"
                .formatted(
                    fabric.nodes().get(start).name(), fabric.nodes().get(fabric.node(gpu)).name()));
      }
    }
  }
}
