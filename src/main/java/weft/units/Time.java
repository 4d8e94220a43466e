package weft.units;

import java.util.Locale;

/**
 * A duration or a point on the simulated clock.
 *
 * <p>Picoseconds in a {@code long} are exact for one byte at every Ethernet rate from 1 to 1600
 * Gb/s and last 106 days.
 *
 * @param ps picoseconds, not negative
 */
public record Time(long ps) implements Comparable<Time> {
  /** No time at all. */
  public static final Time ZERO = new Time(0);

  private static final double PS_PER_SECOND = 1e12;

  /**
   * @throws IllegalArgumentException if {@code ps} is negative
   */
  public Time {
    if (ps < 0) {
      throw new IllegalArgumentException(
          "a time cannot be negative, but was %d ps: give 0 or more".formatted(ps));
    }
  }

  static Time of(double value, double psPerUnit, String unit) {
    double ps = value * psPerUnit;
    if (!(ps >= 0) || ps > Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a time must lie between 0 and 106 days, but was %s %s: write for example us(1)"
              .formatted(value, unit));
    }
    return new Time(Math.round(ps));
  }

  /** This time in seconds. */
  public double seconds() {
    return ps / PS_PER_SECOND;
  }

  /** This time in milliseconds. */
  public double millis() {
    return ps / 1e9;
  }

  /** This time in microseconds. */
  public double micros() {
    return ps / 1e6;
  }

  /** This time in nanoseconds. */
  public double nanos() {
    return ps / 1e3;
  }

  /** The sum of both times. */
  public Time plus(Time other) {
    Check.notNull("the time to add", other, "write for example us(1)");
    if (ps > Long.MAX_VALUE - other.ps) {
      throw new IllegalArgumentException(
          "a time must lie between 0 and 106 days, but %s and %s are more: lower one of them"
              .formatted(this, other));
    }
    return new Time(ps + other.ps);
  }

  /** The time from {@code other} to this one. */
  public Time minus(Time other) {
    Check.notNull("the time to subtract", other, "write for example us(1)");
    return new Time(ps - other.ps);
  }

  @Override
  public int compareTo(Time other) {
    return Long.compare(ps, other.ps);
  }

  /** Three significant digits with the unit that fits, such as {@code 16.7 us}. */
  @Override
  public String toString() {
    String[] units = {"ps", "ns", "us", "ms", "s"};
    double value = ps;
    int unit = 0;
    while (value >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return Quantity.digits(value) + " " + units[unit].toLowerCase(Locale.ROOT);
  }
}
