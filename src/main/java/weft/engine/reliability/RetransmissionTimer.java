package weft.engine.reliability;

/**
 * How long to wait for an acknowledgement (RFC 6298): {@code RTO = SRTT + 4 RTTVAR}, {@code RTTVAR
 * = 3/4 RTTVAR + 1/4 |SRTT - R|}, {@code SRTT = 7/8 SRTT + 1/8 R}; doubled at each timeout until
 * something new is acknowledged.
 */
public final class RetransmissionTimer {
  private final long least;
  private final long most;
  private double smoothed = -1; // SRTT, ps
  private double variation; // RTTVAR
  private long timeout; // without the doublings
  private int doublings;

  /**
   * @param firstPs before anything was measured: 1 s in RFC 6298
   * @param leastPs no timeout is shorter: 1 s in RFC 6298, 200 ms in Linux
   * @param mostPs no timeout is longer, doubled or not: 60 s at least in RFC 6298
   */
  public RetransmissionTimer(long firstPs, long leastPs, long mostPs) {
    least = leastPs;
    most = mostPs;
    timeout = firstPs;
  }

  /** A round trip of a packet that was sent once has been measured. */
  public void measured(long rttPs) {
    if (smoothed < 0) {
      smoothed = rttPs;
      variation = rttPs / 2.0;
    } else {
      variation = 0.75 * variation + 0.25 * Math.abs(smoothed - rttPs);
      smoothed = 0.875 * smoothed + 0.125 * rttPs;
    }
    timeout = Math.max(least, (long) (smoothed + 4 * variation));
  }

  /** Something new has been acknowledged. */
  public void progressed() {
    doublings = 0;
  }

  /** The timeout has run out: the next is twice as long. */
  public void ranOut() {
    doublings++;
  }

  /** Timeouts since something new was acknowledged. */
  public int inARow() {
    return doublings;
  }

  /** The timeout now, ps. */
  public long timeoutPs() {
    double doubled = timeout * Math.scalb(1.0, doublings);
    return doubled >= most ? most : (long) doubled;
  }
}
