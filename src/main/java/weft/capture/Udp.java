package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;
import weft.units.Check;

/**
 * The 8 bytes of a UDP header. Its checksum is 0, which means none, over IPv4, as RoCE adapters
 * send it; over IPv6, where there must be one, it is computed.
 *
 * @param sourcePort the entropy that switches hash to choose a path, 0 to 65,535
 * @param destinationPort {@link #ROCE} or {@link #UET}
 */
public record Udp(int sourcePort, int destinationPort) implements Header {
  /** The port of RoCEv2. */
  public static final int ROCE = 4791;

  /** The port of Ultra Ethernet Transport. */
  public static final int UET = 4793;

  static final int PROTOCOL = 17;

  /**
   * @throws IllegalArgumentException if a port is out of range
   */
  public Udp {
    Check.index("UDP port", sourcePort, 1 << 16);
    Check.index("UDP port", destinationPort, 1 << 16);
  }

  /** To the port of RoCEv2. */
  public static Udp roce(int sourcePort) {
    return new Udp(sourcePort, ROCE);
  }

  /** To the port of Ultra Ethernet Transport. */
  public static Udp uet(int sourcePort) {
    return new Udp(sourcePort, UET);
  }

  @Override
  public String title() {
    return "UDP";
  }

  @Override
  public int bytes() {
    return 8;
  }

  @Override
  public List<Field> fields() {
    return List.of(
        Field.of("source port", sourcePort), Field.of("destination port", destinationPort));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    to.putShort((short) sourcePort).putShort((short) destinationPort);
    to.putShort((short) (bytes() + inside.bytes())).putShort((short) 0);
  }
}
