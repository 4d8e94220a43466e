package weft.engine.packet;

import java.util.Arrays;

/**
 * The pending events of one cell: a binary heap by time and then by id, so that the order of equal
 * times depends on nothing but what the events are.
 */
final class EventHeap {
  private long[] entries = new long[16]; // time and id of each
  private int size;

  /** Pending events that nobody waits for: timers of queue pairs with nothing unacknowledged. */
  int idle;

  int size() {
    return size;
  }

  /** The time of the first event; the end of time if there is none. */
  long firstTime() {
    return size == 0 ? Long.MAX_VALUE : entries[0];
  }

  int firstId() {
    return (int) entries[1];
  }

  void add(long time, int id) {
    int i = 2 * size++;
    if (i == entries.length) {
      entries = Arrays.copyOf(entries, 2 * i);
    }
    long[] heap = entries;
    while (i > 0) {
      int parent = ((i - 2) >> 2) << 1;
      long t = heap[parent];
      if (t < time || (t == time && heap[parent + 1] < id)) {
        break;
      }
      heap[i] = t;
      heap[i + 1] = heap[parent + 1];
      i = parent;
    }
    heap[i] = time;
    heap[i + 1] = id;
  }

  void removeFirst() {
    int last = 2 * --size;
    if (last > 0) {
      sink(entries[last], entries[last + 1]);
    }
  }

  /** Puts another event in the place of the first. */
  void replaceFirst(long time, int id) {
    sink(time, id);
  }

  private void sink(long time, long id) {
    long[] heap = entries;
    int end = 2 * size;
    int i = 0;
    int child;
    while ((child = 2 * i + 2) < end) {
      int other = child + 2;
      if (other < end
          && (heap[other] < heap[child]
              || (heap[other] == heap[child] && heap[other + 1] < heap[child + 1]))) {
        child = other;
      }
      if (time < heap[child] || (time == heap[child] && id < heap[child + 1])) {
        break;
      }
      heap[i] = heap[child];
      heap[i + 1] = heap[child + 1];
      i = child;
    }
    heap[i] = time;
    heap[i + 1] = id;
  }
}
