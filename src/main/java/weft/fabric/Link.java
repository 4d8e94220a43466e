package weft.fabric;

import weft.units.Check;
import weft.units.Rate;
import weft.units.Time;

/**
 * A full-duplex cable between two nodes.
 *
 * @param a index of one end in {@link Fabric#nodes()}
 * @param b index of the other end
 * @param rate in each direction
 * @param delay propagation one way; light in fibre takes 5 ns a metre
 * @param limits queue thresholds of the ports at both ends where they differ from the run's
 */
public record Link(int a, int b, Rate rate, Time delay, PortLimits limits) {
  private static final double PS_PER_METRE = 5000;
  private static final long SLOWEST = 1_000_000; // b/s
  private static final long LONGEST_PS = 1_000_000_000_000L;

  /**
   * @throws IllegalArgumentException if rate, delay or limits are missing, the rate is below 1 Mb/s
   *     or the delay above 1 s
   */
  public Link {
    Check.notNull("a link's rate", rate, "write for example gbps(400)");
    Check.notNull("a link's delay", delay, "write for example ns(100)");
    Check.notNull("a link's limits", limits, "write PortLimits.NONE");
    if (rate.bitsPerSecond() < SLOWEST) {
      throw new IllegalArgumentException(
          "a link carries at least 1 Mb/s, but its rate was %s: write for example gbps(400)"
              .formatted(rate));
    }
    if (delay.ps() > LONGEST_PS) {
      throw new IllegalArgumentException(
          "a link's delay is at most 1 s, but was %s: 1 km of fibre takes us(5)".formatted(delay));
    }
  }

  /** A cable whose ports have the run's thresholds. */
  public Link(int a, int b, Rate rate, Time delay) {
    this(a, b, rate, delay, PortLimits.NONE);
  }

  /** Marking from the first length of the queue, of all packets above the second. */
  public Link marking(QueueLength from, QueueLength all) {
    Check.notNull("from", from, "write for example QueueLength.of(kib(100))");
    Check.notNull("all", all, "write for example QueueLength.of(kib(400))");
    return new Link(a, b, rate, delay, limits.marking(from, all));
  }

  /** Pausing the other end above the first length, letting it go on at the second. */
  public Link pausing(QueueLength pause, QueueLength resume) {
    Check.notNull("pause", pause, "write for example QueueLength.packets(50)");
    Check.notNull("resume", resume, "write for example QueueLength.packets(48)");
    return new Link(a, b, rate, delay, limits.pausing(pause, resume));
  }

  /** A queue that holds at most this before it drops. */
  public Link queue(QueueLength most) {
    Check.notNull("most", most, "write for example QueueLength.packets(200)");
    return new Link(a, b, rate, delay, limits.queue(most));
  }

  /** Length of the cable, m, if it is fibre: 5 ns a metre. */
  public double metres() {
    return delay.ps() / PS_PER_METRE;
  }

  /** The other end. */
  int other(int end) {
    return end == a ? b : a;
  }
}
