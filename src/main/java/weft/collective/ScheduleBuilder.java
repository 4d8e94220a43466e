package weft.collective;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import weft.units.Check;

/**
 * Writes a {@link Schedule} transfer by transfer.
 *
 * <p>Steps say what a transfer carries: what its sender held when all transfers of earlier steps,
 * and none of its own step, had arrived. So what a transfer waits for follows from its data: every
 * transfer of an earlier step that brought its sender something of what it carries. Further
 * transfers to wait for can be named. Transfers may be added in any order.
 *
 * <pre>{@code
 * var b = new ScheduleBuilder("two-step AllReduce", 4, 1000);
 * for (int r = 1; r < 4; r++) b.reduce(0, r, 0, 0, 1000);
 * for (int r = 1; r < 4; r++) b.copy(1, 0, r, 0, 1000); // each waits for all three above
 * Schedule made = b.build();
 * }</pre>
 */
public final class ScheduleBuilder {
  /** More transfers than this do not fit the memory of a usual machine. */
  private static final int MOST_TRANSFERS = 1 << 27;

  final String name;
  final int ranks;
  final int elements;
  int helpers;
  int scratch;
  final IntList from = new IntList();
  final IntList to = new IntList();
  final IntList step = new IntList(); // twice the step, and 1 more if it reduces
  final IntList sectionStart = new IntList();
  final IntList first = new IntList(); // of each section
  final IntList at = new IntList();
  final IntList count = new IntList();
  final IntList waiter = new IntList(); // pairs of transfers: waiter waits for awaited
  final IntList awaited = new IntList();
  final IntList arranged = new IntList(); // rank, first, at, count

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
   * Gives the schedule helpers, such as a switch that adds: they come after the ranks in number,
   * start with zeros, and are no GPUs.
   *
   * @param some at least 0
   */
  public ScheduleBuilder helpers(int some) {
    Check.atLeast(0, "the number of helpers of " + name, some, "give 1 for a switch that adds");
    if (some > Integer.MAX_VALUE - ranks) {
      throw new IllegalArgumentException(
          "%s has at most 2^31 - 1 ranks and helpers, but was given %d and %d: lower them"
              .formatted(name, ranks, some));
    }
    helpers = some;
    return this;
  }

  /**
   * Gives each rank scratch memory behind its array: positions from {@code elements()} on.
   *
   * @param some elements, at least 0
   */
  public ScheduleBuilder scratch(int some) {
    Check.atLeast(0, "the scratch elements of " + name, some, "give 0 or more");
    if (some > Integer.MAX_VALUE - elements) {
      throw new IllegalArgumentException(
          "%s has at most 2^31 - 1 elements with its scratch, but was given %d and %d: lower them"
              .formatted(name, elements, some));
    }
    scratch = some;
    return this;
  }

  /** Ranks that take part, numbered from 0. */
  public int ranks() {
    return ranks;
  }

  /** Elements of each rank's array. */
  public int elements() {
    return elements;
  }

  /**
   * Adds a transfer whose receiver adds what arrives to what it has, at the same position.
   *
   * @param stepNumber from 0
   * @param source rank or helper that sends
   * @param target another one
   * @param first position of the first element carried, from 0
   * @param count how many elements, at least 1
   * @param after further transfers, which reached the source in earlier steps, to wait for
   * @return the transfer's number, for {@code after} of a later one
   */
  public int reduce(int stepNumber, int source, int target, int first, int count, int... after) {
    return add(stepNumber, source, target, true, first, first, count, after);
  }

  /**
   * Adds a transfer whose receiver replaces what it has, at the same position.
   *
   * @param stepNumber from 0
   * @param source rank or helper that sends
   * @param target another one
   * @param first position of the first element carried, from 0
   * @param count how many elements, at least 1
   * @param after further transfers, which reached the source in earlier steps, to wait for
   * @return the transfer's number, for {@code after} of a later one
   */
  public int copy(int stepNumber, int source, int target, int first, int count, int... after) {
    return add(stepNumber, source, target, false, first, first, count, after);
  }

  /**
   * {@link #copy} to another position of the receiver's array.
   *
   * @param at where the first element goes
   */
  public int place(
      int stepNumber, int source, int target, int first, int at, int count, int... after) {
    return add(stepNumber, source, target, false, first, at, count, after);
  }

  /** Has the transfer that was added last carry a further section of its sender's array. */
  public ScheduleBuilder also(int first, int at, int count) {
    if (from.size() == 0) {
      throw new IllegalArgumentException(
          "a further section belongs to a transfer, but %s has none yet: call copy(...) first"
              .formatted(name));
    }
    addSection(first, at, count);
    return this;
  }

  /** Moves a section within a rank's own memory once all transfers are over; takes no time. */
  public ScheduleBuilder arrange(int rank, int first, int at, int count) {
    Check.index("rank", rank, ranks);
    checkSection(first, count);
    checkSection(at, count);
    for (int value : new int[] {rank, first, at, count}) {
      arranged.add(value);
    }
    return this;
  }

  /**
   * Adds all transfers of another schedule.
   *
   * @param fromStep the step that its step 0 becomes
   * @param rank which rank or helper each of its ranks and helpers is here
   * @param firstElement where its element 0 lies here
   */
  public ScheduleBuilder include(
      Schedule part, int fromStep, IntUnaryOperator rank, int firstElement) {
    if (part.scratch() > 0 || part.arrangements() > 0) {
      throw new IllegalArgumentException(
          "%s needs scratch memory or rearranges arrays, so that it cannot be part of %s: write its transfers there"
              .formatted(part.name(), name));
    }
    int base = from.size();
    for (int t = 0; t < part.size(); t++) {
      int source = rank.applyAsInt(part.from(t));
      int target = rank.applyAsInt(part.to(t));
      int stepNumber = fromStep + part.step(t);
      open(stepNumber, source, target, part.reduces(t));
      for (int s = 0; s < part.sections(t); s++) {
        addSection(firstElement + part.first(t, s), firstElement + part.at(t, s), part.count(t, s));
      }
      for (int key = 0; key < part.waits(t); key++) {
        await(base + t, base + part.waitsFor(t, key));
      }
    }
    return this;
  }

  private int add(
      int stepNumber,
      int source,
      int target,
      boolean reduce,
      int firstElement,
      int position,
      int elementCount,
      int... after) {
    checkSection(firstElement, elementCount);
    checkSection(position, elementCount);
    open(stepNumber, source, target, reduce);
    addSection(firstElement, position, elementCount);
    int transfer = from.size() - 1;
    for (int other : after) {
      checkWait(transfer, other);
      await(transfer, other);
    }
    return transfer;
  }

  private void open(int stepNumber, int source, int target, boolean reduce) {
    Check.atLeast(0, "a transfer's step", stepNumber, "count steps from 0");
    if (stepNumber > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException(
          "a transfer's step is at most 2^30 - 1, but was %d: count steps from 0"
              .formatted(stepNumber));
    }
    int all = ranks + helpers;
    if (source < 0 || source >= all || target < 0 || target >= all || source == target) {
      throw new IllegalArgumentException(
          "a transfer joins two different ranks of 0 to %d, but was %d to %d: change one of them"
              .formatted(all - 1, source, target));
    }
    if (from.size() == MOST_TRANSFERS) {
      throw tooMany(name, from.size() + 1L);
    }
    from.add(source);
    to.add(target);
    step.add(2 * stepNumber + (reduce ? 1 : 0));
    sectionStart.add(first.size());
  }

  private void addSection(int firstElement, int position, int elementCount) {
    checkSection(firstElement, elementCount);
    checkSection(position, elementCount);
    first.add(firstElement);
    at.add(position);
    count.add(elementCount);
  }

  private void await(int transfer, int other) {
    waiter.add(transfer);
    awaited.add(other);
  }

  private void checkSection(int firstElement, int elementCount) {
    int room = elements + scratch;
    if (elementCount < 1 || firstElement < 0 || firstElement > room - elementCount) {
      throw new IllegalArgumentException(
          "a transfer carries 1 or more of the elements 0 to %d, but was %d from %d: change first or count"
              .formatted(room - 1, elementCount, firstElement));
    }
  }

  private void checkWait(int transfer, int other) {
    if (other < 0 || other >= transfer) {
      throw new IllegalArgumentException(
          "a transfer waits for one added before it, 0 to %d, but was to wait for %d: pass the number that reduce or copy returned"
              .formatted(transfer - 1, other));
    }
    int source = from.get(transfer);
    if (to.get(other) != source) {
      throw new IllegalArgumentException(
          "a transfer that leaves rank %d waits for one that reached it, but transfer %d reaches %d: wait for another"
              .formatted(source, other, to.get(other)));
    }
    if (step.get(other) >> 1 >= step.get(transfer) >> 1) {
      throw new IllegalArgumentException(
          "a transfer waits for one of an earlier step, but transfer %d of step %d was to hold up one of step %d: number the steps in order"
              .formatted(other, step.get(other) >> 1, step.get(transfer) >> 1));
    }
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

  /** The transfers by step; those of one step as they were added. */
  int[] order() {
    long[] keys = new long[from.size()];
    boolean sorted = true;
    for (int t = 0; t < keys.length; t++) {
      keys[t] = (long) (step.get(t) >> 1) << 32 | t;
      sorted &= t == 0 || keys[t - 1] < keys[t];
    }
    if (!sorted) {
      Arrays.sort(keys);
    }
    int[] order = new int[keys.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = (int) keys[i];
    }
    return order;
  }

  /** The schedule written so far. */
  public Schedule build() {
    return new Schedule(this);
  }
}
