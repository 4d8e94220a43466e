package weft.routing;

import weft.units.Check;

/**
 * How the messages of a flow are dealt to several queue pairs, each with its own UDP source port
 * and so its own path.
 *
 * @param count queue pairs of a flow, from 1 to 4096
 * @param dealing which bytes go over which
 */
public record QueuePairSplit(int count, Dealing dealing) {
  /** One queue pair carries all. */
  public static final QueuePairSplit ONE = new QueuePairSplit(1, Dealing.MESSAGES_IN_TURN);

  /** Most queue pairs of one flow. */
  public static final int MOST = 4096;

  /** Which bytes go over which queue pair. */
  public enum Dealing {
    /** Every message is cut into equal parts, one for each queue pair. */
    MESSAGES_SPLIT,
    /** A message goes over one queue pair, the next over the next. */
    MESSAGES_IN_TURN
  }

  /**
   * @throws IllegalArgumentException if the count is out of range or the dealing missing
   */
  public QueuePairSplit {
    Check.notNull("a dealing", dealing, "write QueuePairSplit.Dealing.MESSAGES_SPLIT");
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "a flow has from 1 to %d queue pairs, but %d were asked for: write for example Ecmp.queuePairs(8)"
              .formatted(MOST, count));
    }
  }
}
