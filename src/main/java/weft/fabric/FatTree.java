package weft.fabric;

/**
 * A k-ary fat-tree (Al-Fares, Loukissas, Vahdat, SIGCOMM 2008, section 3): three tiers of switches
 * with k ports of one rate. Each of k pods has k/2 edge and k/2 aggregation switches, all cabled to
 * each other; aggregation switch i of every pod goes to the i-th group of k/2 core switches. Holds
 * k³/4 GPUs without blocking, on 5k²/4 switches.
 */
public final class FatTree extends FullBuilder<FatTree> {
  private static final int MOST_PORTS = 160; // 160^3 / 4 is just below the most GPUs

  private int k;

  FatTree() {}

  /** Ports of each switch, an even number: 16 for 1,024 GPUs. */
  public FatTree k(int ports) {
    if (ports < 2 || ports % 2 != 0 || ports > MOST_PORTS) {
      throw new IllegalArgumentException(
          "a fat-tree's k is an even number from 2 to %d, because half of a switch's ports face up, but was %d: write for example 16 for 1,024 GPUs"
              .formatted(MOST_PORTS, ports));
    }
    return with(f -> f.k = ports);
  }

  @Override
  public Fabric build() {
    if (k == 0) {
      throw new IllegalArgumentException(
          "a fat-tree needs the number of ports of its switches: call k(16) before build()");
    }
    int half = k / 2;
    int count = serversIn(k * k * k / 4, "a fat-tree of k = %d holds k³/4".formatted(k));
    var assembly = Assembly.ofServers(count, this);
    int edges = assembly.switches("edge", 1, k * half);
    int aggregations = assembly.switches("agg", 2, k * half);
    int cores = assembly.switches("core", 3, half * half);
    for (int g = 0; g < count * server.gpus(); g++) {
      assembly.link(assembly.port(g), edges + g / half, nic(), cable);
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
    return assembly.fabric("fat-tree");
  }

  /** As a cell writes it, with what was chosen and what was not. */
  @Override
  public String toString() {
    return "fatTree(): k %s, %s, %s".formatted(k == 0 ? "not given" : k, serversText(), common());
  }
}
