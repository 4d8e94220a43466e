package weft.experiment;

import weft.collective.Dependents;
import weft.collective.Schedule;

/**
 * One execution of a schedule in time: which transfers have arrived, and which may leave next.
 *
 * <p>A transfer leaves once its rank is {@linkplain #ready ready} and its gate is open: all
 * transfers that it waits for have arrived. Helpers of a schedule are ready from the start.
 */
public final class CollectiveRun {
  private final Schedule schedule;
  private final Dependents dependents;
  private final Sender sender;
  private final boolean[] rankReady;
  private final int[] closed; // by gate: transfers that it still waits for
  private final int[] missing; // by rank: transfers that are still to reach it

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
    int all = schedule.ranks() + schedule.helpers();
    this.rankReady = new boolean[all];
    for (int helper = schedule.ranks(); helper < all; helper++) {
      rankReady[helper] = true;
    }
    this.closed = new int[schedule.gates()];
    for (int gate = 0; gate < closed.length; gate++) {
      closed[gate] = schedule.keys(gate);
    }
    this.missing = new int[all];
    for (int t = 0; t < schedule.size(); t++) {
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
    for (int i = dependents.leavesStart(rank); i < dependents.leavesStart(rank + 1); i++) {
      int transfer = dependents.leaves(i);
      int gate = schedule.gate(transfer);
      if (gate == Schedule.NOTHING || closed[gate] == 0) {
        sender.send(this, transfer);
      }
    }
    return missing[rank] == 0;
  }

  /**
   * The transfer has arrived, so what waited for it last may leave.
   *
   * @return whether its receiver, a rank that is ready, now has all that this collective sends it
   */
  public boolean arrived(int transfer) {
    for (int i = dependents.opensStart(transfer); i < dependents.opensStart(transfer + 1); i++) {
      int gate = dependents.opens(i);
      if (--closed[gate] == 0) {
        leave(gate);
      }
    }
    int receiver = schedule.to(transfer);
    return --missing[receiver] == 0 && rankReady[receiver] && receiver < schedule.ranks();
  }

  private void leave(int gate) {
    for (int i = dependents.behindStart(gate); i < dependents.behindStart(gate + 1); i++) {
      int next = dependents.behind(i);
      if (rankReady[schedule.from(next)]) {
        sender.send(this, next);
      }
    }
  }
}
