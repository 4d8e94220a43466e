package weft.transport;

import static weft.units.Units.gbps;
import static weft.units.Units.kb;

import org.jspecify.annotations.Nullable;
import weft.report.Digits;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Rate;

/**
 * Random early detection that marks ECN: a packet that leaves {@code q} bytes behind in its output
 * queue is marked with probability 0 below Kmin, {@code (q - Kmin)/(Kmax - Kmin) Pmax} up to Kmax,
 * 1 above.
 *
 * <p>The mark is set as the packet leaves, as shared-buffer switches do, so that it tells of the
 * queue now and not of the queue it waited in (Zhu et al., CoNEXT 2016, who show that DCQCN's
 * stability rests on it).
 *
 * @param kmin Kmin
 * @param kmax Kmax, at least Kmin
 * @param pmax probability at Kmax, in [0, 1]
 * @param scaledFrom the port rate that both thresholds are meant for, from which they are scaled to
 *     each port; {@code null} when they hold for every port
 */
public record Red(DataSize kmin, DataSize kmax, double pmax, @Nullable Rate scaledFrom) {
  /**
   * @throws IllegalArgumentException if Kmax is below Kmin or Pmax outside [0, 1]
   */
  public Red {
    Check.notNull("Kmin", kmin, "write for example kb(100)");
    Check.notNull("Kmax", kmax, "write for example kb(400)");
    if (kmax.compareTo(kmin) < 0) {
      throw new IllegalArgumentException(
          "Kmax must not lie below Kmin, but Kmin is %s and Kmax %s: swap them"
              .formatted(kmin, kmax));
    }
    if (!(pmax >= 0 && pmax <= 1)) {
      throw new IllegalArgumentException(
          "Pmax is a probability from 0 to 1, but was " + pmax + ": 20 % is 0.2");
    }
  }

  /** Marks nothing. */
  public static Red never() {
    DataSize endless = new DataSize(Long.MAX_VALUE);
    return new Red(endless, endless, 0, null);
  }

  /** The same thresholds on every port. */
  public static Red of(DataSize kmin, DataSize kmax, double pmax) {
    return new Red(kmin, kmax, pmax, null);
  }

  /**
   * Kmin 100 kB and Kmax 400 kB for each 25 Gb/s of the port, Pmax 0.2: 1.6 MB and 6.4 MB at 400
   * Gb/s (HPCC authors' simulator, {@code simulation/run.py}).
   */
  public static Red scaled() {
    return new Red(kb(100), kb(400), 0.2, gbps(25));
  }

  /** Kmin of a port of this rate, bytes. */
  public long kmin(Rate port) {
    return scale(kmin, port);
  }

  /** Kmax of a port of this rate, bytes. */
  public long kmax(Rate port) {
    return scale(kmax, port);
  }

  @Override
  public String toString() {
    if (equals(never())) {
      return "none";
    }
    return "RED, Kmin %s, Kmax %s, Pmax %s%s"
        .formatted(
            kmin, kmax, Digits.of(pmax), scaledFrom == null ? "" : ", for a port of " + scaledFrom);
  }

  private long scale(DataSize threshold, Rate port) {
    Check.notNull("the port's rate", port, "write for example gbps(400)");
    return scaledFrom == null
        ? threshold.bytes()
        : Math.round(
            (double) threshold.bytes() * port.bitsPerSecond() / scaledFrom.bitsPerSecond());
  }
}
