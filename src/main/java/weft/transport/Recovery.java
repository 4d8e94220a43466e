package weft.transport;

import weft.units.Check;
import weft.units.Time;

/**
 * How a transport finds what was lost and sends it again.
 *
 * @param repeat what is sent again
 * @param tolerance with selective repeat: how many transmissions may overtake a packet before it is
 *     deemed lost, at least 1; {@link #ANY_ORDER} where overtaking means nothing
 * @param ordered whether messages complete in the order of posting
 * @param firstTimeout how long a packet waits for its acknowledgement before anything was measured
 * @param leastTimeout no timeout is shorter; between the two bounds it is that of RFC 6298, so that
 *     equal bounds fix it
 * @param mostTimeout no timeout is longer, doubled or not
 * @param retries timeouts in a row after which a connection gives up, at least 0
 */
public record Recovery(
    Repeat repeat,
    int tolerance,
    boolean ordered,
    Time firstTimeout,
    Time leastTimeout,
    Time mostTimeout,
    int retries) {
  /** A {@link #tolerance} for networks that keep no order. */
  public static final int ANY_ORDER = Integer.MAX_VALUE;

  /** What is sent again. */
  public enum Repeat {
    /** Everything from the first missing packet on; the receiver drops what is out of turn. */
    GO_BACK_N,
    /** The same after a timeout; the receiver keeps what is out of turn and asks for nothing. */
    GO_BACK_N_AFTER_TIMEOUT,
    /** What is missing. */
    SELECTIVE
  }

  /**
   * @throws IllegalArgumentException if something is missing or out of range
   */
  public Recovery {
    Check.notNull("what is repeated", repeat, "write Recovery.Repeat.SELECTIVE");
    Check.atLeast(1, "the tolerance to reordering", tolerance, "TCP has 3");
    Check.notNull("the first timeout", firstTimeout, "write for example us(100)");
    Check.notNull("the least timeout", leastTimeout, "write for example us(100)");
    Check.notNull("the longest timeout", mostTimeout, "write for example us(100)");
    Check.atLeast(0, "retries", retries, "RoCE's retry_cnt is 7");
    if (leastTimeout.ps() <= 0
        || firstTimeout.ps() <= 0
        || mostTimeout.compareTo(leastTimeout) < 0) {
      throw new IllegalArgumentException(
          "a timeout is above 0 and its longest not below its least, but they were %s, %s and %s: RoCE's is 67 ms"
              .formatted(firstTimeout, leastTimeout, mostTimeout));
    }
  }

  /** With one timeout for all, never doubled. */
  static Recovery fixed(Repeat repeat, int tolerance, boolean ordered, Time timeout, int retries) {
    return new Recovery(repeat, tolerance, ordered, timeout, timeout, timeout, retries);
  }
}
