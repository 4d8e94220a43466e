package weft.capture;

import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * An Ethernet address.
 *
 * @param bits the address as a number, 0 to 2^48 - 1
 */
public record Mac(long bits) {
  /** Where pause frames go; no bridge passes them on (IEEE 802.1Q annex, IEEE 802.3 31B). */
  public static final Mac PAUSE = new Mac(0x0180C2000001L);

  /**
   * @throws IllegalArgumentException if the number has more than 48 bits
   */
  public Mac {
    if (bits < 0 || bits >= 1L << 48) {
      throw new IllegalArgumentException(
          "a MAC address has 48 bits, but was 0x%x: write for example new Mac(0x020000000001L)"
              .formatted(bits));
    }
  }

  void put(ByteBuffer to) {
    to.putShort((short) (bits >> 32)).putInt((int) bits);
  }

  /** For example {@code 02:00:00:00:00:01}. */
  @Override
  public String toString() {
    String hex = String.format(Locale.ROOT, "%012x", bits);
    return hex.replaceAll("(..)(?!$)", "$1:");
  }
}
