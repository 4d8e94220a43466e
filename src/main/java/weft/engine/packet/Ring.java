package weft.engine.packet;

import org.jspecify.annotations.Nullable;

/** A queue of {@linkplain Packet packets}: a ring that grows when it is full. */
final class Ring {
  /** Words of a packet, as a power of two. */
  static final int BITS = 2;

  static final long[] NOTHING = {};

  private static final int FIRST_PACKETS = 4;

  long[] slots = NOTHING;
  int head;
  int tail;
  private long @Nullable [] @Nullable [] records; // of packets, where switches write telemetry

  boolean isEmpty() {
    return head == tail;
  }

  /** Puts a packet last. */
  void put(long word, long owner, long header, long stamp) {
    int at = tail++;
    if ((at - head) << BITS == slots.length) {
      grow(at);
    }
    write(slots, at, word, owner, header, stamp);
  }

  /** Puts a packet before all others. */
  void putFirst(long word, long owner, long header, long stamp) {
    if ((tail - head + 1) << BITS > slots.length) {
      grow(tail);
    }
    write(slots, --head, word, owner, header, stamp);
  }

  /** Of the first packet. */
  long firstWord() {
    return slots[head << BITS & slots.length - 1];
  }

  /** Where in {@link #slots} the first packet, taken off with this, begins. */
  int take() {
    return head++ << BITS & slots.length - 1;
  }

  /** The record of a packet that {@link #take} took off. */
  long @Nullable [] record(int at) {
    return records == null ? null : records[at >> BITS];
  }

  /** Keeps a record with the packet of a number, from {@link #head} to {@link #tail} - 1. */
  void attach(long @Nullable [] record, int number) {
    if (records == null) {
      records = new long[slots.length >> BITS][];
    }
    records[number & records.length - 1] = record;
  }

  private void grow(int to) {
    slots = grown(slots, head, to);
    if (records != null) {
      long[][] larger = new long[slots.length >> BITS][];
      for (int i = head; i != to; i++) {
        larger[i & larger.length - 1] = records[i & records.length - 1];
      }
      records = larger;
    }
  }

  private static void write(long[] slots, int at, long word, long owner, long header, long stamp) {
    int i = at << BITS & slots.length - 1;
    slots[i] = word;
    slots[i + 1] = owner;
    slots[i + 2] = header;
    slots[i + 3] = stamp;
  }

  /** A ring of twice the size with the same packets. */
  private static long[] grown(long[] ring, int from, int to) {
    long[] larger = new long[Math.max(FIRST_PACKETS << BITS, 2 * ring.length)];
    for (int i = from; i != to; i++) {
      System.arraycopy(
          ring, i << BITS & ring.length - 1, larger, i << BITS & larger.length - 1, 1 << BITS);
    }
    return larger;
  }
}
