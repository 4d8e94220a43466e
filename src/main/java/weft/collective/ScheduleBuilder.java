package weft.collective;

import java.util.Arrays;
import weft.units.Check;

/**
 * Writes a {@link Schedule} transfer by transfer, in an order that respects the dependencies: a
 * transfer may only wait for one that was added before.
 */
public final class ScheduleBuilder {
  /** The dependency of a transfer that waits for no other. */
  public static final int NOTHING = -1;

  /** More transfers than this do not fit the memory of a usual machine. */
  private static final int MOST_TRANSFERS = 1 << 27;

  final String name;
  final int ranks;
  final int elements;
  int size;
  int[] from = new int[16];
  int[] to = new int[16];
  int[] offset = new int[16];
  int[] length = new int[16];
  int[] step = new int[16];
  int[] after = new int[16];
  boolean[] reduces = new boolean[16];

  /**
   * @param name what tables call the collective
   * @param ranks at least 1
   * @param elements elements of each rank's array, at least 1
   */
  public ScheduleBuilder(String name, int ranks, int elements) {
    this.name = Check.notNull("a schedule's name", name, "write for example \"broadcast\"");
    Check.atLeast(1, "the number of ranks of " + name, ranks, "give 2 or more to move anything");
    Check.atLeast(1, "the number of elements of " + name, elements, "give 1 or more");
    this.ranks = ranks;
    this.elements = elements;
  }

  /**
   * Adds a transfer whose receiver adds what arrives to what it has.
   *
   * @return the transfer's number, for {@code after} of a later one
   */
  public int reduce(int stepNumber, int source, int target, int first, int count, int waitsFor) {
    return add(stepNumber, source, target, first, count, waitsFor, true);
  }

  /**
   * Adds a transfer whose receiver replaces what it has.
   *
   * @return the transfer's number, for {@code after} of a later one
   */
  public int copy(int stepNumber, int source, int target, int first, int count, int waitsFor) {
    return add(stepNumber, source, target, first, count, waitsFor, false);
  }

  private int add(
      int stepNumber, int source, int target, int first, int count, int waitsFor, boolean reduce) {
    Check.atLeast(0, "a transfer's step", stepNumber, "count steps from 0");
    check(source, target, first, count, waitsFor);
    if (size == MOST_TRANSFERS) {
      throw tooMany(name, (long) size + 1);
    }
    if (size == from.length) {
      grow();
    }
    from[size] = source;
    to[size] = target;
    offset[size] = first;
    length[size] = count;
    step[size] = stepNumber;
    after[size] = waitsFor;
    reduces[size] = reduce;
    return size++;
  }

  private void check(int source, int target, int first, int count, int waitsFor) {
    if (source < 0 || source >= ranks || target < 0 || target >= ranks || source == target) {
      throw new IllegalArgumentException(
          "a transfer joins two different ranks of 0 to %d, but was %d to %d: change one of them"
              .formatted(ranks - 1, source, target));
    }
    if (count < 1 || first < 0 || first > elements - count) {
      throw new IllegalArgumentException(
          "a transfer carries 1 or more of the elements 0 to %d, but was %d from %d: change first or count"
              .formatted(elements - 1, count, first));
    }
    if (waitsFor != NOTHING && (waitsFor < 0 || waitsFor >= size)) {
      throw new IllegalArgumentException(
          "a transfer waits for one added before it, 0 to %d, but was to wait for %d: pass the number that reduce or copy returned, or NOTHING"
              .formatted(size - 1, waitsFor));
    }
    if (waitsFor != NOTHING && to[waitsFor] != source) {
      throw new IllegalArgumentException(
          "a transfer that leaves rank %d waits for one that reached it, but transfer %d reaches %d: wait for another"
              .formatted(source, waitsFor, to[waitsFor]));
    }
  }

  private void grow() {
    int capacity = size * 2;
    from = Arrays.copyOf(from, capacity);
    to = Arrays.copyOf(to, capacity);
    offset = Arrays.copyOf(offset, capacity);
    length = Arrays.copyOf(length, capacity);
    step = Arrays.copyOf(step, capacity);
    after = Arrays.copyOf(after, capacity);
    reduces = Arrays.copyOf(reduces, capacity);
  }

  /** Refuses a schedule before its transfers are written one by one. */
  static void checkSize(String name, long transfers) {
    if (transfers > MOST_TRANSFERS) {
      throw tooMany(name, transfers);
    }
  }

  private static IllegalArgumentException tooMany(String name, long transfers) {
    return new IllegalArgumentException(
        "a schedule holds at most %d transfers, but %s needs %d: lower the ranks"
            .formatted(MOST_TRANSFERS, name, transfers));
  }

  /** The schedule written so far. */
  public Schedule build() {
    return new Schedule(this);
  }
}
