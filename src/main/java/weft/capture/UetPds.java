package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;
import weft.units.Check;

/**
 * The 12 bytes of Ultra Ethernet's packet delivery sublayer: a request on a packet delivery context
 * (PDC), or its acknowledgement.
 *
 * <p>The layout is the one of Ultra Ethernet 1.0, section 3.5.10, tables 3-33 and 3-35, as the
 * public XDP2 headers give it. There is no end-to-end CRC here. Wireshark knows it from release 4.6
 * on; before that it shows it as the payload of UDP.
 *
 * @param kind a request or an acknowledgement
 * @param retransmitted whether it has been sent before
 * @param flag a request's SYN, which opens the context; an acknowledgement's ECN echo
 * @param asksForAck whether a request shall be acknowledged; false in an acknowledgement
 * @param offset a request's PSN minus the number up to which all is cleared; an acknowledgement's
 *     PSN minus the cumulative one; 16 bits, signed
 * @param psn a request's packet sequence number; the cumulative one that is acknowledged
 * @param sourceContext the sender's PDC identifier, 16 bits
 * @param destinationContext the receiver's PDC identifier, 16 bits
 */
public record UetPds(
    Kind kind,
    boolean retransmitted,
    boolean flag,
    boolean asksForAck,
    short offset,
    int psn,
    int sourceContext,
    int destinationContext)
    implements Header {

  /** What it is. */
  public enum Kind {
    /** Reliable, unordered delivery: packets may be sprayed. */
    UNORDERED_REQUEST(2),
    /** Reliable, ordered delivery. */
    ORDERED_REQUEST(3),
    /** The acknowledgement of either. */
    ACKNOWLEDGEMENT(7);

    private final int code;

    Kind(int code) {
      this.code = code;
    }
  }

  private static final int STANDARD_REQUEST = 3;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public UetPds {
    Check.notNull("the kind", kind, "write UetPds.Kind.UNORDERED_REQUEST");
    Check.index("source PDC", sourceContext, 1 << 16);
    Check.index("destination PDC", destinationContext, 1 << 16);
    if (kind == Kind.ACKNOWLEDGEMENT && asksForAck) {
      throw new IllegalArgumentException(
          "an acknowledgement is not acknowledged, but asksForAck was true: write UetPds.acknowledge(...)");
    }
  }

  /** A request whose every earlier packet has been cleared; it asks to be acknowledged. */
  public static UetPds request(Kind kind, int psn, int sourceContext, int destinationContext) {
    return new UetPds(kind, false, false, true, (short) 0, psn, sourceContext, destinationContext);
  }

  /** An acknowledgement of all up to this number. */
  public static UetPds acknowledge(
      int upToPsn, boolean marked, int sourceContext, int destinationContext) {
    return new UetPds(
        Kind.ACKNOWLEDGEMENT,
        false,
        marked,
        false,
        (short) 0,
        upToPsn,
        sourceContext,
        destinationContext);
  }

  String info() {
    return "UET %s, PDC 0x%04x, PSN %d"
        .formatted(kind, destinationContext, Integer.toUnsignedLong(psn));
  }

  private boolean isRequest() {
    return kind != Kind.ACKNOWLEDGEMENT;
  }

  @Override
  public String title() {
    return "UET PDS";
  }

  @Override
  public int bytes() {
    return 12;
  }

  @Override
  public List<Field> fields() {
    return List.of(
        new Field("type", "%s (%d)".formatted(kind, kind.code)),
        Field.of("retransmitted", retransmitted ? 1 : 0),
        Field.of(isRequest() ? "SYN" : "ECN marked", flag ? 1 : 0),
        Field.of(isRequest() ? "PSN minus cleared PSN" : "PSN minus cumulative PSN", offset),
        Field.of(isRequest() ? "PSN" : "cumulative PSN", Integer.toUnsignedLong(psn)),
        Field.hex("source PDC", 4, sourceContext),
        Field.hex("destination PDC", 4, destinationContext));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    int next = inside.next() instanceof UetSes ? STANDARD_REQUEST : 0;
    int flags = (retransmitted ? 1 << 4 : 0) | (asksForAck ? 1 << 3 : 0);
    if (flag) {
      flags |= isRequest() ? 1 << 2 : 1 << 5;
    }
    to.putShort((short) (kind.code << 11 | next << 7 | flags)).putShort(offset).putInt(psn);
    to.putShort((short) sourceContext).putShort((short) destinationContext);
  }
}
