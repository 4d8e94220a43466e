package weft.fabric;

import weft.cluster.Server;
import weft.units.Check;

/**
 * A k-ary fat-tree (Al-Fares, Loukissas, Vahdat, SIGCOMM 2008, section 3): three tiers of switches
 * with k ports of one rate. Each of k pods has k/2 edge and k/2 aggregation switches, all cabled to
 * each other; aggregation switch i of every pod goes to the i-th group of k/2 core switches. Holds
 * k³/4 GPUs without blocking, on 5k²/4 switches.
 *
 * <p>Defaults besides those of {@link FabricBuilder}: as many hosts of one GPU as there is room
 * for; servers fill edges one after the other.
 */
public final class FatTree extends FabricBuilder<FatTree> {
  private static final int MOST_PORTS = 160; // 160^3 / 4 is just below the most GPUs

  private int k;

  FatTree() {
    server = Server.HOST;
  }

  /** Ports of each switch, an even number: 16 for 1,024 GPUs. */
  public FatTree k(int ports) {
    if (ports < 2 || ports % 2 != 0 || ports > MOST_PORTS) {
      throw new IllegalArgumentException(
          "a fat-tree's k is an even number from 2 to %d, because half of a switch's ports face up, but was %d: write for example 16 for 1,024 GPUs"
              .formatted(MOST_PORTS, ports));
    }
    return with(f -> f.k = ports);
  }

  /** As many servers of this kind as there is room for. */
  public FatTree servers(Server kind) {
    Check.notNull("the kind of servers", kind, "write for example servers(DGX_H100)");
    return with(
        f -> {
          f.servers = 0;
          f.server = kind;
        });
  }

  @Override
  public Fabric build() {
    int half = k / 2;
    int count = checkedServers();
    var assembly = Assembly.ofServers(count, server);
    int edges = assembly.switches("edge", 1, k * half);
    int aggregations = assembly.switches("agg", 2, k * half);
    int cores = assembly.switches("core", 3, half * half);
    for (int g = 0; g < count * server.gpus(); g++) {
      assembly.link(g, edges + g / half, nic(), cable);
    }
    for (int s = 0; s < k * half; s++) {
      for (int i = 0; i < half; i++) {
        assembly.link(edges + s, aggregations + s / half * half + i, nic(), cable);
      }
    }
    for (int s = 0; s < k * half; s++) {
      for (int i = 0; i < half; i++) {
        assembly.link(aggregations + s, cores + s % half * half + i, nic(), cable);
      }
    }
    return assembly.fabric("fat-tree", this);
  }

  private int checkedServers() {
    if (k == 0) {
      throw new IllegalArgumentException(
          "a fat-tree needs the number of ports of its switches: call k(16) before build()");
    }
    int room = k * k * k / 4;
    int count = servers == 0 ? room / server.gpus() : servers;
    long gpus = (long) count * server.gpus();
    if (gpus > room) {
      throw new IllegalArgumentException(
          "a fat-tree of k = %d holds k³/4 = %,d GPUs, but %,d servers of %d have %,d: raise k or lower the servers"
              .formatted(k, room, count, server.gpus(), gpus));
    }
    if (gpus < 2) {
      throw new IllegalArgumentException(
          "a fat-tree of k = %d holds k³/4 = %,d GPUs, too few for two %s: raise k"
              .formatted(k, room, server.name()));
    }
    return count;
  }

  /** As a cell writes it, with what was chosen and what was not. */
  @Override
  public String toString() {
    return "fatTree(): k %s, %s x %s, nic %s, %s"
        .formatted(
            k == 0 ? "not given" : k,
            servers == 0 ? "as many as fit" : servers,
            server.name(),
            nic(),
            common());
  }
}
