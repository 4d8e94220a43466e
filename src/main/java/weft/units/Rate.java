package weft.units;

/**
 * A data rate. Prefixes are decimal: 1 Gb/s is 10^9 bits a second.
 *
 * @param bitsPerSecond bits a second, above 0
 */
public record Rate(long bitsPerSecond) implements Comparable<Rate> {
  private static final long PS_PER_SECOND = 1_000_000_000_000L;

  /**
   * @throws IllegalArgumentException if the rate is not above 0
   */
  public Rate {
    if (bitsPerSecond <= 0) {
      throw new IllegalArgumentException(
          "a rate must be above 0, but was %d b/s: write for example gbps(400)"
              .formatted(bitsPerSecond));
    }
  }

  static Rate of(double value, double bitsPerUnit, String unit) {
    double bits = value * bitsPerUnit;
    if (!(bits >= 1)) {
      throw new IllegalArgumentException(
          "a rate must be above 0, but was %s %s: write for example gbps(400)"
              .formatted(value, unit));
    }
    if (bits > Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a rate is at most 9.2 Eb/s (2^63 - 1 bits a second), but was %s %s: write for example gbps(400)"
              .formatted(value, unit));
    }
    return new Rate(Math.round(bits));
  }

  /** This rate in Gb/s. */
  public double gbps() {
    return bitsPerSecond / 1e9;
  }

  /** This rate in GB/s, bytes of 8 bits. */
  public double gigabytesPerSecond() {
    return bitsPerSecond / 8e9;
  }

  /** Picoseconds that one byte takes, exact for every rate that divides 8·10^12. */
  public double psPerByte() {
    return 8.0 * PS_PER_SECOND / bitsPerSecond;
  }

  /** The time that so many bytes take at this rate, rounded up to a picosecond. */
  public Time timeFor(DataSize size) {
    Check.notNull("the size to carry", size, "write for example mb(64)");
    return new Time(psFor(size.bytes()));
  }

  /**
   * {@link #timeFor} on bare numbers: picoseconds for {@code bytes}.
   *
   * @throws IllegalArgumentException if that is more than 106 days
   */
  public long psFor(long bytes) {
    if (bytes > Long.MAX_VALUE / 8 || 8e12 * bytes / bitsPerSecond >= Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a time must lie between 0 and 106 days, but %s at %s take longer: lower the size or raise the rate"
              .formatted(new DataSize(bytes), this));
    }
    long bits = 8 * bytes;
    if (bits <= (Long.MAX_VALUE - bitsPerSecond) / PS_PER_SECOND) {
      return (bits * PS_PER_SECOND + bitsPerSecond - 1) / bitsPerSecond;
    }
    long whole = bits / bitsPerSecond;
    long rest = bits % bitsPerSecond;
    return whole * PS_PER_SECOND + (long) Math.ceil(rest * 1e12 / bitsPerSecond);
  }

  /** This rate times {@code factor}. */
  public Rate times(double factor) {
    return of(bitsPerSecond * factor, 1, "b/s");
  }

  @Override
  public int compareTo(Rate other) {
    return Long.compare(bitsPerSecond, other.bitsPerSecond);
  }

  /** For example {@code 400 Gb/s}. */
  @Override
  public String toString() {
    String[] units = {"b/s", "kb/s", "Mb/s", "Gb/s", "Tb/s"};
    double value = bitsPerSecond;
    int unit = 0;
    while (value >= 999.5 && unit < units.length - 1 && !(unit == 3 && value < 10_000)) {
      value /= 1000;
      unit++;
    }
    return Quantity.digits(value) + " " + units[unit];
  }
}
