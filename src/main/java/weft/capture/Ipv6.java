package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;
import weft.units.Check;

/**
 * The 40 bytes of an IPv6 header (RFC 8200).
 *
 * @param source the sender
 * @param destination the receiver
 * @param dscp differentiated services code point, 0 to 63
 * @param ecn the congestion mark
 * @param flowLabel 20 bits
 * @param hopLimit 0 to 255
 */
public record Ipv6(Ip source, Ip destination, int dscp, Ecn ecn, int flowLabel, int hopLimit)
    implements InternetHeader {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public Ipv6 {
    checkAddress("source", source);
    checkAddress("destination", destination);
    Check.index("DSCP", dscp, 64);
    Check.notNull("ECN", ecn, "write Ecn.ECT0");
    Check.index("flow label", flowLabel, 1 << 20);
    Check.index("hop limit", hopLimit, 256);
  }

  private static void checkAddress(String what, Ip address) {
    Check.notNull("the " + what, address, "write Ip.v6(high, low)");
    if (!address.isV6()) {
      throw new IllegalArgumentException(
          "the %s of an IPv6 packet is an IPv6 address, but was %s: write Ip.v6(high, low)"
              .formatted(what, address));
    }
  }

  /** DSCP 26, ECT(0), flow label 0, hop limit 64. */
  public static Ipv6 between(Station from, Station to) {
    Check.notNull("the sender", from, "write Station.gpu(0, 0)");
    Check.notNull("the receiver", to, "write Station.gpu(0, 1)");
    return new Ipv6(from.v6(), to.v6(), 26, Ecn.ECT0, 0, 64);
  }

  /** With another code point. */
  public Ipv6 dscp(int codePoint) {
    return new Ipv6(source, destination, codePoint, ecn, flowLabel, hopLimit);
  }

  /** With another congestion mark. */
  public Ipv6 ecn(Ecn mark) {
    return new Ipv6(source, destination, dscp, mark, flowLabel, hopLimit);
  }

  /** With another hop limit. */
  public Ipv6 hopLimit(int hops) {
    return new Ipv6(source, destination, dscp, ecn, flowLabel, hops);
  }

  @Override
  public String title() {
    return "IPv6";
  }

  @Override
  public int bytes() {
    return 40;
  }

  @Override
  public List<Field> fields() {
    return List.of(
        Field.of("DSCP", dscp),
        Field.of("ECN", ecn),
        Field.hex("flow label", 5, flowLabel),
        Field.of("hop limit", hopLimit),
        Field.of("source", source),
        Field.of("destination", destination));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    to.putInt(6 << 28 | (dscp << 2 | ecn.bits()) << 20 | flowLabel);
    to.putShort((short) inside.bytes()).put((byte) Udp.PROTOCOL).put((byte) hopLimit);
    source.put(to);
    destination.put(to);
  }
}
