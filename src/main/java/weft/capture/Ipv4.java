package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;
import weft.units.Check;

/**
 * The 20 bytes of an IPv4 header without options (RFC 791), never fragmented.
 *
 * @param source the sender
 * @param destination the receiver
 * @param dscp differentiated services code point, 0 to 63
 * @param ecn the congestion mark
 * @param identification 0 to 65,535
 * @param ttl time to live, 0 to 255
 */
public record Ipv4(Ip source, Ip destination, int dscp, Ecn ecn, int identification, int ttl)
    implements InternetHeader {
  private static final int DO_NOT_FRAGMENT = 0x4000;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public Ipv4 {
    checkAddress("source", source);
    checkAddress("destination", destination);
    Check.index("DSCP", dscp, 64);
    Check.notNull("ECN", ecn, "write Ecn.ECT0");
    Check.index("identification", identification, 1 << 16);
    Check.index("TTL", ttl, 256);
  }

  private static void checkAddress(String what, Ip address) {
    Check.notNull("the " + what, address, "write Ip.v4(10, 0, 0, 1)");
    if (address.isV6()) {
      throw new IllegalArgumentException(
          "the %s of an IPv4 packet is an IPv4 address, but was %s: write Ip.v4(10, 0, 0, 1)"
              .formatted(what, address));
    }
  }

  /** DSCP 26, as RoCE is often configured, ECT(0), identification 0, TTL 64. */
  public static Ipv4 between(Station from, Station to) {
    Check.notNull("the sender", from, "write Station.gpu(0, 0)");
    Check.notNull("the receiver", to, "write Station.gpu(0, 1)");
    return new Ipv4(from.v4(), to.v4(), 26, Ecn.ECT0, 0, 64);
  }

  /** With another code point. */
  public Ipv4 dscp(int codePoint) {
    return new Ipv4(source, destination, codePoint, ecn, identification, ttl);
  }

  /** With another congestion mark. */
  public Ipv4 ecn(Ecn mark) {
    return new Ipv4(source, destination, dscp, mark, identification, ttl);
  }

  /** With another identification. */
  public Ipv4 identification(int number) {
    return new Ipv4(source, destination, dscp, ecn, number, ttl);
  }

  /** With another time to live. */
  public Ipv4 ttl(int hops) {
    return new Ipv4(source, destination, dscp, ecn, identification, hops);
  }

  @Override
  public String title() {
    return "IPv4";
  }

  @Override
  public int bytes() {
    return 20;
  }

  @Override
  public List<Field> fields() {
    return List.of(
        Field.of("DSCP", dscp),
        Field.of("ECN", ecn),
        Field.of("identification", identification),
        Field.of("TTL", ttl),
        Field.of("source", source),
        Field.of("destination", destination));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    int start = to.position();
    to.put((byte) 0x45).put((byte) (dscp << 2 | ecn.bits()));
    to.putShort((short) (bytes() + inside.bytes())).putShort((short) identification);
    to.putShort((short) DO_NOT_FRAGMENT)
        .put((byte) ttl)
        .put((byte) Udp.PROTOCOL)
        .putShort((short) 0);
    source.put(to);
    destination.put(to);
    to.putShort(start + 10, (short) InternetChecksum.of(to, start, bytes(), 0));
  }
}
