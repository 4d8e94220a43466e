package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The 16 bytes of an RDMA extended header: where in the other side's memory.
 *
 * @param address virtual address in the responder's memory
 * @param rkey the key of the memory region there
 * @param length bytes of the whole message, at most 2^31
 */
public record Reth(long address, int rkey, long length) implements Header {
  /**
   * @throws IllegalArgumentException if the length is out of range
   */
  public Reth {
    if (length < 0 || length > 1L << 31) {
      throw new IllegalArgumentException(
          "an RDMA message has 0 to 2^31 bytes, but was %d B: send it in several"
              .formatted(length));
    }
  }

  @Override
  public String title() {
    return "RETH";
  }

  @Override
  public int bytes() {
    return 16;
  }

  @Override
  public List<Field> fields() {
    return List.of(
        Field.hex("virtual address", 16, address),
        Field.hex("rkey", 8, rkey),
        Field.of("length (B)", length));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    to.putLong(address).putInt(rkey).putInt((int) length);
  }
}
