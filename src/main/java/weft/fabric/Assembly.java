package weft.fabric;

import static weft.units.Units.ns;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.cluster.Server;
import weft.cluster.SwitchModel;
import weft.units.Rate;
import weft.units.Time;

/** A fabric while its builder puts it together: nodes and cables in order. */
final class Assembly {
  private static final Time INSIDE = ns(100); // a server, by NVLink and PCIe

  private final FabricBuilder<?> builder;
  private final Server server;
  private final List<Node> nodes = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();
  private int firstNic = -1;

  private Assembly(FabricBuilder<?> builder) {
    this.builder = builder;
    this.server = builder.server;
  }

  /**
   * GPUs of all servers, numbered from 0, behind them an NVSwitch a server of several, and NICs if
   * they are to be apart.
   */
  static Assembly ofServers(int servers, FabricBuilder<?> builder) {
    var assembly = new Assembly(builder);
    int perServer = assembly.server.gpus();
    for (int g = 0; g < servers * perServer; g++) {
      assembly.nodes.add(Node.gpu("gpu" + g, g / perServer));
    }
    for (int s = 0; s < servers && perServer > 1; s++) {
      assembly.addNvSwitch(s);
    }
    if (builder.nicsApart) {
      assembly.addNics(servers * perServer);
    }
    return assembly;
  }

  private void addNvSwitch(int number) {
    int nvswitch = nodes.size();
    nodes.add(Node.nvswitch("nvswitch" + number, number));
    for (int i = 0; i < server.gpus(); i++) {
      link(number * server.gpus() + i, nvswitch, server.accelerator().scaleUp(), INSIDE);
    }
  }

  private void addNics(int gpus) {
    firstNic = nodes.size();
    Rate rate = builder.nic().compareTo(server.pcie()) < 0 ? builder.nic() : server.pcie();
    for (int g = 0; g < gpus; g++) {
      nodes.add(Node.nic("nic" + g, g / server.gpus()).withLatency(Time.ZERO));
      link(g, firstNic + g, rate, INSIDE);
    }
  }

  /** Lets every GPU reach the NICs of its server's others by NVLink. */
  void relayOverNvLink(int servers) {
    for (int g = 0; g < servers * server.gpus() && server.gpus() > 1; g++) {
      int nvswitch = servers * server.gpus() + g / server.gpus();
      link(nvswitch, firstNic + g, server.accelerator().scaleUp(), INSIDE);
    }
  }

  /** What a cable to a GPU is plugged into: the GPU or its NIC. */
  int port(int gpu) {
    return firstNic < 0 ? gpu : firstNic + gpu;
  }

  /**
   * Adds switches whose names are numbered from 0.
   *
   * @return the node of the first, the others follow
   */
  int switches(String name, int tier, int count) {
    return switches(name, "", tier, 0, count);
  }

  /**
   * Adds switches.
   *
   * @param suffix what follows the number in their names
   * @param from the number of the first
   * @return the node of the first, the others follow
   */
  int switches(String name, String suffix, int tier, int from, int count) {
    int first = nodes.size();
    @Nullable SwitchModel model = builder.model();
    for (int i = 0; i < count; i++) {
      Node node = Node.inTier(tier, name + (from + i) + suffix);
      nodes.add(model == null ? node : node.withModel(model));
    }
    return first;
  }

  void link(int a, int b, Rate rate, Time delay) {
    links.add(new Link(a, b, rate, delay));
  }

  Fabric fabric(String name) {
    return fabric(name, new Arrangement.Tiered());
  }

  Fabric fabric(String name, Arrangement arrangement) {
    return Fabric.of(name, nodes, links, arrangement).with(builder.hardware);
  }
}
