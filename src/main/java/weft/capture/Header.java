package weft.capture;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One header of a frame: what it says, and how it is laid out in network byte order. */
public sealed interface Header
    permits AtomicAckEth,
        AtomicEth,
        Aeth,
        Bth,
        CnpReserved,
        Deth,
        Ethernet,
        Grh,
        ImmediateData,
        InternetHeader,
        PriorityPause,
        Reth,
        Udp,
        UetPds,
        UetSes,
        Vlan {

  /** A field of a header as a reader sees it: {@code psn}, {@code 7}. */
  record Field(String name, String value) {
    static Field of(String name, Object value) {
      return new Field(name, value.toString());
    }

    static Field hex(String name, int digits, long value) {
      return new Field(name, ("0x%0" + digits + "x").formatted(value));
    }
  }

  /** What the field of an outer header says about the inner ones. */
  record Inside(@Nullable Header next, int bytes, int pad) {}

  /** What the field calls it, for example {@code BTH}. */
  String title();

  /** How many bytes it takes. */
  int bytes();

  /** Its fields in the order in which they are laid out. */
  List<Field> fields();

  /**
   * Appends it.
   *
   * @param inside the header behind it, the bytes behind it up to the frame's check sequence, and
   *     how many bytes fill the payload up to a multiple of four
   */
  void put(ByteBuffer to, Inside inside);
}
