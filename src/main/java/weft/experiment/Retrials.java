package weft.experiment;

import weft.transport.CongestionControl.Signal;
import weft.transport.Recovery;
import weft.transport.Recovery.Repeat;
import weft.transport.Transport;

/**
 * When a sender all of whose packets were lost for a while goes on.
 *
 * <p>Without a window it sends on, so that the first packet to arrive again tells its receiver of
 * the gap: it goes on at once, from what was lost first. With a window, or if it has sent all it
 * had, it waits until its timer runs out; and so does one whose receiver asks for nothing.
 */
final class Retrials {
  /** It has given up. */
  static final long NEVER = Long.MAX_VALUE;

  private final Recovery recovery;
  private final boolean sendsOn;

  Retrials(Transport transport) {
    recovery = transport.recovery();
    sendsOn = !haveWindows(transport) && recovery.repeat() != Repeat.GO_BACK_N_AFTER_TIMEOUT;
  }

  /** Whether senders stop where nothing is acknowledged. */
  static boolean haveWindows(Transport transport) {
    var signals = transport.control().signals();
    return signals.contains(Signal.ECN_ECHO)
        || signals.contains(Signal.DELAY)
        || transport.control().credit().isPresent();
  }

  /**
   * When it goes on, ps, or {@link #NEVER}.
   *
   * @param lost since when everything is lost, ps
   * @param back since when nothing is, ps
   * @param burst how long it takes to send all it has, ps
   * @param roundTrip in which one that goes back sends what is of no use, ps
   */
  long goesOn(long lost, long back, double burst, long roundTrip) {
    double start = lost;
    double timeout = recovery.leastTimeout().ps();
    for (int timeouts = 0; timeouts <= recovery.retries(); timeouts++) {
      if (start >= back) {
        return (long) start;
      }
      if (sendsOn && back < start + Math.min(burst, timeout)) {
        return recovery.repeat() == Repeat.SELECTIVE ? back : back + roundTrip;
      }
      start += timeout;
      timeout = next(timeout);
    }
    return NEVER;
  }

  /** Adapters take one to two timeouts after the first, as the packet engine's do. */
  private double next(double timeout) {
    return recovery.repeat() == Repeat.SELECTIVE
        ? Math.min(2 * timeout, (double) recovery.mostTimeout().ps())
        : recovery.firstTimeout().ps() * 1.5;
  }

  /** How many timeouts in a row are too many. */
  int most() {
    return recovery.retries() + 1;
  }
}
