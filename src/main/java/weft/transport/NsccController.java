package weft.transport;

import weft.transport.CongestionControl.Controller;

/** One queue pair's window, by the rules that {@link Nscc} states. */
final class NsccController implements Controller {
  private static final double REFERENCE_PRODUCT = 150_000; // bytes: 100 Gb/s, 12 us
  private static final double REFERENCE_RTT = 12e6; // ps
  private static final double LEAST_FACTOR = 0.5; // of one multiplicative decrease
  private static final long IDLE_DELAY = 1_000_000; // ps: below it the path counts as empty
  private static final double QUICK_DELAYS = 4; // targets of delay that ask for quick adapt
  private static final double QUICK_SHARE = 1.0 / 8; // of the largest window
  private static final int ADJUST_PACKETS = 8;

  private final Nscc rules;
  private final double line; // bit/s
  private final double mss;
  private final double baseRtt; // ps
  private final double target; // ps
  private final double most; // bytes
  private final double proportional; // alpha, bytes of increase for each byte and ps
  private final double fair; // bytes of increase for each byte
  private final double eta; // bytes each base round trip
  private final double fast; // bytes of increase for each byte, at once

  private double window; // cwnd, bytes
  private double average; // queueing delay, ps
  private double pending; // increase times window, not yet in effect
  private double received; // bytes since the last adjustment
  private long adjustedAt;
  private long cutAt = Long.MIN_VALUE / 2;
  private double idleBytes; // acknowledged in a row at a delay below IDLE_DELAY
  private boolean idle; // fast increase is on
  private boolean lost;
  private long quickEnd; // of the interval that quick adapt judges, ps; 0 before the first
  private double achieved; // bytes in it
  private double toIgnore; // bytes in flight when quick adapt has acted
  private double ignored;

  NsccController(Nscc rules, Connection connection) {
    this.rules = rules;
    line = connection.nic().bitsPerSecond();
    mss = connection.mtu().bytes();
    baseRtt = connection.baseRtt().ps();
    target = rules.target() * baseRtt;
    double product = connection.bandwidthDelay().bytes();
    double a = product / REFERENCE_PRODUCT;
    double b = target / REFERENCE_RTT;
    most = Math.max(mss, 1.5 * product);
    proportional = 4 * mss * a * b / target;
    fair = 5 * mss * a;
    eta = 0.15 * mss * a;
    fast = 0.25 * a;
    window = most;
  }

  @Override
  public double bitsPerSecond() {
    return line;
  }

  @Override
  public long windowBytes() {
    return (long) window;
  }

  /** The smoothed queueing delay, ps. */
  double average() {
    return average;
  }

  @Override
  public void onAcknowledgement(Acknowledgement ack) {
    double delay = Math.max(0, ack.rttPs() - baseRtt);
    smooth(delay, ack.marked());
    achieved += ack.bytes();
    received += ack.bytes();
    ignored += ack.bytes();
    double inFlight = ack.sentBytes() - ack.acknowledgedBytes();
    if (quickAdapt(ack.nowPs(), ack.marked(), delay, inFlight)) {
      return;
    }
    if (ack.marked()) {
      if (delay >= target) {
        decrease(ack.nowPs());
      }
    } else if (delay >= target) {
      pending += fair * ack.bytes();
    } else {
      increase(ack.bytes(), delay);
    }
    hold();
    if (received > ADJUST_PACKETS * mss || ack.nowPs() - adjustedAt > baseRtt) {
      adjust(ack.nowPs());
    }
  }

  private void smooth(double delay, boolean marked) {
    boolean longUnmarked = !marked && delay > target;
    double sample = longUnmarked ? 0.25 * baseRtt : delay;
    average += rules.smoothing() * (sample - average);
  }

  private void increase(long bytes, double delay) {
    if (delay < IDLE_DELAY) {
      idleBytes += bytes;
      idle |= idleBytes > window;
    } else {
      idleBytes = 0;
      idle = false;
    }
    if (idle) {
      window += fast * bytes;
    } else {
      pending += proportional * bytes * (target - delay);
    }
  }

  private void decrease(long now) {
    idle = false;
    idleBytes = 0;
    if (average > target && now - cutAt > baseRtt) {
      window *= Math.max(1 - rules.gamma() * (average - target) / average, LEAST_FACTOR);
      cutAt = now;
    }
  }

  private void adjust(long now) {
    window += pending / window;
    if (now - adjustedAt >= baseRtt) {
      window += eta;
      adjustedAt = now;
    }
    pending = 0;
    received = 0;
    hold();
  }

  private void hold() {
    window = Math.max(mss, Math.min(most, window));
  }

  /** Says whether it has acted, or what has come still tells of before it did. */
  private boolean quickAdapt(long now, boolean marked, double delay, double inFlight) {
    boolean stop = ignored < toIgnore && marked;
    if (!stop && now > quickEnd) {
      boolean asked = lost || delay > QUICK_DELAYS * target;
      if (quickEnd != 0 && asked && achieved < QUICK_SHARE * most) {
        window = Math.max(mss, Math.min(window, achieved));
        toIgnore = inFlight;
        ignored = 0;
        lost = false;
        stop = true;
      }
      achieved = 0;
      quickEnd = now + (long) (baseRtt + target);
    }
    if (stop) {
      pending = 0;
      received = 0;
    }
    return stop;
  }

  @Override
  public void onLoss(long nowPs) {
    lost = true;
    ignored += mss;
    smooth(baseRtt, true);
    window -= mss;
    hold();
  }

  @Override
  public void onTimeout(long nowPs) {
    lost = true;
    window = mss;
  }
}
