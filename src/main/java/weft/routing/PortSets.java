package weft.routing;

import java.util.Arrays;

/** Sets of ports, each kept once: how many there are, then the ports. */
final class PortSets {
  /** The empty set. */
  static final int NONE = 0;

  private int[] data = new int[1024];
  private int used = 1;
  private int[] slots = new int[256]; // open addressing by content; NONE is free
  private int filled;

  /** The handle of the first {@code n} of these ports, in this order. */
  int of(int[] ports, int n) {
    if (n == 0) {
      return NONE;
    }
    int slot = slot(ports, n);
    if (slots[slot] == NONE) {
      slots[slot] = append(ports, n);
      int handle = slots[slot];
      if (++filled * 2 > slots.length) {
        grow();
      }
      return handle;
    }
    return slots[slot];
  }

  /** As {@link #of(int[], int)}, sooner if it is likely to be this one. */
  int of(int[] ports, int n, int likely) {
    return likely != NONE && same(likely, ports, n) ? likely : of(ports, n);
  }

  int count(int set) {
    return data[set];
  }

  int port(int set, int i) {
    return data[set + 1 + i];
  }

  /** Frees what only {@link #of} needs. */
  void close() {
    slots = new int[0];
    data = Arrays.copyOf(data, used);
  }

  private int append(int[] ports, int n) {
    if (used + n >= data.length) {
      data = Arrays.copyOf(data, 2 * data.length + n);
    }
    int set = used;
    data[set] = n;
    System.arraycopy(ports, 0, data, set + 1, n);
    used += n + 1;
    return set;
  }

  private int slot(int[] ports, int n) {
    int hash = n;
    for (int i = 0; i < n; i++) {
      hash = (hash ^ ports[i]) * 0x9E3779B1;
    }
    int slot = hash >>> 1 & slots.length - 1;
    while (slots[slot] != NONE && !same(slots[slot], ports, n)) {
      slot = slot + 1 & slots.length - 1;
    }
    return slot;
  }

  private boolean same(int set, int[] ports, int n) {
    return data[set] == n && Arrays.equals(data, set + 1, set + 1 + n, ports, 0, n);
  }

  private void grow() {
    int[] before = slots;
    slots = new int[2 * before.length];
    for (int set : before) {
      if (set != NONE) {
        slots[slot(Arrays.copyOfRange(data, set + 1, set + 1 + data[set]), data[set])] = set;
      }
    }
  }
}
