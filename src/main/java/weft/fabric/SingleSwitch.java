package weft.fabric;

import weft.units.Check;

/** All GPUs on one switch: no path to choose, so only the last link can be congested. */
public final class SingleSwitch extends FabricBuilder<SingleSwitch> {
  private int radix;

  SingleSwitch() {}

  /** Ports of the switch; as many as there are GPUs unless given. */
  public SingleSwitch radix(int ports) {
    Check.atLeast(2, "radix", ports, "leave it out for as many as there are GPUs");
    return with(f -> f.radix = ports);
  }

  @Override
  public Fabric build() {
    if (servers == 0) {
      throw new IllegalArgumentException(
          "a fabric needs servers: call hosts(8) or servers(2, DGX_H100) before build()");
    }
    if (radix > 0 && gpus() > radix) {
      throw new IllegalArgumentException(
          "%d GPUs need %d ports, but the switch has %d: raise radix, or join switches by leafSpine()"
              .formatted(gpus(), gpus(), radix));
    }
    var assembly = Assembly.ofServers(servers, this);
    int only = assembly.switches("switch", 1, 1);
    for (int g = 0; g < gpus(); g++) {
      assembly.link(assembly.port(g), only, nic(), cable);
    }
    return assembly.fabric("single switch");
  }

  /** As a cell writes it, with what was chosen and what was not. */
  @Override
  public String toString() {
    return "singleSwitch(): %d x %s, radix %s, %s"
        .formatted(servers, server.name(), radix == 0 ? "as needed" : radix, common());
  }
}
