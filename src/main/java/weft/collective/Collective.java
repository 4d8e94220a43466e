package weft.collective;

import java.util.Optional;
import weft.units.Check;
import weft.units.DataSize;

/** Something that N ranks do together with an array each. A reader may write one in a cell. */
public interface Collective {
  /**
   * Who sends which elements to whom, and after what.
   *
   * @param ranks at least 1
   * @param elements elements of each rank's array, at least 1
   */
  Schedule schedule(int ranks, int elements);

  /**
   * The same in short, if all its steps are alike; empty unless overridden.
   *
   * @param ranks at least 1
   * @param elements elements of each rank's array, at least 1
   */
  default Optional<Rounds> rounds(int ranks, int elements) {
    return Optional.empty();
  }

  /**
   * What nccl-tests multiplies algorithm bandwidth (array size over time) with to get bus
   * bandwidth, so that the figure can be held against a link's rate (nccl-tests, PERFORMANCE.md).
   */
  double busBandwidthFactor(int ranks);

  /** What it makes of the arrays, for {@link #verify}; nothing is promised unless overridden. */
  default Effect effect() {
    return Effect.unspecified();
  }

  /**
   * Executes it on random whole numbers and compares with {@link #effect}.
   *
   * @throws IllegalStateException if any element of any rank is wrong
   */
  default void verify(int ranks, int elements) {
    effect().check(plan(ranks, elements));
  }

  /**
   * Latencies, bytes and additions on the busiest rank: a closed form, or counted from the schedule
   * where a collective has none of its own.
   *
   * @param ranks at least 1
   * @param size bytes of each rank's array of float32
   */
  default Cost cost(int ranks, DataSize size) {
    return Cost.of(plan(ranks, of(size).elements()));
  }

  /**
   * {@link #schedule} with its answer checked.
   *
   * @throws IllegalArgumentException if it is none, moves nothing, or is made for another number of
   *     ranks or elements, or if the bus bandwidth factor is not a number above 0
   */
  default Schedule plan(int ranks, int elements) {
    Schedule made =
        Check.notNull(
            "a collective's schedule",
            schedule(ranks, elements),
            "return new ScheduleBuilder(name, ranks, elements)...build()");
    if (made.ranks() != ranks || made.elements() != elements) {
      throw new IllegalArgumentException(
          "a schedule for %d ranks and %d elements was asked for, but the collective made one for %d and %d: pass both on to ScheduleBuilder"
              .formatted(ranks, elements, made.ranks(), made.elements()));
    }
    if (ranks == 1) {
      return made;
    }
    if (made.size() == 0) {
      throw new IllegalArgumentException(
          "a schedule for %d ranks needs transfers, but %s has none: add them by reduce(...) and copy(...)"
              .formatted(ranks, made.name()));
    }
    double factor = busBandwidthFactor(ranks);
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException(
          "a bus bandwidth factor is a number above 0, but %s has %s on %d ranks: return 1 where the array's size over time is the figure meant"
              .formatted(made.name(), factor, ranks));
    }
    return made;
  }

  /**
   * This collective on arrays of float32 of this size.
   *
   * @throws IllegalArgumentException if the array holds no element or more than an array can
   */
  default SizedCollective of(DataSize size) {
    return new SizedCollective(this, size);
  }
}
