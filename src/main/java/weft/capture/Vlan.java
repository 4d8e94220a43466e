package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;
import weft.units.Check;

/**
 * An IEEE 802.1Q tag, 4 bytes.
 *
 * @param priority the PCP, 0 to 7: the traffic class that PFC pauses
 * @param id the VLAN, 0 to 4094; 0 is a tag for its priority alone
 */
public record Vlan(int priority, int id) implements Header {
  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public Vlan {
    Check.index("priority", priority, 8);
    Check.index("VLAN", id, 4095);
  }

  @Override
  public String title() {
    return "802.1Q";
  }

  @Override
  public int bytes() {
    return 4;
  }

  @Override
  public List<Field> fields() {
    return List.of(Field.of("priority", priority), Field.of("VLAN", id));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    to.putShort((short) (priority << 13 | id)).putShort((short) Ethernet.typeOf(inside));
  }
}
