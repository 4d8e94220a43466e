package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The 28 bytes of an atomic extended header.
 *
 * @param address virtual address in the responder's memory, a multiple of 8
 * @param rkey the key of the memory region there
 * @param swapOrAdd what to store, or to add
 * @param compare what must be there for a swap; 0 in FETCH AND ADD
 */
public record AtomicEth(long address, int rkey, long swapOrAdd, long compare) implements Header {
  @Override
  public String title() {
    return "AtomicETH";
  }

  @Override
  public int bytes() {
    return 28;
  }

  @Override
  public List<Field> fields() {
    return List.of(
        Field.hex("virtual address", 16, address),
        Field.hex("rkey", 8, rkey),
        Field.of("swap or add", swapOrAdd),
        Field.of("compare", compare));
  }

  @Override
  public void put(ByteBuffer to, Inside inside) {
    to.putLong(address).putInt(rkey).putLong(swapOrAdd).putLong(compare);
  }
}
