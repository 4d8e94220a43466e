package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;
import weft.units.Check;

/**
 * The 14 bytes of an Ethernet II header; its type follows from the header behind it.
 *
 * @param source who sends on this link
 * @param destination who receives on this link
 */
public record Ethernet(Mac source, Mac destination) implements Header {
  static final int MINIMUM = 60; // without the check sequence

  /** Neither address may be missing. */
  public Ethernet {
    Check.notNull("the source MAC", source, "write Station.gpu(0, 0).mac()");
    Check.notNull("the destination MAC", destination, "write Station.gpu(0, 1).mac()");
  }

  /** Between two stations of one link. */
  public static Ethernet between(Station from, Station to) {
    Check.notNull("the sender", from, "write Station.gpu(0, 0)");
    Check.notNull("the receiver", to, "write Station.gpu(0, 1)");
    return new Ethernet(from.mac(), to.mac());
  }

  @Override
  public String title() {
    return "Ethernet";
  }

  @Override
  public int bytes() {
    return 14;
  }

  @Override
  public List<Field> fields() {
    return List.of(Field.of("destination", destination), Field.of("source", source));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    destination.put(to);
    source.put(to);
    to.putShort((short) typeOf(inside));
  }

  /** The EtherType of what is inside. */
  static int typeOf(Inside inside) {
    Header next = inside.next();
    if (next instanceof Vlan) {
      return 0x8100;
    }
    if (next instanceof Ipv4) {
      return 0x0800;
    }
    if (next instanceof Ipv6) {
      return 0x86DD;
    }
    if (next instanceof Grh) {
      return 0x8915;
    }
    if (next instanceof PriorityPause) {
      return 0x8808;
    }
    throw new IllegalArgumentException(
        "an Ethernet frame holds VLAN, IPv4, IPv6, GRH or a pause, but was given %s: put it behind an IP header"
            .formatted(next == null ? "nothing" : next.title()));
  }
}
