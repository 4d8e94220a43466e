package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The 4 bytes that go with a message into the receiver's completion.
 *
 * @param value any number
 */
public record ImmediateData(int value) implements Header {
  @Override
  public String title() {
    return "ImmDt";
  }

  @Override
  public int bytes() {
    return 4;
  }

  @Override
  public List<Field> fields() {
    return List.of(Field.hex("immediate data", 8, value));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    to.putInt(value);
  }
}
