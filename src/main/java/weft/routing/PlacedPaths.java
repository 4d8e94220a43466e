package weft.routing;

import java.util.Map;

/** Paths that were chosen for pairs of GPUs before the run; what nobody planned is hashed. */
final class PlacedPaths implements LoadBalancing {
  private final String name;
  private final Map<Long, int[]> paths; // ports by pair
  private final int[] from; // by port, the node it belongs to
  private final int[] number; // by port, among those of its node

  PlacedPaths(String name, Map<Long, int[]> paths, int[] from, int[] number) {
    this.name = name;
    this.paths = paths;
    this.from = from;
    this.number = number;
  }

  @Override
  public PortSelector open(SwitchView here) {
    PortSelector otherwise = Ecmp.fiveTuple().open(here);
    return (packet, n) -> {
      int[] path = paths.get(PathPlanner.pair(packet.source(), packet.destination()));
      if (path != null) {
        for (int port : path) {
          if (from[port] == here.node()) {
            for (int i = 0; i < n; i++) {
              if (here.port(i) == number[port]) {
                return i;
              }
            }
          }
        }
      }
      return otherwise.choose(packet, n);
    };
  }

  @Override
  public Granularity granularity() {
    return Granularity.FLOW;
  }

  @Override
  public String toString() {
    return name;
  }
}
