package weft.engine.flow;

import java.util.Arrays;

/**
 * When each flow will have sent what it sends. One start or stop moves many of these times, so they
 * are in no order: the least is found by the least of each 64, which are cheap to keep.
 */
final class Finishes {
  private static final long NEVER = Long.MAX_VALUE;
  private static final int BITS = 6;

  private long[] time = new long[1 << BITS]; // by flow
  private long[] least = new long[1]; // by block of flows, where it is known
  private boolean[] isStale = new boolean[1];
  private int blocks;
  private int[] due = new int[64];
  private int dueCount;

  Finishes() {
    Arrays.fill(time, NEVER);
  }

  /** One more flow, which sends nothing. */
  void add(int flow) {
    if (flow == time.length) {
      time = Arrays.copyOf(time, 2 * flow);
      Arrays.fill(time, flow, time.length, NEVER);
      least = Arrays.copyOf(least, time.length >> BITS);
      isStale = Arrays.copyOf(isStale, time.length >> BITS);
    }
    if (flow >> BITS == blocks) {
      least[blocks++] = NEVER;
    }
  }

  void set(int flow, long timePs) {
    int block = flow >> BITS;
    long before = time[flow];
    time[flow] = timePs;
    if (timePs <= least[block]) {
      least[block] = timePs;
    } else if (before == least[block]) {
      isStale[block] = true;
    }
  }

  void forget(int flow) {
    set(flow, NEVER);
  }

  /** The first; the end of time if there is none. */
  long first() {
    long first = NEVER;
    for (int block = 0; block < blocks; block++) {
      if (isStale[block]) {
        renew(block);
      }
      first = Math.min(first, least[block]);
    }
    return first;
  }

  private void renew(int block) {
    long first = NEVER;
    for (int f = block << BITS; f < (block + 1) << BITS; f++) {
      first = Math.min(first, time[f]);
    }
    least[block] = first;
    isStale[block] = false;
  }

  /** Finds all flows of a time, in their order; {@link #due(int)} says which. Says how many. */
  int collect(long timePs) {
    dueCount = 0;
    for (int block = 0; block < blocks; block++) {
      if (least[block] == timePs) {
        collect(block, timePs);
      }
    }
    return dueCount;
  }

  private void collect(int block, long timePs) {
    for (int f = block << BITS; f < (block + 1) << BITS; f++) {
      if (time[f] == timePs) {
        if (dueCount == due.length) {
          due = Arrays.copyOf(due, 2 * dueCount);
        }
        due[dueCount++] = f;
      }
    }
  }

  int due(int i) {
    return due[i];
  }
}
