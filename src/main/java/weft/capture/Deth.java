package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;
import weft.units.Check;

/**
 * The 8 bytes of a datagram extended header.
 *
 * @param queueKey the Q_Key, which must be the receiver's
 * @param sourceQp the sender's queue pair number, 24 bits
 */
public record Deth(int queueKey, int sourceQp) implements Header {
  /**
   * @throws IllegalArgumentException if the queue pair number has more than 24 bits
   */
  public Deth {
    Check.index("queue pair number", sourceQp, 1 << 24);
  }

  @Override
  public String title() {
    return "DETH";
  }

  @Override
  public int bytes() {
    return 8;
  }

  @Override
  public List<Field> fields() {
    return List.of(Field.hex("queue key", 8, queueKey), Field.hex("source QP", 6, sourceQp));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    to.putInt(queueKey).putInt(sourceQp);
  }
}
