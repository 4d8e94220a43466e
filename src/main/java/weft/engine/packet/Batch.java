package weft.engine.packet;

import java.util.Arrays;

/** What reaches a cell from others within a window, in order. */
final class Batch {
  private static final int INDEX_BITS = 19;
  private static final int TARGET_BITS = 24;

  /** No window is longer, ps, so that a time in it, a target and an index make one number. */
  static final long LONGEST_WINDOW = (1L << (63 - INDEX_BITS - TARGET_BITS)) - 1;

  /** The most ports that targets can tell apart. */
  static final int MOST_PORTS = 1 << (TARGET_BITS - 1);

  private static final int FEW = 20; // below, a sort without a call is faster
  private static final int TARGET_MASK = (1 << TARGET_BITS) - 1;
  private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;

  private int[] reference = new int[64]; // what the reader gave
  private long[] order = new long[64]; // time in the window, target, index into reference
  private int size;
  private long start; // of the window, ps

  /** Begins anew. */
  void begin(long windowStart) {
    size = 0;
    start = windowStart;
  }

  void add(long time, int target, int what) {
    if (size == reference.length) {
      reference = Arrays.copyOf(reference, 2 * size);
      order = Arrays.copyOf(order, 2 * size);
    }
    reference[size] = what;
    order[size] = (time - start) << (TARGET_BITS + INDEX_BITS) | (long) target << INDEX_BITS | size;
    size++;
  }

  void sort() {
    if (size > INDEX_MASK) {
      throw new IllegalStateException(
          "%,d packets reach one part of the network within %d ps".formatted(size, LONGEST_WINDOW));
    }
    if (size > FEW) {
      Arrays.sort(order, 0, size);
      return;
    }
    for (int i = 1; i < size; i++) {
      long next = order[i];
      int at = i;
      for (; at > 0 && order[at - 1] > next; at--) {
        order[at] = order[at - 1];
      }
      order[at] = next;
    }
  }

  /** When the one in place {@code i} arrives; the end of time behind the last. */
  long time(int i) {
    return i < size ? start + (order[i] >>> (TARGET_BITS + INDEX_BITS)) : Long.MAX_VALUE;
  }

  /** What was given of the one in place {@code i}. */
  int reference(int i) {
    return reference[(int) order[i] & INDEX_MASK];
  }

  /** Twice the port of the one in place {@code i}, and one more for a frame. */
  int target(int i) {
    return (int) (order[i] >>> INDEX_BITS) & TARGET_MASK;
  }
}
