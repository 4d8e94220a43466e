package weft.transport;

import weft.units.DataSize;

/**
 * What packets take of a switch's buffer that is handed out in cells (carving): whole cells, so
 * that small packets waste room.
 *
 * @param cell bytes of a cell, at least 1
 * @param waste room that a byte takes at the worst
 */
public record BufferCells(long cell, double waste) {
  /**
   * The cells of a buffer that this transport's data lies in. Worst is the packet that wastes most
   * a byte, the smallest or the first that needs one cell more (as vendors size headroom for small
   * packets).
   */
  public static BufferCells of(DataSize cell, Transport transport) {
    long bytes = cell.bytes();
    int smallest = transport.onTheWire().data() + 1;
    long next = room(bytes, smallest) + 1;
    double waste =
        Math.max((double) room(bytes, smallest) / smallest, (double) (next - 1 + bytes) / next);
    return new BufferCells(bytes, waste);
  }

  private static long room(long cell, long wire) {
    return cell == 1 ? wire : (wire + cell - 1) / cell * cell;
  }

  /** What a packet of so many bytes takes. */
  public long room(long wire) {
    return room(cell, wire);
  }

  /** What so many bytes take at most, whatever the packets. */
  public long most(long bytes) {
    return cell == 1 ? bytes : (long) Math.ceil(bytes * waste);
  }
}
