package weft.train;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import weft.collective.Collective;
import weft.collective.Schedule;

/**
 * Workers that do collectives together, each on a thread of its own: all wait until the last has
 * come, who carries the schedule out on everybody's arrays.
 */
final class Group {
  private final int ranks;
  private final Object[] arrays;
  private final Map<Wanted, Schedule> schedules = new HashMap<>();
  private int arrived;
  private int meetings;

  /** What was asked for before. */
  private record Wanted(Collective collective, int count) {}

  Group(int ranks) {
    this.ranks = ranks;
    arrays = new Object[ranks];
  }

  int ranks() {
    return ranks;
  }

  /**
   * Takes part with an array of float32 or float64.
   *
   * @return what was carried out
   * @throws CancellationException if the thread is interrupted while it waits
   */
  synchronized Schedule meet(int rank, Collective collective, Object array, int count) {
    Schedule schedule =
        schedules.computeIfAbsent(
            new Wanted(collective, count), wanted -> collective.plan(ranks, count));
    arrays[rank] = array;
    arrived++;
    if (arrived == ranks) {
      apply(schedule, arrays);
      arrived = 0;
      meetings++;
      notifyAll();
    } else {
      await(meetings);
    }
    return schedule;
  }

  private void await(int meeting) {
    while (meetings == meeting) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw new CancellationException("interrupted: a worker waits for the others of its group");
      }
    }
  }

  /** Carries a schedule out on arrays of one type. */
  static void apply(Schedule schedule, Object[] arrays) {
    if (arrays[0] instanceof float[]) {
      schedule.applyTo(Arrays.copyOf(arrays, arrays.length, float[][].class), 0);
    } else {
      schedule.applyTo(Arrays.copyOf(arrays, arrays.length, double[][].class), 0);
    }
  }
}
