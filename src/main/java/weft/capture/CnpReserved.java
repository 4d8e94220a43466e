package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;

/** The 16 reserved bytes, all 0, behind the BTH of a congestion notification packet. */
public record CnpReserved() implements Header {
  @Override
  public String title() {
    return "CNP";
  }

  @Override
  public int bytes() {
    return 16;
  }

  @Override
  public List<Field> fields() {
    return List.of(Field.of("reserved", 0));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    to.putLong(0).putLong(0);
  }
}
