package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;
import weft.units.Check;

/**
 * The 44 bytes of a standard request of Ultra Ethernet's semantic sublayer, here an RDMA WRITE; the
 * layout is that of the public XDP2 headers.
 *
 * @param first whether it is the first packet of its message
 * @param last whether it is the last
 * @param message the message's identifier, 16 bits
 * @param job the job both ends belong to, 24 bits
 * @param bufferOffset where in the buffer the message goes
 * @param initiator who asks, 32 bits
 * @param memoryKey the buffer's key
 * @param payload bytes in this packet, below 16,384; on the wire in all packets but the first
 * @param messageOffset this packet's place in its message, bytes; as {@code payload}
 * @param length bytes of the whole message
 */
public record UetSes(
    boolean first,
    boolean last,
    int message,
    int job,
    long bufferOffset,
    int initiator,
    long memoryKey,
    int payload,
    int messageOffset,
    int length)
    implements Header {
  private static final int WRITE = 1;

  /**
   * @throws IllegalArgumentException if a value has more bits than its field
   */
  public UetSes {
    Check.index("message identifier", message, 1 << 16);
    Check.index("job identifier", job, 1 << 24);
    Check.index("payload length", payload, 1 << 14);
  }

  @Override
  public String title() {
    return "UET SES";
  }

  @Override
  public int bytes() {
    return 44;
  }

  @Override
  public List<Field> fields() {
    return List.of(
        new Field("opcode", "WRITE (1)"),
        Field.of("start of message", first ? 1 : 0),
        Field.of("end of message", last ? 1 : 0),
        Field.of("message", message),
        Field.of("job", job),
        Field.hex("buffer offset", 16, bufferOffset),
        Field.of("initiator", initiator),
        Field.hex("memory key", 16, memoryKey),
        Field.of("message offset (B)", messageOffset),
        Field.of("request length (B)", length));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    to.put((byte) WRITE).put((byte) ((last ? 2 : 0) | (first ? 1 : 0))).putShort((short) message);
    to.putInt(job).putInt(0); // generation 0; process and resource index 0
    to.putLong(bufferOffset).putInt(initiator).putLong(memoryKey);
    if (first) {
      to.putLong(0); // header data
    } else {
      to.putShort((short) 0).putShort((short) payload).putInt(messageOffset);
    }
    to.putInt(length);
  }
}
