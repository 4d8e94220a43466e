package weft.transport;

import org.apache.commons.math3.util.FastMath;
import weft.transport.CongestionControl.Controller;

/** One connection's window, by the rules that {@link Cubic} states; in packets inside. */
final class CubicController implements Controller {
  private static final double PS_PER_SECOND = 1e12;
  private static final double LEAST = 2; // packets; RFC 5681 (4)

  private final double c;
  private final double beta;
  private final double alpha; // of Reno's estimate
  private final double line; // bit/s
  private final double mss; // bytes

  private double window; // cwnd
  private double threshold = Double.MAX_VALUE; // ssthresh
  private double most; // Wmax
  private double estimate; // W_est
  private double prior; // cwnd before the cut
  private double origin; // K, s
  private long epoch = -1; // when this stage of avoidance began, ps
  private long sent; // bytes, as last heard
  private long acknowledged;
  private long recovery = -1; // bytes: no second cut until all sent before one is acknowledged

  CubicController(Cubic rules, Connection connection) {
    c = rules.c();
    beta = rules.beta();
    alpha = 3 * (1 - beta) / (1 + beta);
    line = connection.nic().bitsPerSecond();
    mss = connection.mtu().bytes();
    window = rules.initialPackets();
  }

  @Override
  public double bitsPerSecond() {
    return line;
  }

  @Override
  public long windowBytes() {
    return (long) (window * mss);
  }

  @Override
  public void onAcknowledgement(Acknowledgement ack) {
    sent = ack.sentBytes();
    acknowledged = ack.acknowledgedBytes();
    boolean recovering = acknowledged < recovery;
    if (ack.marked() && !recovering) {
      cut();
    } else if (!recovering && ack.bytes() > 0) {
      grow(ack.nowPs(), ack.rttPs() / PS_PER_SECOND, ack.bytes() / mss);
    }
  }

  private void grow(long now, double rtt, double packets) {
    if (window < threshold) {
      window += packets;
      return;
    }
    if (epoch < 0) {
      begin(now);
    }
    double t = (now - epoch) / PS_PER_SECOND;
    double target = Math.max(window, Math.min(1.5 * window, cubic(t + rtt)));
    estimate += (estimate >= prior ? 1 : alpha) * packets / window;
    if (cubic(t) < estimate) {
      window = Math.max(window, estimate);
    } else {
      window += packets * (target - window) / window;
    }
  }

  private void begin(long now) {
    epoch = now;
    estimate = window;
    most = Math.max(most, window);
    origin = FastMath.cbrt((most - window) / c);
  }

  /** W_cubic, packets, so many seconds after the epoch began. */
  private double cubic(double seconds) {
    double after = seconds - origin;
    return c * after * after * after + most;
  }

  private void cut() {
    prior = window;
    most = window < most ? window * (1 + beta) / 2 : window;
    window = Math.max(LEAST, window * beta);
    threshold = window;
    epoch = -1;
    recovery = sent;
  }

  @Override
  public void onLoss(long nowPs) {
    if (acknowledged >= recovery) {
      cut();
    }
  }

  @Override
  public void onTimeout(long nowPs) {
    if (acknowledged >= recovery) {
      cut();
    }
    most = 0; // so that avoidance begins on the flat of its curve, section 4.8
    window = 1;
  }
}
