package weft.fault;

import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node.Role;
import weft.units.Check;

/**
 * Which ports of a fabric a fault is at. A port is one direction of a link: {@code 2 l} leads from
 * end {@code a} of link {@code l} to its end {@code b}, {@code 2 l + 1} back.
 */
@FunctionalInterface
interface Target {
  /**
   * Its ports.
   *
   * @throws IllegalArgumentException if this fabric has no such thing
   */
  int[] ports(Fabric fabric);

  /** Both directions of a link. */
  static Target link(int link) {
    return fabric -> both(List.of(Check.index("link", link, fabric.links().size())));
  }

  /** Both directions of all links between two nodes. */
  static Target between(String one, String other) {
    return fabric -> {
      int a = fabric.named(one);
      int b = fabric.named(other);
      var links = fabric.linksAt(a).stream().filter(l -> end(fabric, l, a) == b).toList();
      if (links.isEmpty()) {
        throw new IllegalArgumentException(
            "a link has two ends that a cable joins, but none joins %s and %s: %s is cabled to %s"
                .formatted(one, other, one, neighbours(fabric, a)));
      }
      return both(links);
    };
  }

  private static String neighbours(Fabric fabric, int node) {
    var names =
        fabric.linksAt(node).stream()
            .map(l -> fabric.nodes().get(end(fabric, l, node)).name())
            .distinct()
            .toList();
    return String.join(", ", names.subList(0, Math.min(8, names.size())))
        + (names.size() > 8 ? " and %d more".formatted(names.size() - 8) : "");
  }

  /** Both directions of all links of a switch. */
  static Target around(String name) {
    return fabric -> both(fabric.linksAt(networkSwitch(fabric, name)));
  }

  /** What leaves a switch. */
  static Target outOf(String name) {
    return fabric -> {
      int node = networkSwitch(fabric, name);
      return fabric.linksAt(node).stream()
          .mapToInt(l -> fabric.links().get(l).a() == node ? 2 * l : 2 * l + 1)
          .toArray();
    };
  }

  private static int networkSwitch(Fabric fabric, String name) {
    int node = fabric.named(name);
    if (!fabric.nodes().get(node).role().forwards()) {
      throw new IllegalArgumentException(
          "%s is no switch but a GPU: write Fault.nicStops(...) or Fault.gpuStops(...) with its number"
              .formatted(name));
    }
    return node;
  }

  /** All links of a GPU. */
  static Target gpu(int gpu) {
    return fabric -> both(fabric.linksAt(fabric.node(gpu)));
  }

  /** A GPU's links outside NVLink: to the network or, where they are drawn, to its NICs. */
  static Target host(int gpu) {
    return fabric -> {
      int node = fabric.node(gpu);
      return both(links(fabric, node, gpu));
    };
  }

  /** A GPU's links to the network. */
  static Target nic(int gpu) {
    return fabric -> {
      int node = fabric.node(gpu);
      return both(
          links(fabric, node, gpu).stream()
              .flatMap(
                  l -> {
                    int nic = end(fabric, l, node);
                    boolean drawn = fabric.nodes().get(nic).role() == Role.NIC;
                    return drawn ? fabric.linksAt(nic).stream() : List.of(l).stream();
                  })
              .distinct()
              .toList());
    };
  }

  /** What leaves a GPU's NIC towards the network. */
  static Target outOfNic(int gpu) {
    return fabric ->
        IntStream.of(nic(gpu).ports(fabric))
            .filter(
                port -> {
                  Link link = fabric.links().get(port / 2);
                  int start = port % 2 == 0 ? link.a() : link.b();
                  boolean isNic = fabric.nodes().get(start).role() == Role.NIC;
                  return !fabric.isScaleUp(link) && (isNic || start == fabric.node(gpu));
                })
            .toArray();
  }

  private static List<Integer> links(Fabric fabric, int node, int gpu) {
    var links =
        fabric.linksAt(node).stream()
            .filter(l -> fabric.nodes().get(end(fabric, l, node)).role() != Role.NVSWITCH)
            .toList();
    if (links.isEmpty()) {
      throw new IllegalArgumentException(
          "GPU %d has no NIC, only NVLink: choose a GPU with a cable to the network"
              .formatted(gpu));
    }
    return links;
  }

  private static int end(Fabric fabric, int link, int start) {
    Link cable = fabric.links().get(link);
    return cable.a() == start ? cable.b() : cable.a();
  }

  private static int[] both(Collection<Integer> links) {
    return links.stream().flatMapToInt(l -> IntStream.of(2 * l, 2 * l + 1)).toArray();
  }
}
