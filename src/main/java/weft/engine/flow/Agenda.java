package weft.engine.flow;

import java.util.Arrays;

/**
 * What is to happen when: entries in the order of time, of equal times mostly in the order of
 * adding, and always in the same.
 *
 * <p>Many things happen at once in a job whose ranks work in step, so the heap is of times, and
 * each has a list of its entries.
 */
final class Agenda {
  private static final int NONE = -1;
  private static final int RECENT = 4;

  // The heap, by place.
  private long[] time = new long[64];
  private int[] list = new int[64];
  private int size;

  // By list.
  private int[] head = new int[64];
  private int[] tail = new int[64];
  private int lists;
  private int freeList = NONE; // linked by head

  // By cell of a list.
  private long[] entry = new long[256];
  private int[] next = new int[256];
  private int cells;
  private int freeCell = NONE; // linked by next

  private final long[] recentTime = new long[RECENT]; // lists that were added to last
  private final int[] recentList = new int[RECENT];
  private int oldest;

  Agenda() {
    Arrays.fill(recentList, NONE);
  }

  /** When the next entry is due; the end of time if there is none. */
  long firstTime() {
    return size == 0 ? Long.MAX_VALUE : time[0];
  }

  /** Takes the next entry off. */
  long take() {
    int from = list[0];
    int cell = head[from];
    head[from] = next[cell];
    next[cell] = freeCell;
    freeCell = cell;
    if (head[from] == NONE) {
      removeFirstList();
    }
    return entry[cell];
  }

  void add(long timePs, long what) {
    int cell = newCell();
    entry[cell] = what;
    next[cell] = NONE;
    int to = listAt(timePs);
    if (head[to] == NONE) {
      head[to] = cell;
    } else {
      next[tail[to]] = cell;
    }
    tail[to] = cell;
  }

  private int newCell() {
    if (freeCell != NONE) {
      int cell = freeCell;
      freeCell = next[cell];
      return cell;
    }
    if (cells == entry.length) {
      entry = Arrays.copyOf(entry, 2 * cells);
      next = Arrays.copyOf(next, 2 * cells);
    }
    return cells++;
  }

  private int listAt(long timePs) {
    for (int i = 0; i < RECENT; i++) {
      if (recentTime[i] == timePs && recentList[i] != NONE) {
        return recentList[i];
      }
    }
    int made = newList();
    addList(timePs, made);
    recentTime[oldest] = timePs;
    recentList[oldest] = made;
    oldest = (oldest + 1) % RECENT;
    return made;
  }

  private int newList() {
    int made = freeList;
    if (made == NONE) {
      made = lists++;
      if (made == head.length) {
        head = Arrays.copyOf(head, 2 * made);
        tail = Arrays.copyOf(tail, 2 * made);
      }
    } else {
      freeList = tail[made];
    }
    head[made] = NONE;
    return made;
  }

  private void addList(long timePs, int made) {
    if (size == time.length) {
      time = Arrays.copyOf(time, 2 * size);
      list = Arrays.copyOf(list, 2 * size);
    }
    int i = size++;
    while (i > 0 && time[(i - 1) >> 1] > timePs) {
      time[i] = time[(i - 1) >> 1];
      list[i] = list[(i - 1) >> 1];
      i = (i - 1) >> 1;
    }
    time[i] = timePs;
    list[i] = made;
  }

  private void removeFirstList() {
    int gone = list[0];
    for (int i = 0; i < RECENT; i++) {
      if (recentList[i] == gone) {
        recentList[i] = NONE;
      }
    }
    tail[gone] = freeList;
    freeList = gone;
    long last = time[--size];
    int itsList = list[size];
    int i = 0;
    int child;
    while ((child = 2 * i + 1) < size) {
      if (child + 1 < size && time[child + 1] < time[child]) {
        child++;
      }
      if (last <= time[child]) {
        break;
      }
      time[i] = time[child];
      list[i] = list[child];
      i = child;
    }
    time[i] = last;
    list[i] = itsList;
  }
}
