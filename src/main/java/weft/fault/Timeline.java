package weft.fault;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is the matter with one port over time; of several faults at once the worst counts. */
final class Timeline {
  /** The end of what does not end. */
  static final long FOREVER = Long.MAX_VALUE;

  /** From {@code from} on, before {@code to}. */
  record Interval(long from, long to, double value, String cause) {}

  private final List<Interval> intervals = new ArrayList<>();

  void add(Interval interval) {
    if (interval.from < interval.to) {
      intervals.add(interval);
    }
  }

  void addAll(Timeline other) {
    intervals.addAll(other.intervals);
  }

  /** Without overlaps, in the order of time; neighbours differ in value. */
  List<Interval> merged() {
    long[] bounds =
        intervals.stream()
            .flatMap(i -> List.of(i.from, i.to).stream())
            .mapToLong(Long::longValue)
            .distinct()
            .sorted()
            .toArray();
    var merged = new ArrayList<Interval>();
    for (int b = 0; b + 1 < bounds.length; b++) {
      Interval worst = worstAt(bounds[b]);
      if (worst == null) {
        continue;
      }
      int last = merged.size() - 1;
      Interval before = last < 0 ? null : merged.get(last);
      if (before != null && before.to == bounds[b] && before.value == worst.value) {
        merged.set(last, new Interval(before.from, bounds[b + 1], before.value, before.cause));
      } else {
        merged.add(new Interval(bounds[b], bounds[b + 1], worst.value, worst.cause));
      }
    }
    return merged;
  }

  private @Nullable Interval worstAt(long time) {
    Interval worst = null;
    for (Interval i : intervals) {
      if (i.from <= time && time < i.to && (worst == null || i.value > worst.value)) {
        worst = i;
      }
    }
    return worst;
  }

  /** As a port knows it that takes a change for true once it has lasted for longer than a time. */
  Timeline held(long hold) {
    var held = new Timeline();
    long since = FOREVER;
    String cause = "";
    List<Interval> all = merged();
    for (int i = 0; i < all.size(); i++) {
      Interval down = all.get(i);
      if (since == FOREVER && down.to - down.from > hold) {
        since = later(down.from, hold);
        cause = down.cause;
      }
      long up = i + 1 < all.size() ? all.get(i + 1).from - down.to : FOREVER;
      if (since != FOREVER && up > hold) {
        held.add(new Interval(since, later(down.to, hold), 1, cause));
        since = FOREVER;
      }
    }
    return held;
  }

  /** So much later. */
  Timeline delayed(long by) {
    var delayed = new Timeline();
    for (Interval i : intervals) {
      delayed.add(new Interval(later(i.from, by), later(i.to, by), i.value, i.cause));
    }
    return delayed;
  }

  /** As somebody knows it who learns nothing while another timeline lasts, but at its end. */
  Timeline unheard(Timeline deafness) {
    var known = new Timeline();
    for (Interval i : intervals) {
      long from = deafness.endOf(i.from);
      known.add(new Interval(from, deafness.endOf(i.to), i.value, i.cause));
    }
    return known;
  }

  private long endOf(long time) {
    for (Interval i : merged()) {
      if (i.from <= time && time < i.to) {
        return i.to;
      }
    }
    return time;
  }

  private static long later(long time, long by) {
    return time > FOREVER - by ? FOREVER : time + by;
  }
}
