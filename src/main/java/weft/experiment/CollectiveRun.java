package weft.experiment;

import weft.collective.Schedule;
import weft.collective.ScheduleBuilder;

/**
 * One execution of a schedule in time: which transfers have arrived, and which may leave next.
 *
 * <p>A transfer leaves once its rank is {@linkplain #ready ready} and the transfer it waits for has
 * arrived.
 */
public final class CollectiveRun {
  private static final int NONE = ScheduleBuilder.NOTHING;

  private final Schedule schedule;
  private final Dependents dependents;
  private final Sender sender;
  private final boolean[] rankReady;
  private final boolean[] mayLeave;
  private final int[] missing;

  /** What sends a transfer's bytes; told once for each transfer, in an order that is the same. */
  @FunctionalInterface
  public interface Sender {
    /** The transfer leaves now. */
    void send(CollectiveRun run, int transfer);
  }

  /** An execution in which no rank is ready yet. */
  public CollectiveRun(Schedule schedule, Sender sender) {
    this(schedule, Dependents.of(schedule), sender);
  }

  private CollectiveRun(Schedule schedule, Dependents dependents, Sender sender) {
    this.schedule = schedule;
    this.dependents = dependents;
    this.sender = sender;
    this.rankReady = new boolean[schedule.ranks()];
    this.mayLeave = new boolean[schedule.size()];
    this.missing = new int[schedule.ranks()];
    for (int t = 0; t < schedule.size(); t++) {
      mayLeave[t] = schedule.after(t) == NONE;
      missing[schedule.to(t)]++;
    }
  }

  /** A further execution of the same schedule, from the start. */
  public CollectiveRun again() {
    return new CollectiveRun(schedule, dependents, sender);
  }

  /** What is being executed. */
  public Schedule schedule() {
    return schedule;
  }

  /**
   * The rank has its array, so what waits for nothing else leaves.
   *
   * @return whether the rank already has all that this collective sends it
   */
  public boolean ready(int rank) {
    rankReady[rank] = true;
    for (int i = dependents.fromStart[rank]; i < dependents.fromStart[rank + 1]; i++) {
      int transfer = dependents.from[i];
      if (mayLeave[transfer]) {
        sender.send(this, transfer);
      }
    }
    return missing[rank] == 0;
  }

  /**
   * The transfer has arrived, so what waited for it may leave.
   *
   * @return whether its receiver, which is ready, now has all that this collective sends it
   */
  public boolean arrived(int transfer) {
    for (int i = dependents.afterStart[transfer]; i < dependents.afterStart[transfer + 1]; i++) {
      int next = dependents.after[i];
      mayLeave[next] = true;
      if (rankReady[schedule.from(next)]) {
        sender.send(this, next);
      }
    }
    int receiver = schedule.to(transfer);
    return --missing[receiver] == 0 && rankReady[receiver];
  }

  /** The schedule's dependencies turned round: by transfer and by rank, what may leave next. */
  @SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
  private record Dependents(int[] afterStart, int[] after, int[] fromStart, int[] from) {
    static Dependents of(Schedule schedule) {
      int n = schedule.size();
      int[] waitsFor = new int[n];
      int[] leaves = new int[n];
      for (int t = 0; t < n; t++) {
        waitsFor[t] = schedule.after(t);
        leaves[t] = schedule.from(t);
      }
      int[] afterStart = new int[n + 1];
      int[] fromStart = new int[schedule.ranks() + 1];
      return new Dependents(
          afterStart, grouped(waitsFor, afterStart), fromStart, grouped(leaves, fromStart));
    }

    /** Indices in the order of their key, with each key's first position left in {@code start}. */
    private static int[] grouped(int[] key, int[] start) {
      for (int k : key) {
        if (k != NONE) {
          start[k + 1]++;
        }
      }
      for (int k = 1; k < start.length; k++) {
        start[k] += start[k - 1];
      }
      int[] next = start.clone();
      int[] order = new int[start[start.length - 1]];
      for (int i = 0; i < key.length; i++) {
        if (key[i] != NONE) {
          order[next[key[i]]++] = i;
        }
      }
      return order;
    }
  }
}
