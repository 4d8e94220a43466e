package weft.fabric;

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
    checkPorts(fabric);
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

  /** A switch whose kind is known has only so many ports, of only such a rate. */
  private static void checkPorts(Fabric fabric) {
    int[] cables = new int[fabric.nodes().size()];
    for (Link link : fabric.links()) {
      for (int end : new int[] {link.a(), link.b()}) {
        cables[end]++;
        Node node = fabric.nodes().get(end);
        if (node.model().isPresent() && link.rate().compareTo(node.model().get().portRate()) > 0) {
          throw new IllegalArgumentException(
              "%s has a cable of %s, but a port of its kind (%s) has %s: lower the rate, split ports less or take a faster switch"
                  .formatted(
                      node.name(), link.rate(), node.model().get(), node.model().get().portRate()));
        }
      }
    }
    for (int n = 0; n < cables.length; n++) {
      Node node = fabric.nodes().get(n);
      if (node.model().isPresent() && cables[n] > node.model().get().ports()) {
        throw new IllegalArgumentException(
            "%s has %d cables, but its kind (%s) has %d ports: take a switch with more, split its ports, or use fewer cables"
                .formatted(node.name(), cables[n], node.model().get(), node.model().get().ports()));
      }
    }
  }

  /** GPUs do not forward for others, so a path may end at one but not pass through. */
  private static void checkConnected(Fabric fabric) {
    boolean[] reached = reached(fabric);
    for (int gpu = 0; gpu < fabric.endpoints(); gpu++) {
      if (!reached[fabric.node(gpu)]) {
        throw new IllegalArgumentException(
            "%s has no path to %s: join them by links through switches"
                .formatted(
                    fabric.nodes().get(fabric.node(0)).name(),
                    fabric.nodes().get(fabric.node(gpu)).name()));
      }
    }
  }

  private static boolean[] reached(Fabric fabric) {
    var graph = SwitchGraph.ofAllLinks(fabric);
    int start = fabric.node(0);
    boolean[] reached = new boolean[fabric.nodes().size()];
    int[] queue = new int[reached.length];
    int filled = 0;
    queue[filled++] = start;
    reached[start] = true;
    for (int i = 0; i < filled; i++) {
      int node = queue[i];
      if (node == start || fabric.nodes().get(node).role().forwards()) {
        for (int e = graph.first(node); e < graph.first(node + 1); e++) {
          int next = graph.end(e);
          if (!reached[next]) {
            reached[next] = true;
            queue[filled++] = next;
          }
        }
      }
    }
    return reached;
  }
}
