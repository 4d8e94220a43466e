package weft.capture;

import java.nio.ByteBuffer;

/** The ones' complement checksum of IPv4 and UDP (RFC 1071). */
final class InternetChecksum {
  private InternetChecksum() {}

  /**
   * Over {@code length} bytes from {@code start}, added to {@code sum}; an odd last byte is filled
   * up with zeros.
   */
  static int of(ByteBuffer bytes, int start, int length, long sum) {
    long total = sum;
    for (int i = 0; i < length; i++) {
      int value = bytes.get(start + i) & 0xFF;
      total += (i & 1) == 0 ? value << 8 : value;
    }
    while (total >> 16 != 0) {
      total = (total & 0xFFFF) + (total >> 16);
    }
    return (int) ~total & 0xFFFF;
  }
}
