package weft.collective;

/**
 * A schedule's dependencies turned round, for what executes it in time: which gates a transfer
 * opens, what a gate holds back, what leaves a rank.
 *
 * <p>Each answer is a range of positions: {@code for (int i = d.behindStart(g); i < d.behindStart(g
 * + 1); i++) ... d.behind(i)}.
 */
public final class Dependents {
  private final int[] gateOfKey;
  private final Grouped opens;
  private final Grouped behind;
  private final Grouped leaves;

  private Dependents(int[] gateOfKey, Grouped opens, Grouped behind, Grouped leaves) {
    this.gateOfKey = gateOfKey;
    this.opens = opens;
    this.behind = behind;
    this.leaves = leaves;
  }

  /** The dependencies of a schedule. */
  public static Dependents of(Schedule schedule) {
    int keys = 0;
    for (int gate = 0; gate < schedule.gates(); gate++) {
      keys += schedule.keys(gate);
    }
    int[] key = new int[keys];
    int[] gateOfKey = new int[keys];
    for (int gate = 0, next = 0; gate < schedule.gates(); gate++) {
      for (int i = 0; i < schedule.keys(gate); i++, next++) {
        key[next] = schedule.key(gate, i);
        gateOfKey[next] = gate;
      }
    }
    return new Dependents(
        gateOfKey,
        Grouped.by(keys, schedule.size(), k -> key[k]),
        Grouped.by(schedule.size(), schedule.gates(), schedule::gate),
        Grouped.by(schedule.size(), schedule.ranks() + schedule.helpers(), schedule::from));
  }

  /** First position of the gates that a transfer is a key of. */
  public int opensStart(int transfer) {
    return opens.start(transfer);
  }

  /** The gate at a position. */
  public int opens(int position) {
    return gateOfKey[opens.item(position)];
  }

  /** First position of the transfers that a gate holds back. */
  public int behindStart(int gate) {
    return behind.start(gate);
  }

  /** The transfer at a position. */
  public int behind(int position) {
    return behind.item(position);
  }

  /** First position of the transfers that leave a rank. */
  public int leavesStart(int rank) {
    return leaves.start(rank);
  }

  /** The transfer at a position. */
  public int leaves(int position) {
    return leaves.item(position);
  }
}
