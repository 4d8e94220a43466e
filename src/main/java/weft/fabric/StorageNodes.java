package weft.fabric;

import static weft.units.Units.ns;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import weft.units.Check;
import weft.units.Rate;
import weft.units.Time;

/** Cables storage nodes to a fabric's leaves. */
final class StorageNodes {
  /** 20 m, as builders have unless told. */
  private static final Time CABLE = ns(100);

  private StorageNodes() {}

  static Fabric join(Fabric fabric, int count, Rate rate) {
    Check.atLeast(1, "storage nodes", count, "write for example storage(8, gbps(200))");
    Check.notNull("the rate of storage nodes", rate, "write for example gbps(200)");
    int[] leaves = leaves(fabric);
    if (!(fabric.arrangement() instanceof Arrangement.Tiered) || leaves.length == 0) {
      throw new IllegalArgumentException(
          "storage nodes are cabled to leaves, but %s has none: take a leaf-spine or a fat-tree"
              .formatted(fabric.name()));
    }
    if (fabric.endpoints() > fabric.gpus()) {
      throw new IllegalArgumentException(
          "%s has %d storage nodes already: give all of them at once"
              .formatted(fabric.name(), fabric.endpoints() - fabric.gpus()));
    }
    List<Node> nodes = new ArrayList<>(fabric.nodes());
    List<Link> links = new ArrayList<>(fabric.links());
    for (int n = 0; n < count; n++) {
      links.add(new Link(nodes.size(), leaves[n % leaves.length], rate, CABLE));
      nodes.add(Node.storage("storage" + n));
    }
    return Fabric.of(fabric.name() + " with storage", nodes, links, fabric.arrangement())
        .with(fabric.hardware());
  }

  private static int[] leaves(Fabric fabric) {
    return IntStream.range(0, fabric.nodes().size())
        .filter(n -> fabric.nodes().get(n).isSwitch(1))
        .toArray();
  }
}
