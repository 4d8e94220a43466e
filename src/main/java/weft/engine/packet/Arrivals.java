package weft.engine.packet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What reaches the cells of a thread from others within a window: each cell's together, so that it
 * finds in one piece of memory what streams brought from everywhere.
 */
final class Arrivals {
  private static final int WORDS = 3; // of a packet: Packet's without the first
  private static final int FIRST = 64;
  private static final int FEW = 20; // below, a sort without a call is faster
  private static final int MANY = 1024; // above, a general sort is
  private static final int BUCKET_BITS = 6;
  private static final int FULL = 32; // a bucket that holds so many is not sorted by insertion

  private final int[] start; // by cell, and one more: its first
  private final int[] at; // by cell: the first not taken
  private final int bucketShift;
  private final int[] bucket = new int[(1 << BUCKET_BITS) + 1]; // of a cell: where each begins
  private long[] keys = new long[FIRST]; // of Stream, with a number
  private long[] unsorted = new long[MANY];
  private long[] words = new long[FIRST * WORDS];
  private long @Nullable [] @Nullable [] records; // where switches write telemetry

  Arrivals(int cells, long windowLength) {
    start = new int[cells + 1];
    at = new int[cells];
    int bits = Long.SIZE - Long.numberOfLeadingZeros(windowLength - 1);
    bucketShift = Stream.TIME_SHIFT + Math.max(0, bits - BUCKET_BITS);
  }

  /** Takes all from the streams of a window, which are empty then. */
  void read(Stream[] streams) {
    Arrays.fill(start, 0);
    for (Stream stream : streams) {
      int[] cell = stream.cell;
      for (int i = 0; i < stream.size; i++) {
        start[cell[i] + 1]++;
      }
    }
    for (int c = 0; c < at.length; c++) {
      if (start[c + 1] > Stream.INDEX_MASK) {
        throw new IllegalStateException(
            "%,d packets reach one part of the network within %d ps"
                .formatted(start[c + 1], Stream.LONGEST_WINDOW));
      }
      at[c] = start[c];
      start[c + 1] += start[c];
    }
    grow(start[at.length]);
    for (Stream stream : streams) {
      deal(stream);
      stream.size = 0;
    }
    System.arraycopy(start, 0, at, 0, at.length);
  }

  private void grow(int size) {
    if (size > keys.length) {
      int larger = Math.max(size, 2 * keys.length);
      keys = new long[larger];
      words = new long[larger * WORDS];
      records = null;
    }
  }

  private void deal(Stream stream) {
    int[] cell = stream.cell;
    long[] from = stream.words;
    long[] to = words;
    for (int i = 0, f = 0; i < stream.size; i++, f += 1 << Ring.BITS) {
      int place = at[cell[i]]++;
      keys[place] = from[f] | (place & Stream.INDEX_MASK);
      int t = place * WORDS;
      to[t] = from[f + 1];
      to[t + 1] = from[f + 2];
      to[t + 2] = from[f + 3];
      if (stream.hasRecords()) {
        attach(place, stream.record(i));
      }
    }
  }

  private void attach(int place, long @Nullable [] record) {
    if (records == null) {
      records = new long[keys.length][];
    }
    records[place] = record;
  }

  /** Whether something for cells from {@code first} to before {@code to} was read. */
  boolean anyFor(int first, int to) {
    return start[first] < start[to];
  }

  /** Whether something for a cell is not yet taken. */
  boolean has(int cell) {
    return at[cell] < start[cell + 1];
  }

  /** Puts what is left of a cell in order: the place of its first. */
  int sorted(int cell) {
    int from = at[cell];
    sort(from, start[cell + 1]);
    return from;
  }

  /** The place behind a cell's last. */
  int end(int cell) {
    return start[cell + 1];
  }

  /** A cell has taken all before a place. */
  void take(int cell, int before) {
    at[cell] = before;
  }

  /** The key of Stream in a place. */
  long key(int place) {
    return keys[place];
  }

  /** Where the words of the packet with a key are. */
  int words(int cell, long key) {
    return place(cell, key) * WORDS;
  }

  private int place(int cell, long key) {
    return start[cell] + ((int) key - start[cell] & Stream.INDEX_MASK);
  }

  long owner(int at) {
    return words[at];
  }

  long header(int at) {
    return words[at + 1];
  }

  long stamp(int at) {
    return words[at + 2];
  }

  /** The record of the packet whose words are there. */
  long @Nullable [] record(int at) {
    return records == null ? null : records[at / WORDS];
  }

  /** What cells have not taken, to be looked at between windows. */
  Stream left() {
    var left = new Stream();
    for (int c = 0; c < at.length; c++) {
      for (int i = at[c]; i < start[c + 1]; i++) {
        int w = words(c, keys[i]);
        left.add(keys[i], words[w], words[w + 1], words[w + 2], c);
      }
    }
    return left;
  }

  private void sort(int from, int to) {
    int size = to - from;
    if (size > FEW && (size > MANY || !sortIntoBuckets(from, to))) {
      Arrays.sort(keys, from, to);
    } else {
      insert(from, to);
    }
  }

  /** Arrivals are spread over a window: by time alone, all come near to their places. */
  private boolean sortIntoBuckets(int from, int to) {
    int[] next = bucket;
    Arrays.fill(next, 0);
    for (int i = from; i < to; i++) {
      next[(int) (keys[i] >>> bucketShift) + 1]++;
    }
    int most = 0;
    for (int b = 1; b < next.length; b++) {
      most = Math.max(most, next[b]);
      next[b] += next[b - 1];
    }
    if (most >= FULL) {
      return false;
    }
    System.arraycopy(keys, from, unsorted, 0, to - from);
    for (int i = 0; i < to - from; i++) {
      long key = unsorted[i];
      keys[from + next[(int) (key >>> bucketShift)]++] = key;
    }
    return true;
  }

  private void insert(int from, int to) {
    long[] sorted = keys;
    for (int i = from + 1; i < to; i++) {
      long next = sorted[i];
      int place = i;
      for (; place > from && sorted[place - 1] > next; place--) {
        sorted[place] = sorted[place - 1];
      }
      sorted[place] = next;
    }
  }
}
