package weft.routing;

import weft.units.Check;

/**
 * Adaptive routing for every packet: the shortest queue of this switch, among all candidates or
 * among a few drawn ones. A few are nearly as good as all ("the power of two choices", Mitzenmacher
 * 2001) and, where many decide at once by the same old news, better. With the best of the last time
 * remembered it is DRILL (Ghorbani et al., SIGCOMM 2017).
 *
 * @param drawn candidates looked at, from 1; {@link #ALL} of them
 */
public record Adaptive(int drawn) implements LoadBalancing {
  /** Every candidate is looked at. */
  public static final int ALL = Integer.MAX_VALUE;

  /**
   * @throws IllegalArgumentException if nothing would be looked at
   */
  public Adaptive {
    Check.atLeast(1, "the candidates looked at", drawn, "write 2, or Adaptive.perPacket() for all");
  }

  /** The shortest queue of all candidates; of equal ones a drawn one. */
  public static Adaptive perPacket() {
    return new Adaptive(ALL);
  }

  /** The shortest queue of so many drawn candidates and the one chosen last: DRILL(count, 1). */
  public Adaptive choices(int count) {
    return new Adaptive(count);
  }

  @Override
  public PortSelector open(SwitchView here) {
    return drawn == ALL ? (packet, n) -> shortest(here, n) : new Drill(here, drawn);
  }

  private static int shortest(SwitchView here, int n) {
    int best = here.random(n); // where to begin: not everybody at the first
    long least = here.queueBytes(best);
    for (int k = 1, i = best; k < n && least > 0; k++) {
      i = i + 1 == n ? 0 : i + 1;
      long queue = here.queueBytes(i);
      if (queue < least) {
        least = queue;
        best = i;
      }
    }
    return best;
  }

  @Override
  public String toString() {
    return "adaptive per packet" + (drawn == ALL ? "" : ", " + drawn + " choices");
  }

  /** Remembers the best of each group of ports, by the first of them. */
  private static final class Drill implements PortSelector {
    private final SwitchView here;
    private final int drawn;
    private final int[] remembered;

    Drill(SwitchView here, int drawn) {
      this.here = here;
      this.drawn = drawn;
      remembered = new int[here.ports()];
    }

    @Override
    public int choose(PacketView packet, int n) {
      int group = here.port(0);
      int best = Math.min(remembered[group], n - 1);
      long least = here.queueBytes(best);
      for (int k = 0; k < drawn; k++) {
        int i = here.random(n);
        long queue = here.queueBytes(i);
        if (queue <= least) { // a draw replaces its equal, or an idle port would be kept for ever
          least = queue;
          best = i;
        }
      }
      remembered[group] = best;
      return best;
    }
  }
}
