package weft.routing;

import weft.units.Check;

/**
 * Universal globally-adaptive load balancing by local queues, UGAL-L (Singh 2005; Kim, Dally,
 * Scott, Abts, ISCA 2008, section 4.1): at its first switch a packet compares a shortest way with
 * one over a further group that is drawn, queue times links to pass, and takes the lesser. Idle
 * fabrics so keep to shortest ways, and traffic that crowds on one global link spreads over others.
 *
 * @param thresholdBytes how much longer, in bytes of queue times links, the shortest way's queue
 *     may be before it is left
 */
public record Ugal(int thresholdBytes) implements LoadBalancing {
  /** Left as soon as the product is greater. */
  public static Ugal local() {
    return new Ugal(0);
  }

  /**
   * @throws IllegalArgumentException if the threshold is negative
   */
  public Ugal {
    Check.atLeast(0, "UGAL's threshold", thresholdBytes, "write Ugal.local()");
  }

  /** With a threshold in favour of the shortest way, bytes. */
  public Ugal threshold(int bytes) {
    return new Ugal(bytes);
  }

  @Override
  public PortSelector open(SwitchView here) {
    return (packet, n) -> choose(here, n);
  }

  private int choose(SwitchView here, int n) {
    int shortest = shortest(here, n);
    int other = Valiant.draw(here, n);
    if (shortest < 0 || here.isShortest(other)) {
      return other;
    }
    long near = here.queueBytes(shortest) * here.hops(shortest);
    long far = here.queueBytes(other) * here.hops(other);
    return near <= far + thresholdBytes ? shortest : other;
  }

  /** The shortest way with the shortest queue, or -1. */
  private static int shortest(SwitchView here, int n) {
    int best = -1;
    for (int i = 0; i < n; i++) {
      boolean better = best < 0 || here.queueBytes(i) < here.queueBytes(best);
      if (better && here.isShortest(i)) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public boolean detours() {
    return true;
  }

  @Override
  public String toString() {
    return "UGAL" + (thresholdBytes == 0 ? "" : ", threshold " + thresholdBytes + " B");
  }
}
