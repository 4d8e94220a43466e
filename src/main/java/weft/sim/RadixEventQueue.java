package weft.sim;

import java.util.Arrays;

/**
 * A radix heap (Ahuja, Mehlhorn, Orlin, Tarjan, JACM 1990): bucket {@code b} holds the times whose
 * highest bit that differs from {@code now} is bit {@code b - 1}, bucket 0 those equal to {@code
 * now}.
 *
 * <p>Taking from an empty bucket 0 moves {@code now} to the least time of the first bucket in use
 * and spreads that bucket over the lower ones, all of them empty then; every event sinks at most 63
 * times. Equal times share a bucket always and are moved in order, so ties leave as they came.
 */
final class RadixEventQueue implements EventQueue {
  private static final int BUCKETS = 64;

  private final long[][] times = new long[BUCKETS][16];
  private final int[][] events = new int[BUCKETS][16];
  private final int[] sizes = new int[BUCKETS];
  private long used; // bit b: bucket b is not empty
  private int head; // of bucket 0, which is taken from the front
  private long now;
  private int size;

  @Override
  public void add(long timePs, int event) {
    if (timePs < now) {
      throw new IllegalArgumentException(
          "an event must not lie in the past, but was added for %d ps at %d ps"
              .formatted(timePs, now));
    }
    put(timePs, event);
    size++;
  }

  private void put(long time, int event) {
    int b = Long.SIZE - Long.numberOfLeadingZeros(time ^ now);
    int n = sizes[b];
    if (n == events[b].length) {
      times[b] = Arrays.copyOf(times[b], 2 * n);
      events[b] = Arrays.copyOf(events[b], 2 * n);
    }
    times[b][n] = time;
    events[b][n] = event;
    sizes[b] = n + 1;
    used |= 1L << b;
  }

  @Override
  public int poll() {
    if (used == 0) {
      return NONE;
    }
    size--;
    int b = Long.numberOfTrailingZeros(used);
    if (b > 0) {
      if (sizes[b] == 1) {
        sizes[b] = 0;
        used &= used - 1;
        now = times[b][0];
        return events[b][0];
      }
      spread(b);
    }
    int event = events[0][head++];
    if (head == sizes[0]) {
      head = 0;
      sizes[0] = 0;
      used &= ~1L;
    }
    return event;
  }

  private void spread(int b) {
    long[] time = times[b];
    int[] event = events[b];
    int n = sizes[b];
    long least = time[0];
    for (int i = 1; i < n; i++) {
      least = Math.min(least, time[i]);
    }
    now = least;
    sizes[b] = 0;
    used &= ~(1L << b);
    for (int i = 0; i < n; i++) {
      put(time[i], event[i]);
    }
  }

  @Override
  public long now() {
    return now;
  }

  @Override
  public int size() {
    return size;
  }
}
