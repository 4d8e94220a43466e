package weft.units;

/**
 * The literals of quantities, meant to be imported statically: {@code gbps(400)}, {@code us(1)},
 * {@code kib(64)}.
 *
 * <p>Each throws {@link IllegalArgumentException} for a value that is negative, not a number, or
 * too large; a rate must be above 0.
 */
public final class Units {
  private Units() {}

  /** Picoseconds. */
  public static Time ps(double value) {
    return Time.of(value, 1, "ps");
  }

  /** Nanoseconds. */
  public static Time ns(double value) {
    return Time.of(value, 1e3, "ns");
  }

  /** Microseconds. */
  public static Time us(double value) {
    return Time.of(value, 1e6, "us");
  }

  /** Milliseconds. */
  public static Time ms(double value) {
    return Time.of(value, 1e9, "ms");
  }

  /** Seconds. */
  public static Time seconds(double value) {
    return Time.of(value, 1e12, "s");
  }

  /** Megabits a second. */
  public static Rate mbps(double value) {
    return Rate.of(value, 1e6, "Mb/s");
  }

  /** Gigabits a second. */
  public static Rate gbps(double value) {
    return Rate.of(value, 1e9, "Gb/s");
  }

  /** Terabits a second. */
  public static Rate tbps(double value) {
    return Rate.of(value, 1e12, "Tb/s");
  }

  /** Bytes. */
  public static DataSize bytes(double value) {
    return DataSize.of(value, 1, "B");
  }

  /** Kilobytes of 1,000 bytes. */
  public static DataSize kb(double value) {
    return DataSize.of(value, 1e3, "kB");
  }

  /** Megabytes of 10^6 bytes. */
  public static DataSize mb(double value) {
    return DataSize.of(value, 1e6, "MB");
  }

  /** Gigabytes of 10^9 bytes. */
  public static DataSize gb(double value) {
    return DataSize.of(value, 1e9, "GB");
  }

  /** Kibibytes of 1,024 bytes. */
  public static DataSize kib(double value) {
    return DataSize.of(value, 0x1p10, "KiB");
  }

  /** Mebibytes of 2^20 bytes. */
  public static DataSize mib(double value) {
    return DataSize.of(value, 0x1p20, "MiB");
  }

  /** Gibibytes of 2^30 bytes. */
  public static DataSize gib(double value) {
    return DataSize.of(value, 0x1p30, "GiB");
  }
}
