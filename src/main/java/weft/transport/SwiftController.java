package weft.transport;

import weft.transport.CongestionControl.Controller;

/** One queue pair's window, by the rules that {@link Swift} states. */
final class SwiftController implements Controller {
  private static final double BITS_PS = 8e12; // 8 bits a byte, 10^12 ps a second
  private static final int RESET_AFTER = 5; // timeouts in a row

  private final Swift rules;
  private final double line; // bit/s
  private final int hops;
  private final double mtu;
  private final double most; // packets

  private double window; // cwnd, packets
  private long rtt; // ps, smoothed as TCP does
  private long cutAt = Long.MIN_VALUE / 2;
  private int timeouts; // in a row

  SwiftController(Swift rules, Connection connection) {
    this.rules = rules;
    line = connection.nic().bitsPerSecond();
    hops = connection.hops();
    mtu = connection.mtu().bytes();
    rtt = connection.baseRtt().ps();
    window = Math.max(1, connection.bandwidthDelay().bytes() / mtu);
    most = line / BITS_PS * rules.targetPs(1, hops) / mtu + window;
  }

  @Override
  public double bitsPerSecond() {
    return window >= 1 ? line : Math.min(line, window * mtu * BITS_PS / rtt);
  }

  @Override
  public long windowBytes() {
    return (long) Math.max(1, window * mtu);
  }

  @Override
  public void onAcknowledgement(Acknowledgement ack) {
    timeouts = 0;
    long delay = ack.rttPs() - ack.receiverPs();
    boolean mayCut = ack.nowPs() - cutAt >= rtt;
    rtt += (ack.rttPs() - rtt) / 8;
    double target = rules.targetPs(window, hops);
    double packets = ack.bytes() / mtu;
    if (delay < target) {
      set(window + rules.ai() * packets / Math.max(1, window));
    } else if (mayCut) {
      double keep = 1 - rules.beta() * (delay - target) / delay;
      cut(Math.max(keep, 1 - rules.maxDecrease()), ack.nowPs());
    }
  }

  @Override
  public void onLoss(long nowPs) {
    if (nowPs - cutAt >= rtt) {
      cut(1 - rules.maxDecrease(), nowPs);
    }
  }

  @Override
  public void onTimeout(long nowPs) {
    timeouts++;
    if (timeouts >= RESET_AFTER) {
      window = rules.fsMin();
      cutAt = nowPs;
    } else {
      onLoss(nowPs);
    }
  }

  private void cut(double keep, long now) {
    set(window * keep);
    cutAt = now;
  }

  private void set(double packets) {
    window = Math.max(rules.fsMin(), Math.min(most, packets));
  }
}
