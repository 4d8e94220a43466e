package weft.collective;

import java.util.function.IntUnaryOperator;

/** Numbers 0 to n - 1 grouped by a key; those of one key in ascending order. */
final class Grouped {
  private final int[] start;
  private final int[] items;

  private Grouped(int[] start, int[] items) {
    this.start = start;
    this.items = items;
  }

  /**
   * @param keys how many keys there are
   * @param key the key of each number; a negative one leaves it out
   */
  static Grouped by(int n, int keys, IntUnaryOperator key) {
    int[] start = new int[keys + 1];
    for (int i = 0; i < n; i++) {
      int k = key.applyAsInt(i);
      if (k >= 0) {
        start[k + 1]++;
      }
    }
    for (int k = 0; k < keys; k++) {
      start[k + 1] += start[k];
    }
    int[] next = start.clone();
    int[] items = new int[start[keys]];
    for (int i = 0; i < n; i++) {
      int k = key.applyAsInt(i);
      if (k >= 0) {
        items[next[k]++] = i;
      }
    }
    return new Grouped(start, items);
  }

  /** Where the numbers of a key begin; those of the last key end where one more would begin. */
  int start(int key) {
    return start[key];
  }

  int item(int i) {
    return items[i];
  }
}
