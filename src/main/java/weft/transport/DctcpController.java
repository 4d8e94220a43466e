package weft.transport;

import weft.transport.CongestionControl.Controller;
import weft.units.DataSize;

/** One queue pair's window, by the rules that {@link Dctcp} states. */
final class DctcpController implements Controller {
  private final double g;
  private final double line; // bit/s
  private final double mtu;

  private double window; // cwnd, bytes
  private double threshold; // of slow start, bytes
  private double alpha = 1;
  private long acked; // bytes in this window of data
  private long marked;
  private long windowEnd; // bytes
  private boolean reduced; // whether this window of data has cost a cut
  private long reducedEnd; // bytes up to which it lasts

  DctcpController(Dctcp rules, Connection connection) {
    g = rules.g();
    line = connection.nic().bitsPerSecond();
    mtu = connection.mtu().bytes();
    DataSize initial = rules.initialWindow();
    long product = connection.bandwidthDelay().bytes();
    window = initial == null ? product : initial.bytes();
    window = Math.max(mtu, window);
    threshold = initial == null ? window : Double.MAX_VALUE;
  }

  @Override
  public double bitsPerSecond() {
    return line;
  }

  @Override
  public long windowBytes() {
    return (long) window;
  }

  /** α. */
  double alpha() {
    return alpha;
  }

  @Override
  public void onAcknowledgement(Acknowledgement ack) {
    acked += ack.bytes();
    marked += ack.marked() ? ack.bytes() : 0;
    if (reduced && ack.acknowledgedBytes() > reducedEnd) {
      reduced = false;
    }
    if (ack.acknowledgedBytes() > windowEnd) {
      estimate(ack.sentBytes());
    }
    if (ack.marked() && !reduced) {
      cut(1 - alpha / 2, ack.sentBytes());
    } else if (!reduced) {
      boolean slowStart = window < threshold;
      window += slowStart ? ack.bytes() : mtu * ack.bytes() / window;
    }
  }

  private void estimate(long sentBytes) {
    if (acked > 0) {
      alpha = (1 - g) * alpha + g * marked / acked;
    }
    acked = 0;
    marked = 0;
    windowEnd = sentBytes;
  }

  private void cut(double keep, long sentBytes) {
    window = Math.max(mtu, window * keep);
    threshold = window;
    reduced = true;
    reducedEnd = sentBytes;
  }

  @Override
  public void onLoss(long nowPs) {
    window = Math.max(mtu, window / 2);
    threshold = window;
  }

  @Override
  public void onTimeout(long nowPs) {
    threshold = Math.max(mtu, window / 2);
    window = mtu;
  }
}
