package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The 8 bytes of an atomic acknowledge header.
 *
 * @param original what was there before
 */
public record AtomicAckEth(long original) implements Header {
  @Override
  public String title() {
    return "AtomicAckETH";
  }

  @Override
  public int bytes() {
    return 8;
  }

  @Override
  public List<Field> fields() {
    return List.of(Field.of("original data", original));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    to.putLong(original);
  }
}
