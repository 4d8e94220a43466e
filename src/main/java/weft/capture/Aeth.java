package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;
import weft.units.Check;

/**
 * The 4 bytes of an acknowledge extended header.
 *
 * @param syndrome what is said: 000 and a credit count acknowledges, 001 and a timer is "receiver
 *     not ready", 011 and a code refuses
 * @param messages the message sequence number, 24 bits: how many messages the responder completed
 */
public record Aeth(int syndrome, int messages) implements Header {
  /** Acknowledges; the credit count means "not limited". */
  public static final int ACK = 0x1F;

  /** A packet is missing before this one: send again from the PSN. */
  public static final int NAK_SEQUENCE = 0x60;

  /** The request makes no sense here: an operation not enabled, a message too long. */
  public static final int NAK_INVALID_REQUEST = 0x61;

  /** Key, address or permission is wrong. */
  public static final int NAK_REMOTE_ACCESS = 0x62;

  /** The responder failed at its own end. */
  public static final int NAK_REMOTE_OPERATION = 0x63;

  private static final int RNR = 0x20;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public Aeth {
    Check.index("AETH syndrome", syndrome, 256);
    Check.index("message sequence number", messages, 1 << 24);
  }

  /**
   * The syndrome "receiver not ready".
   *
   * @param timer the verbs attribute {@code min_rnr_timer}, 0 to 31: how long to wait
   */
  public static int receiverNotReady(int timer) {
    return RNR | Check.index("RNR timer", timer, 32);
  }

  /** What the syndrome says, for example {@code NAK remote access error}. */
  public static String meaning(int syndrome) {
    return switch (syndrome >> 5) {
      case 0 -> "ACK";
      case 1 -> "RNR NAK, timer " + (syndrome & 31);
      case 3 -> "NAK " + refusal(syndrome & 31);
      default -> "reserved";
    };
  }

  private static String refusal(int code) {
    return switch (code) {
      case 0 -> "PSN sequence error";
      case 1 -> "invalid request";
      case 2 -> "remote access error";
      case 3 -> "remote operational error";
      default -> "code " + code;
    };
  }

  @Override
  public String title() {
    return "AETH";
  }

  @Override
  public int bytes() {
    return 4;
  }

  @Override
  public List<Field> fields() {
    return List.of(
        new Field("syndrome", "0x%02x, %s".formatted(syndrome, meaning(syndrome))),
        Field.of("message sequence number", messages));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    to.putInt(syndrome << 24 | messages);
  }
}
