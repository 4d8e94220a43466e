package weft.transport;

import weft.transport.CongestionControl.Controller;
import weft.transport.Timely.Between;
import weft.units.Rate;

/** One queue pair's rate, by the rules that {@link Timely} states. */
final class TimelyController implements Controller {
  private static final int HYPER_AFTER = 5; // increases in a row, Mittal et al., section 4.3
  private static final double NO_RTT_YET = -1;

  private final Timely rules;
  private final double line; // bit/s
  private final double least;
  private final double low; // ps
  private final double high;
  private final double minRtt;
  private final double delta; // bit/s

  private double rate;
  private double previousRtt = NO_RTT_YET; // ps
  private double rttDiff; // ps, smoothed
  private long bytes; // acknowledged since the last update
  private long updatedAt;
  private int increases; // in a row

  TimelyController(Timely rules, Connection connection) {
    this.rules = rules;
    line = connection.nic().bitsPerSecond();
    least = Math.min(line, (double) rules.minimumRate().bitsPerSecond());
    low = rules.low().ps();
    high = rules.high().ps();
    minRtt = rules.minRtt().ps();
    delta = rules.additiveIncrease().bitsPerSecond();
    Rate start = rules.start();
    rate = start == null ? line : Math.min(line, (double) start.bitsPerSecond());
  }

  @Override
  public double bitsPerSecond() {
    return rate;
  }

  @Override
  public void onAcknowledgement(Acknowledgement ack) {
    bytes += ack.bytes();
    if (bytes < rules.segment().bytes() || ack.nowPs() - updatedAt < minRtt) {
      return;
    }
    bytes = 0;
    updatedAt = ack.nowPs();
    update((double) ack.rttPs());
  }

  private void update(double rtt) {
    if (previousRtt == NO_RTT_YET) {
      previousRtt = rtt;
      return;
    }
    rttDiff = (1 - rules.alpha()) * rttDiff + rules.alpha() * (rtt - previousRtt);
    previousRtt = rtt;
    double next = next(rtt, rttDiff / minRtt);
    rate = Math.max(least, Math.min(line, next));
  }

  private double next(double rtt, double gradient) {
    if (rtt < low) {
      return increased();
    }
    if (rtt > high) {
      increases = 0;
      return rate * (1 - rules.beta() * (1 - high / rtt));
    }
    if (rules.between() == Between.WEIGHTED) {
      double w = Math.max(0, Math.min(1, 2 * gradient + 0.5));
      return delta * (1 - w) + rate * (1 - rules.beta() * w * (rtt - low) / low);
    }
    if (gradient <= 0) {
      return increased();
    }
    increases = 0;
    return rate * (1 - rules.beta() * gradient);
  }

  private double increased() {
    increases++;
    boolean hyper = increases >= HYPER_AFTER && rules.between() == Between.GRADIENT;
    return rate + (hyper ? HYPER_AFTER : 1) * delta;
  }
}
