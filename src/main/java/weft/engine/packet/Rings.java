package weft.engine.packet;

import java.util.Arrays;

/** A queue of {@linkplain Packet packets} for each port: a ring that grows when it is full. */
final class Rings {
  /** Words of a packet, as a power of two. */
  static final int BITS = 2;

  private static final int FIRST_PACKETS = 8;
  private static final long[] NOTHING = {};

  final long[][] slots;
  final int[] head;
  final int[] tail;

  Rings(int ports) {
    slots = new long[ports][];
    Arrays.fill(slots, NOTHING);
    head = new int[ports];
    tail = new int[ports];
  }

  boolean isEmpty(int port) {
    return head[port] == tail[port];
  }

  /** Where in {@code slots[port]} the first word of a new last packet goes. */
  int put(int port) {
    long[] ring = slots[port];
    int at = tail[port]++;
    if ((at - head[port]) << BITS == ring.length) {
      ring = grown(ring, head[port], at);
      slots[port] = ring;
    }
    return at << BITS & ring.length - 1;
  }

  /** Where in {@code slots[port]} the first packet, taken off with this, begins. */
  int take(int port) {
    return head[port]++ << BITS & slots[port].length - 1;
  }

  /** A ring of twice the size with the same packets. */
  static long[] grown(long[] ring, int from, int to) {
    long[] larger = new long[Math.max(FIRST_PACKETS << BITS, 2 * ring.length)];
    for (int i = from; i != to; i++) {
      System.arraycopy(
          ring, i << BITS & ring.length - 1, larger, i << BITS & larger.length - 1, 1 << BITS);
    }
    return larger;
  }
}
