package weft.transport;

import weft.units.Check;
import weft.units.DataSize;

/**
 * What packets take on the wire, Ethernet's preamble and inter-frame gap included. The MTU of a
 * transport is the payload of one packet; a data packet adds {@link #data} to its payload.
 *
 * @param data bytes that each data packet adds
 * @param first bytes that the first packet of a message adds besides
 * @param acknowledgement bytes of an acknowledgement or NAK, whole
 * @param notification bytes of a congestion notification packet, whole
 */
public record Framing(int data, int first, int acknowledgement, int notification) {
  /** No packet is longer, headers included. */
  static final int LONGEST = (1 << 16) - 1;

  /**
   * @throws IllegalArgumentException if a number is negative or does not fit
   */
  public Framing {
    Check.atLeast(0, "a data packet's headers", data, "RoCEv2 over IPv4 has 82 B");
    Check.atLeast(0, "a first packet's further headers", first, "a RETH has 16 B");
    Check.atLeast(1, "an acknowledgement's bytes", acknowledgement, "RoCEv2's has 86 B");
    Check.atLeast(1, "a notification's bytes", notification, "RoCEv2's has 98 B");
    if (Math.max((long) data + first, Math.max(acknowledgement, notification)) > LONGEST / 2) {
      throw new IllegalArgumentException(
          "headers and acknowledgements take at most %d B, but were given %d, %d, %d and %d B: give what one packet adds"
              .formatted(LONGEST / 2, data, first, acknowledgement, notification));
    }
  }

  /**
   * Fixed numbers, as other simulators have them.
   *
   * @param headers what every data packet adds to its payload
   * @param acknowledgement an acknowledgement, whole; a notification is as long
   */
  public static Framing of(DataSize headers, DataSize acknowledgement) {
    Check.notNull("headers", headers, "write for example bytes(64)");
    Check.notNull("an acknowledgement", acknowledgement, "write for example bytes(64)");
    int answer = Math.toIntExact(Math.min(LONGEST, acknowledgement.bytes()));
    return new Framing(Math.toIntExact(Math.min(LONGEST, headers.bytes())), 0, answer, answer);
  }

  /** Refuses what is no packet's size on the wire. */
  static void checkPacket(long wireBytes) {
    if (wireBytes < 1 || wireBytes > 2 * LONGEST) {
      throw new IllegalArgumentException(
          "a packet on the wire has 1 to %d B, but was %d: RoCEv2's largest has 4194"
              .formatted(2 * LONGEST, wireBytes));
    }
  }

  /** With so many bytes more in every packet, acknowledgements included. */
  Framing with(int bytes) {
    return new Framing(data + bytes, first, acknowledgement + bytes, notification + bytes);
  }

  /** The longest data packet on the wire, bytes. */
  public long largest(DataSize mtu) {
    return mtu.bytes() + data + first;
  }

  @Override
  public String toString() {
    return "%d B a packet%s, acknowledgements %d B"
        .formatted(
            data, first == 0 ? "" : ", %d B more on a first".formatted(first), acknowledgement);
  }
}
