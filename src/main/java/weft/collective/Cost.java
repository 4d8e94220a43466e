package weft.collective;

import java.util.Arrays;
import weft.units.Check;
import weft.units.Rate;
import weft.units.Time;

/**
 * What a collective costs in the alpha-beta-gamma model: {@code rounds·α + bytes·β + reduced·γ}
 * (Hockney 1994; Thakur, Rabenseifner and Gropp, IJHPCA 2005, section 3).
 *
 * <p>All ranks take each round together, on full-duplex ports: a round lasts α and as long as the
 * rank that sends or receives most in it needs. Contention inside the network is not in it.
 *
 * @param rounds how many times a latency passes
 * @param bytes what the busiest port carries, summed over the rounds
 * @param reduced bytes that the busiest rank adds to its own, summed over the rounds
 */
public record Cost(double rounds, double bytes, double reduced) {
  /** Nothing to do. */
  public static final Cost NONE = new Cost(0, 0, 0);

  /** What a schedule comes to, counted from its transfers; helpers' ports are not counted. */
  public static Cost of(Schedule schedule) {
    int ranks = schedule.ranks();
    long[] sent = new long[ranks];
    long[] received = new long[ranks];
    long[] added = new long[ranks];
    long busiest = 0;
    long reduced = 0;
    for (int t = 0, end; t < schedule.size(); t = end) {
      Arrays.fill(sent, 0);
      Arrays.fill(received, 0);
      Arrays.fill(added, 0);
      for (end = t; end < schedule.size() && schedule.step(end) == schedule.step(t); end++) {
        int length = schedule.length(end);
        if (schedule.from(end) < ranks) {
          sent[schedule.from(end)] += length;
        }
        if (schedule.to(end) < ranks) {
          received[schedule.to(end)] += length;
          added[schedule.to(end)] += schedule.reduces(end) ? length : 0;
        }
      }
      busiest += Math.max(most(sent), most(received));
      reduced += most(added);
    }
    double bytes = SizedCollective.BYTES_PER_ELEMENT;
    return new Cost(schedule.steps(), busiest * bytes, reduced * bytes);
  }

  private static long most(long[] values) {
    return Arrays.stream(values).max().orElse(0);
  }

  /** This cost and then another. */
  public Cost then(Cost next) {
    return new Cost(rounds + next.rounds, bytes + next.bytes, reduced + next.reduced);
  }

  /**
   * The time with additions for free.
   *
   * @param latency α, of each round
   * @param rate of a rank's port, 1/β
   */
  public Time time(Time latency, Rate rate) {
    return time(latency, rate, 0);
  }

  /**
   * The time.
   *
   * @param latency α, of each round
   * @param rate of a rank's port, 1/β
   * @param adding rate at which a rank adds what arrives, 1/γ
   */
  public Time time(Time latency, Rate rate, Rate adding) {
    Check.notNull("the rate of adding", adding, "write for example gbps(8000), or leave it out");
    return time(latency, rate, adding.psPerByte());
  }

  private Time time(Time latency, Rate rate, double psPerByteAdded) {
    Check.notNull("a latency", latency, "write for example us(5)");
    Check.notNull("a port's rate", rate, "write for example gbps(400)");
    double ps = rounds * latency.ps() + bytes * rate.psPerByte() + reduced * psPerByteAdded;
    if (ps >= Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a time must lie between 0 and 106 days, but %s takes longer at %s: lower the size or raise the rate"
              .formatted(this, rate));
    }
    return new Time(Math.round(ps));
  }
}
