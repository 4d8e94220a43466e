package weft.capture;

import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * The invariant CRC of RoCE: Ethernet's CRC-32 over all that no router changes. What may change on
 * the way counts as ones, and so does the local routing header that Ethernet does not have
 * (InfiniBand Architecture volume 1, 7.8.1; Annex A17.3.3).
 */
final class Icrc {
  static final int BYTES = 4;
  private static final int LOCAL_HEADER = 8;

  private Icrc() {}

  /**
   * The CRC as the number whose least significant byte is sent first.
   *
   * @param packet from the IP header or GRH, without the ICRC
   * @param headers bytes before the BTH
   * @param udp whether the last 8 of these are a UDP header
   */
  static int of(byte[] packet, int headers, boolean udp) {
    var crc = new CRC32();
    byte[] ones = new byte[LOCAL_HEADER];
    Arrays.fill(ones, (byte) 0xFF);
    crc.update(ones);
    crc.update(masked(packet, headers, udp));
    return (int) crc.getValue();
  }

  private static byte[] masked(byte[] packet, int headers, boolean udp) {
    byte[] copy = packet.clone();
    if (copy[0] >> 4 == 4) {
      set(copy, 1, 1); // DSCP and ECN
      set(copy, 8, 1); // time to live
      set(copy, 10, 2); // header checksum
    } else {
      copy[0] |= 0x0F; // traffic class and flow label
      set(copy, 1, 3);
      set(copy, 7, 1); // hop limit
    }
    if (udp) {
      set(copy, headers - 2, 2); // UDP checksum
    }
    set(copy, headers + 4, 1); // FECN, BECN and reserved bits of the BTH
    return copy;
  }

  private static void set(byte[] bytes, int from, int count) {
    Arrays.fill(bytes, from, from + count, (byte) 0xFF);
  }
}
