package weft.routing;

/**
 * Valiant routing: in a dragonfly each packet, or each flow, goes over a further group drawn at
 * random, so that any traffic loads the links between groups like random traffic, at half of their
 * rate (Kim, Dally, Scott, Abts, ISCA 2008, section 4.1). Elsewhere it draws among shortest paths.
 *
 * @param byFlow whether a flow keeps its further group
 */
public record Valiant(boolean byFlow) implements LoadBalancing {
  /** A further group for every packet. */
  public static Valiant perPacket() {
    return new Valiant(false);
  }

  /** A further group for every flow, by its 5-tuple, so that its packets stay in order. */
  public static Valiant perFlow() {
    return new Valiant(true);
  }

  @Override
  public PortSelector open(SwitchView here) {
    long seed = here.hashSeed();
    return byFlow
        ? (packet, n) -> place(here, packet.hash(seed, all(here, n)), n)
        : (packet, n) -> draw(here, n);
  }

  /** A candidate drawn so that each way beyond them is as probable as any other. */
  static int draw(SwitchView here, int n) {
    return place(here, here.random(all(here, n)), n);
  }

  private static int all(SwitchView here, int n) {
    int ways = 0;
    for (int i = 0; i < n; i++) {
      ways += here.ways(i);
    }
    return ways;
  }

  private static int place(SwitchView here, int way, int n) {
    int left = way;
    for (int i = 0; i < n - 1; i++) {
      left -= here.ways(i);
      if (left < 0) {
        return i;
      }
    }
    return n - 1;
  }

  @Override
  public boolean detours() {
    return true;
  }

  @Override
  public Granularity granularity() {
    return byFlow ? Granularity.FLOW : Granularity.PACKET;
  }

  @Override
  public String toString() {
    return byFlow ? "Valiant, per flow" : "Valiant, per packet";
  }
}
