package weft.collective;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import weft.nn.Precision;

/**
 * A schedule at work on real arrays, step by step: whatever a transfer carries, it read before
 * anything of its step arrived.
 *
 * @param <A> {@code float[]} or {@code double[]}
 */
final class Execution<A> {
  private final Schedule schedule;
  private final Numbers<A> numbers;
  private final A[] arrays; // helpers' at the end
  private final A[] scratch; // by rank
  private final int start;
  private final @Nullable Precision format;
  private final A staged; // what would be overwritten before it is sent
  private A holder;
  private int place;

  Execution(
      Schedule schedule, Numbers<A> numbers, A[] given, int start, @Nullable Precision format) {
    this.schedule = schedule;
    this.numbers = numbers;
    this.start = start;
    this.format = format;
    int all = schedule.ranks() + schedule.helpers();
    this.arrays = Arrays.copyOf(given, all);
    for (int helper = schedule.ranks(); helper < all; helper++) {
      arrays[helper] = numbers.zeros(schedule.elements());
    }
    this.scratch = Arrays.copyOf(given, all);
    for (int rank = 0; schedule.scratch() > 0 && rank < all; rank++) {
      scratch[rank] = numbers.zeros(schedule.scratch());
    }
    this.staged = numbers.zeros(schedule.stagedRoom());
    this.holder = staged;
  }

  void run() {
    int t = 0;
    while (t < schedule.size()) {
      t = step(t);
    }
    finish();
  }

  /**
   * Executes one step.
   *
   * @param begin the step's first transfer
   * @return the next step's
   */
  int step(int begin) {
    int end = begin;
    int room = 0;
    while (end < schedule.size() && schedule.step(end) == schedule.step(begin)) {
      room = schedule.isStaged(end) ? stage(end, room) : room;
      end++;
    }
    room = 0;
    for (int t = begin; t < end; t++) {
      room = deliver(t, room);
    }
    return end;
  }

  /** What is left to do after the last step. */
  void finish() {
    if (format != null) {
      roundKept(format);
    }
    arrange();
  }

  /** Ranks that send a sum on and ranks that only keep it shall hold the same. */
  private void roundKept(Precision precision) {
    for (int t = 0; t < schedule.size(); t++) {
      for (int s = 0; schedule.isKept(t) && s < schedule.sections(t); s++) {
        locate(schedule.to(t), schedule.at(t, s));
        numbers.round(precision, holder, place, place + schedule.count(t, s));
      }
    }
  }

  private int stage(int t, int room) {
    int next = room;
    for (int s = 0; s < schedule.sections(t); s++) {
      int n = schedule.count(t, s);
      read(t, s);
      System.arraycopy(holder, place, staged, next, n);
      next += n;
    }
    return next;
  }

  private int deliver(int t, int room) {
    int next = room;
    for (int s = 0; s < schedule.sections(t); s++) {
      int n = schedule.count(t, s);
      A source = staged;
      int first = next;
      if (schedule.isStaged(t)) {
        next += n;
      } else {
        read(t, s);
        source = holder;
        first = place;
      }
      locate(schedule.to(t), schedule.at(t, s));
      if (schedule.reduces(t)) {
        numbers.add(source, first, holder, place, n);
      } else {
        System.arraycopy(source, first, holder, place, n);
      }
    }
    return next;
  }

  private void read(int t, int s) {
    locate(schedule.from(t), schedule.first(t, s));
    if (format != null) {
      numbers.round(format, holder, place, place + schedule.count(t, s));
    }
  }

  private void locate(int rank, int position) {
    boolean behind = position >= schedule.elements();
    holder = behind ? scratch[rank] : arrays[rank];
    place = behind ? position - schedule.elements() : begin(rank) + position;
  }

  private int begin(int rank) {
    return rank < schedule.ranks() ? start : 0;
  }

  /** All is read before any of it is written: what is arranged may change places. */
  private void arrange() {
    int n = schedule.arrangements();
    A moved = numbers.zeros(schedule.arranged());
    int next = 0;
    for (int pass = 0; pass < 2; pass++, next = 0) {
      for (int i = 0; i < n; i++) {
        int count = schedule.arrangement(i, 3);
        locate(schedule.arrangement(i, 0), schedule.arrangement(i, 1 + pass));
        if (pass == 0) {
          System.arraycopy(holder, place, moved, next, count);
        } else {
          System.arraycopy(moved, next, holder, place, count);
        }
        next += count;
      }
    }
  }
}
