package weft.capture;

import java.nio.ByteBuffer;
import java.util.StringJoiner;

/**
 * An IPv4 or IPv6 address.
 *
 * @param high the first 8 bytes of an IPv6 address; 0 for IPv4
 * @param low the last 8 bytes, or the 4 of IPv4
 * @param bytes 4 or 16
 */
public record Ip(long high, long low, int bytes) {
  /**
   * @throws IllegalArgumentException if it is neither 4 nor 16 bytes long, or IPv4 with more bits
   */
  public Ip {
    if (bytes != 4 && bytes != 16) {
      throw new IllegalArgumentException(
          "an IP address has 4 or 16 bytes, but was given %d: write Ip.v4(10, 0, 0, 1)"
              .formatted(bytes));
    }
    if (bytes == 4 && (high != 0 || low < 0 || low >= 1L << 32)) {
      throw new IllegalArgumentException(
          "an IPv4 address has 32 bits, but was given more: write Ip.v4(10, 0, 0, 1)");
    }
  }

  /**
   * An IPv4 address from its four numbers.
   *
   * @throws IllegalArgumentException if one is outside 0 to 255
   */
  public static Ip v4(int a, int b, int c, int d) {
    long bits = 0;
    for (int part : new int[] {a, b, c, d}) {
      if (part < 0 || part > 255) {
        throw new IllegalArgumentException(
            "the four numbers of an IPv4 address lie from 0 to 255, but one was %d: write Ip.v4(10, 0, 0, 1)"
                .formatted(part));
      }
      bits = bits << 8 | part;
    }
    return new Ip(0, bits, 4);
  }

  /** An IPv6 address from its two halves: {@code v6(0xfd00000000000000L, 1)} is fd00::1. */
  public static Ip v6(long high, long low) {
    return new Ip(high, low, 16);
  }

  /** Whether it is an IPv6 address. */
  public boolean isV6() {
    return bytes == 16;
  }

  void put(ByteBuffer to) {
    if (isV6()) {
      to.putLong(high).putLong(low);
    } else {
      to.putInt((int) low);
    }
  }

  /** Dotted for IPv4; for IPv6 the eight groups, the longest run of zeros left out (RFC 5952). */
  @Override
  public String toString() {
    if (!isV6()) {
      return "%d.%d.%d.%d".formatted(low >> 24, low >> 16 & 255, low >> 8 & 255, low & 255);
    }
    var groups = new StringJoiner(":");
    for (int g = 0; g < 8; g++) {
      groups.add(Long.toHexString(((g < 4 ? high : low) >>> (48 - 16 * (g & 3))) & 0xFFFF));
    }
    return shortened(groups.toString());
  }

  private static String shortened(String full) {
    for (int zeros = 8; zeros >= 2; zeros--) {
      String run = "0" + ":0".repeat(zeros - 1);
      int at = (":" + full + ":").indexOf(":" + run + ":");
      if (at >= 0) {
        String before = full.substring(0, Math.max(0, at - 1));
        String after = full.substring(Math.min(full.length(), at + run.length() + 1));
        return before + "::" + after;
      }
    }
    return full;
  }
}
