package weft.engine.packet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Packets and frames in the order they were sent by one thread to the cells of another, all to
 * arrive in one window. It is written and read from its beginning to its end, as memory likes it.
 */
final class Stream {
  private static final int FIRST = 64;

  /** As in {@link Packet}; the first word is the time of arrival. */
  long[] words = new long[FIRST << Ring.BITS];

  /** Twice the port it comes in by, and one more for a pause or resume frame. */
  int[] target = new int[FIRST];

  /** For the reader: the one before it of the same cell. */
  int[] link = new int[FIRST];

  int size;
  private long @Nullable [] @Nullable [] records; // of packets, where switches write telemetry

  void add(long time, long owner, long header, long stamp, int to) {
    int at = size++;
    if (at == target.length) {
      grow();
    }
    int i = at << Ring.BITS;
    long[] w = words;
    w[i] = time;
    w[i + 1] = owner;
    w[i + 2] = header;
    w[i + 3] = stamp;
    target[at] = to;
  }

  /** Adds one of another's. */
  void add(Stream from, int at) {
    int i = at << Ring.BITS;
    long[] w = from.words;
    add(w[i], w[i + 1], w[i + 2], w[i + 3], from.target[at]);
    if (from.records != null) {
      attach(from.records[at]);
    }
  }

  /** Keeps a record with the packet that was added last. */
  void attach(long @Nullable [] record) {
    if (records == null) {
      records = new long[target.length][];
    }
    records[size - 1] = record;
  }

  long @Nullable [] record(int at) {
    return records == null ? null : records[at];
  }

  long time(int at) {
    return words[at << Ring.BITS];
  }

  private void grow() {
    int larger = 2 * target.length;
    words = Arrays.copyOf(words, larger << Ring.BITS);
    target = Arrays.copyOf(target, larger);
    link = Arrays.copyOf(link, larger);
    if (records != null) {
      records = Arrays.copyOf(records, larger);
    }
  }
}
