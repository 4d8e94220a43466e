package weft.engine.packet;

import java.util.Arrays;

/**
 * What is under way from port to port: rings with one writer, the cell of the port that sends, and
 * one reader, the cell of its peer. Each side's state is kept by its own port.
 *
 * <p>The two share nothing within a window. What was written becomes visible when the reader's cell
 * {@linkplain #takeOver takes over}, between two windows; then too the writer learns how far the
 * reader has come. So a ring needs no lock, and a writer that grows its ring leaves the reader the
 * old one until then.
 */
final class Cables {
  private static final long[] NOTHING = {};

  private final int[] peer;

  // The writer's.
  private final long[][] written;
  private final int[] tail;
  private final int[] freed; // entries before it have been read

  // The reader's.
  final long[][] ring;
  final int[] head;
  private final int[] seen; // entries before it may be read
  final boolean[] pending; // whether the event of the first arrival is in the cell's queue

  Cables(int[] peer) {
    int ports = peer.length;
    this.peer = peer;
    written = new long[ports][];
    Arrays.fill(written, NOTHING);
    ring = new long[ports][];
    Arrays.fill(ring, NOTHING);
    tail = new int[ports];
    freed = new int[ports];
    head = new int[ports];
    seen = new int[ports];
    pending = new boolean[ports];
  }

  /** Sends something on its way from a port; {@code time} is that of its arrival. */
  void send(int port, long time, long owner, long header, long stamp) {
    long[] slots = written[port];
    int at = tail[port]++;
    if ((at - freed[port]) << Rings.BITS == slots.length) {
      slots = Rings.grown(slots, freed[port], at);
      written[port] = slots;
    }
    int i = at << Rings.BITS & slots.length - 1;
    slots[i] = time;
    slots[i + 1] = owner;
    slots[i + 2] = header;
    slots[i + 3] = stamp;
  }

  /** Shows the reader what has been written, and the writer what has been read. */
  void takeOver(int port) {
    int sender = peer[port];
    ring[port] = written[sender];
    seen[port] = tail[sender];
    freed[sender] = head[port];
  }

  /** One past the last that has been taken over. */
  int end(int port) {
    return seen[port];
  }

  boolean hasNext(int port) {
    return head[port] != seen[port];
  }

  /** When the first arrives, ps. */
  long firstArrival(int port) {
    long[] slots = ring[port];
    return slots[head[port] << Rings.BITS & slots.length - 1];
  }
}
