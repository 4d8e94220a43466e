package weft.units;

/**
 * An amount of data. {@code kb, mb, gb} are powers of ten, {@code kib, mib, gib} powers of two.
 *
 * @param bytes bytes, not negative
 */
public record DataSize(long bytes) implements Comparable<DataSize> {
  /**
   * @throws IllegalArgumentException if {@code bytes} is negative
   */
  public DataSize {
    if (bytes < 0) {
      throw new IllegalArgumentException(
          "a data size cannot be negative, but was %d B: give 0 or more".formatted(bytes));
    }
  }

  static DataSize of(double value, double bytesPerUnit, String unit) {
    double bytes = value * bytesPerUnit;
    if (!(bytes >= 0) || bytes > Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a data size must lie between 0 and 9.2 EB (2^63 - 1 bytes), but was %s %s: give a number in that range"
              .formatted(value, unit));
    }
    return new DataSize(Math.round(bytes));
  }

  /** The sum of both sizes. */
  public DataSize plus(DataSize other) {
    Check.notNull("the size to add", other, "write for example mb(64)");
    if (bytes > Long.MAX_VALUE - other.bytes) {
      throw new IllegalArgumentException(
          "a data size is at most 9.2 EB (2^63 - 1 bytes), but %s and %s are more: lower one of them"
              .formatted(this, other));
    }
    return new DataSize(bytes + other.bytes);
  }

  /** This size {@code factor} times, rounded to a byte. */
  public DataSize times(double factor) {
    return of(bytes * factor, 1, "B");
  }

  @Override
  public int compareTo(DataSize other) {
    return Long.compare(bytes, other.bytes);
  }

  /** For example {@code 64 KiB} where that is a short number, otherwise {@code 1.5 MB}. */
  @Override
  public String toString() {
    if (bytes >= 1024 && bytes % 1024 == 0) {
      return scaled(1024, "KiB", "MiB", "GiB", "TiB");
    }
    return decimal();
  }

  /** In powers of ten whatever the number, to compare with other sizes: {@code 80 GB}. */
  public String decimal() {
    return bytes < 1000 ? bytes + " B" : scaled(1000, "kB", "MB", "GB", "TB");
  }

  private String scaled(double base, String... units) {
    double value = bytes / base;
    int unit = 0;
    while (value >= base - 0.5 && unit < units.length - 1) {
      value /= base;
      unit++;
    }
    return Quantity.digits(value) + " " + units[unit];
  }
}
