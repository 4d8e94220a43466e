package weft.routing;

/**
 * Weighted ECMP (WCMP): a flow's hash picks a port with a probability as the bandwidth that its
 * paths still have, where plain ECMP gives every next hop the same after links behind it have
 * failed. Zhou et al., "WCMP: weighted cost multipathing for improved fairness in data centers",
 * EuroSys 2014; in BGP the link-bandwidth community carries the weights. Switches approximate them
 * by repeated table entries; here they are exact.
 */
public record Weighted() implements LoadBalancing {
  private static final int STEPS = 1 << 30;

  /** Weights are what the shortest paths by each port can carry to the destination. */
  public static Weighted byCapacity() {
    return new Weighted();
  }

  @Override
  public PortSelector open(SwitchView here) {
    long seed = here.hashSeed();
    return (packet, n) -> {
      double total = 0;
      for (int i = 0; i < n; i++) {
        total += here.pathBitsPerSecond(i);
      }
      double point = total * packet.hash(seed, STEPS) / STEPS;
      int i = 0;
      while (i < n - 1 && (point -= here.pathBitsPerSecond(i)) >= 0) {
        i++;
      }
      return i;
    };
  }

  @Override
  public Granularity granularity() {
    return Granularity.FLOW;
  }

  @Override
  public String toString() {
    return "ECMP weighted by capacity";
  }
}
