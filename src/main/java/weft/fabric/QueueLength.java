package weft.fabric;

import weft.units.Check;
import weft.units.DataSize;

/**
 * How much waits in a queue, in bytes or in packets: switches are configured in the one or the
 * other.
 *
 * @param amount bytes or packets, from 0
 * @param unit which of them
 */
public record QueueLength(long amount, Unit unit) {
  /** What is counted. */
  public enum Unit {
    /** Bytes on the wire, headers included. */
    BYTES,
    /** Packets of the largest size that the transport sends. */
    PACKETS
  }

  /**
   * @throws IllegalArgumentException if the amount is negative or the unit missing
   */
  public QueueLength {
    Check.notNull("a queue length's unit", unit, "write QueueLength.packets(100)");
    if (amount < 0) {
      throw new IllegalArgumentException(
          "a queue length is 0 or more, but was %d: write for example QueueLength.packets(100)"
              .formatted(amount));
    }
  }

  /** So many bytes: {@code QueueLength.of(kib(100))}. */
  public static QueueLength of(DataSize size) {
    Check.notNull("a queue length", size, "write for example kib(100)");
    return new QueueLength(size.bytes(), Unit.BYTES);
  }

  /** So many packets of the largest size. */
  public static QueueLength packets(long count) {
    return new QueueLength(count, Unit.PACKETS);
  }

  /**
   * This length in bytes.
   *
   * @param packetBytes largest packet on the wire, headers included, bytes
   */
  public long bytes(int packetBytes) {
    return unit == Unit.BYTES ? amount : amount * packetBytes;
  }

  /** For example {@code 100 KiB} or {@code 20 packets}. */
  @Override
  public String toString() {
    return unit == Unit.BYTES ? new DataSize(amount).toString() : amount + " packets";
  }
}
