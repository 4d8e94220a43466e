package weft.engine.packet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Packets and frames in the order they were sent by one thread to the cells of another, all to
 * arrive in one window. It is written and read from its beginning to its end, as memory likes it.
 *
 * <p>The first word of each is a key, by which a cell puts them in order: the time in the window,
 * the target (twice the port it comes in by, and one more for a pause or resume frame), and room
 * for a number.
 */
final class Stream {
  static final int INDEX_BITS = 19;
  static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
  static final int TIME_SHIFT = 43;

  private static final int TARGET_MASK = (1 << (TIME_SHIFT - INDEX_BITS)) - 1;

  /** No window is longer, ps, so that a time in it, a target and a number make one key. */
  static final long LONGEST_WINDOW = (1L << (Long.SIZE - 1 - TIME_SHIFT)) - 1;

  /** The most ports that targets can tell apart. */
  static final int MOST_PORTS = (TARGET_MASK + 1) / 2;

  private static final int FIRST = 64;

  /** As in {@link Packet}; the first word is the key. */
  long[] words = new long[FIRST << Ring.BITS];

  /** That it goes to, among those of the receiving thread. */
  int[] cell = new int[FIRST];

  int size;
  private long @Nullable [] @Nullable [] records; // of packets, where switches write telemetry

  static long key(long timeInWindow, int target) {
    return timeInWindow << TIME_SHIFT | (long) target << INDEX_BITS;
  }

  static long timeInWindow(long key) {
    return key >>> TIME_SHIFT;
  }

  static int target(long key) {
    return (int) (key >>> INDEX_BITS) & TARGET_MASK;
  }

  void add(long key, long owner, long header, long stamp, int to) {
    int at = size++;
    if (at == cell.length) {
      grow();
    }
    int i = at << Ring.BITS;
    long[] w = words;
    w[i] = key;
    w[i + 1] = owner;
    w[i + 2] = header;
    w[i + 3] = stamp;
    cell[at] = to;
  }

  /** Keeps a record with the packet that was added last. */
  void attach(long @Nullable [] record) {
    if (records == null) {
      records = new long[cell.length][];
    }
    records[size - 1] = record;
  }

  boolean hasRecords() {
    return records != null;
  }

  long @Nullable [] record(int at) {
    return records == null ? null : records[at];
  }

  /** Whether one of them is a packet and not a frame. */
  boolean isPacket(int at) {
    return (target(words[at << Ring.BITS]) & 1) == 0;
  }

  private void grow() {
    int larger = 2 * cell.length;
    words = Arrays.copyOf(words, larger << Ring.BITS);
    cell = Arrays.copyOf(cell, larger);
    if (records != null) {
      records = Arrays.copyOf(records, larger);
    }
  }
}
