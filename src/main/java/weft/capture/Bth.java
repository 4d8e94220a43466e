package weft.capture;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import weft.units.Check;

/**
 * The 12 bytes of a base transport header: what to do, for which queue pair, which packet.
 *
 * @param opcode the operation
 * @param destinationQp the receiver's queue pair number, 24 bits
 * @param psn packet sequence number, 24 bits
 * @param asksForAck whether the receiver shall acknowledge
 * @param solicited whether the receiver shall raise an event
 * @param becn backward congestion notification, set in a CNP
 * @param partition the P_Key, 16 bits; 0xffff is the default partition
 */
public record Bth(
    Opcode opcode,
    int destinationQp,
    int psn,
    boolean asksForAck,
    boolean solicited,
    boolean becn,
    int partition)
    implements Header {
  private static final int WIDTH = 1 << 24;

  /**
   * @throws IllegalArgumentException if a value has more bits than its field
   */
  public Bth {
    Check.notNull("an opcode", opcode, "write Opcode.RC_SEND_ONLY");
    Check.index("queue pair number", destinationQp, WIDTH);
    Check.index("packet sequence number", psn, WIDTH);
    Check.index("partition key", partition, 1 << 16);
  }

  /** For a queue pair; PSN 0, no acknowledgement asked for, the default partition. */
  public static Bth of(Opcode opcode, int destinationQp) {
    return new Bth(opcode, destinationQp, 0, false, false, opcode == Opcode.CNP, 0xFFFF);
  }

  /** With this packet sequence number. */
  public Bth psn(int number) {
    return new Bth(opcode, destinationQp, number, asksForAck, solicited, becn, partition);
  }

  /** Asking for an acknowledgement, or not. */
  public Bth askingForAck(boolean ask) {
    return new Bth(opcode, destinationQp, psn, ask, solicited, becn, partition);
  }

  /** With the solicited event bit. */
  public Bth soliciting() {
    return new Bth(opcode, destinationQp, psn, asksForAck, true, becn, partition);
  }

  @Override
  public String title() {
    return "BTH";
  }

  @Override
  public int bytes() {
    return 12;
  }

  @Override
  public List<Field> fields() {
    var fields = new ArrayList<Field>();
    fields.add(new Field("opcode", "%s (0x%02x)".formatted(opcode, opcode.code())));
    fields.add(Field.hex("partition key", 4, partition));
    if (becn) {
      fields.add(Field.of("BECN", 1));
    }
    fields.add(Field.hex("destination QP", 6, destinationQp));
    fields.add(Field.of("acknowledge request", asksForAck ? 1 : 0));
    fields.add(Field.of("PSN", psn));
    return List.copyOf(fields);
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    to.put((byte) opcode.code());
    to.put((byte) ((solicited ? 0x80 : 0) | inside.pad() << 4));
    to.putShort((short) partition);
    to.putInt((becn ? 0x40000000 : 0) | destinationQp);
    to.putInt((asksForAck ? 0x80000000 : 0) | psn);
  }
}
