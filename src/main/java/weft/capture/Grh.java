package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;
import weft.units.Check;

/**
 * The 40 bytes of a global routing header: what RoCEv1 has in IP's place, directly behind EtherType
 * 0x8915. No IP router knows it, so RoCEv1 ends where its Ethernet ends.
 *
 * @param source the sender's GID
 * @param destination the receiver's GID
 * @param trafficClass 0 to 255
 * @param flowLabel 20 bits
 * @param hopLimit 0 to 255
 */
public record Grh(Ip source, Ip destination, int trafficClass, int flowLabel, int hopLimit)
    implements Header {
  private static final int NEXT_IS_BTH = 0x1B;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public Grh {
    Check.notNull("the source GID", source, "write Ip.v6(high, low)");
    Check.notNull("the destination GID", destination, "write Ip.v6(high, low)");
    if (!source.isV6() || !destination.isV6()) {
      throw new IllegalArgumentException(
          "a GID has 16 bytes, but was given %s and %s: write Ip.v6(high, low)"
              .formatted(source, destination));
    }
    Check.index("traffic class", trafficClass, 256);
    Check.index("flow label", flowLabel, 1 << 20);
    Check.index("hop limit", hopLimit, 256);
  }

  /** Traffic class and flow label 0, hop limit 1: it stays on its link. */
  public static Grh between(Station from, Station to) {
    Check.notNull("the sender", from, "write Station.gpu(0, 0)");
    Check.notNull("the receiver", to, "write Station.gpu(0, 1)");
    return new Grh(from.v6(), to.v6(), 0, 0, 1);
  }

  @Override
  public String title() {
    return "GRH";
  }

  @Override
  public int bytes() {
    return 40;
  }

  @Override
  public List<Field> fields() {
    return List.of(
        Field.of("traffic class", trafficClass),
        Field.hex("flow label", 5, flowLabel),
        Field.of("hop limit", hopLimit),
        Field.of("source GID", source),
        Field.of("destination GID", destination));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    to.putInt(6 << 28 | trafficClass << 20 | flowLabel);
    to.putShort((short) inside.bytes()).put((byte) NEXT_IS_BTH).put((byte) hopLimit);
    source.put(to);
    destination.put(to);
  }
}
