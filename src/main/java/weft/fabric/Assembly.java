package weft.fabric;

import static weft.units.Units.ns;

import java.util.ArrayList;
import java.util.List;
import weft.cluster.Server;
import weft.units.Rate;
import weft.units.Time;

/** A fabric while its builder puts it together: nodes and cables in order. */
final class Assembly {
  private static final Time NVLINK_DELAY = ns(100);

  private final List<Node> nodes = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();

  /** GPUs of all servers, numbered from 0, and behind them an NVSwitch a server of several. */
  static Assembly ofServers(int servers, Server kind) {
    var assembly = new Assembly();
    for (int g = 0; g < servers * kind.gpus(); g++) {
      assembly.nodes.add(Node.gpu("gpu" + g, g / kind.gpus()));
    }
    if (kind.gpus() > 1) {
      for (int s = 0; s < servers; s++) {
        assembly.addNvSwitch(s, kind);
      }
    }
    return assembly;
  }

  private void addNvSwitch(int server, Server kind) {
    int nvswitch = nodes.size();
    nodes.add(Node.nvswitch("nvswitch" + server, server));
    for (int i = 0; i < kind.gpus(); i++) {
      link(server * kind.gpus() + i, nvswitch, kind.accelerator().scaleUp(), NVLINK_DELAY);
    }
  }

  /**
   * Adds switches whose names are numbered from 0.
   *
   * @return the node of the first, the others follow
   */
  int switches(String name, int tier, int count) {
    int first = nodes.size();
    for (int i = 0; i < count; i++) {
      nodes.add(Node.inTier(tier, name + i));
    }
    return first;
  }

  void link(int a, int b, Rate rate, Time delay) {
    links.add(new Link(a, b, rate, delay));
  }

  Fabric fabric(String name, FabricBuilder<?> builder) {
    return Fabric.of(name, nodes, links)
        .buffer(builder.buffer)
        .switchLatency(builder.switchLatency);
  }
}
