package weft.transport;

import org.jspecify.annotations.Nullable;
import weft.transport.CongestionControl.Controller;
import weft.transport.Dcqcn.TargetClamp;
import weft.units.DataSize;
import weft.units.Rate;

/**
 * One queue pair's rate, by the rules that {@link Dcqcn} states.
 *
 * <p>Timers cost no events: a rate matters only when a packet is sent or a CNP comes, and then the
 * expiries since the last such moment are made up for, in their order. α's decays are one power.
 *
 * <p>A CNP within the cut interval is not lost: the cut it asks for is made when the interval ends,
 * as the period of the vendor's rate limiter does.
 */
final class DcqcnController implements Controller {
  private static final long NEVER = Long.MIN_VALUE / 2;

  private final Dcqcn rules;
  private final long alphaTimer;
  private final long cutInterval;
  private final long increaseTimer;
  private final long byteCounter;
  private final double keep; // 1 - g
  private final double line; // bit/s
  private final double least;
  private final double additive; // R_AI
  private final double hyper; // R_HAI

  private double current; // R_C
  private double target; // R_T
  private double alpha = 1;
  private long alphaAt; // ps up to which alpha is worked out
  private long cutAt = NEVER; // of the last cut
  private boolean cutDue; // a cut waits for the interval's end
  private long increaseAt; // the timer's next expiry
  private long bytes; // since the last byte event
  private int timerEvents; // since the last cut
  private int byteEvents;

  DcqcnController(Dcqcn rules, Rate nic) {
    this.rules = rules;
    alphaTimer = rules.alphaTimer().ps();
    cutInterval = rules.cutInterval().ps();
    increaseTimer = rules.increaseTimer().ps();
    @Nullable DataSize counter = rules.byteCounter();
    byteCounter = counter == null ? Long.MAX_VALUE : counter.bytes();
    keep = 1 - rules.g();
    line = nic.bitsPerSecond();
    least = Math.min(line, (double) rules.minimumRate().bitsPerSecond());
    additive = rules.additiveIncrease(nic).bitsPerSecond();
    hyper = rules.hyperIncrease(nic).bitsPerSecond();
    current = line;
    target = line;
  }

  @Override
  public double bitsPerSecond() {
    return current;
  }

  /** R_T, bit/s. */
  double target() {
    return target;
  }

  /** α as of the last CNP. */
  double alpha() {
    return alpha;
  }

  /** α at a time not before the last CNP. */
  double alpha(long now) {
    if (cutAt == NEVER) { // stays 1 until the first CNP
      return alpha;
    }
    double decayed = alpha;
    double factor = keep;
    for (long n = (now - alphaAt) / alphaTimer; n > 0; n >>= 1) {
      if ((n & 1) == 1) {
        decayed *= factor;
      }
      factor *= factor;
    }
    return decayed;
  }

  /** Expiries of the timer since the last cut. */
  int timerEvents() {
    return timerEvents;
  }

  /** Times that the byte counter was full since the last cut. */
  int byteEvents() {
    return byteEvents;
  }

  @Override
  public void onSend(long nowPs, int wireBytes) {
    if (current >= line && !cutDue) {
      return;
    }
    advance(nowPs);
    bytes += wireBytes;
    if (bytes >= byteCounter) {
      bytes -= byteCounter;
      byteEvents++;
      increase();
    }
  }

  @Override
  public void onNotification(long nowPs) {
    advance(nowPs);
    alpha = alpha(nowPs);
    alphaAt = nowPs;
    if (nowPs - cutAt >= cutInterval) {
      cut(nowPs);
    } else {
      cutDue = true;
    }
    alpha = keep * alpha + (1 - keep);
  }

  /** Makes up for the timer's expiries and a due cut, up to now. */
  private void advance(long now) {
    if (cutDue && cutAt + cutInterval <= now) {
      cutDue = false;
      increaseUntil(cutAt + cutInterval);
      cut(cutAt + cutInterval);
    }
    increaseUntil(now);
  }

  private void increaseUntil(long time) {
    while (increaseAt <= time && current < line) {
      increaseAt += increaseTimer;
      timerEvents++;
      increase();
    }
  }

  private void cut(long time) {
    if (rules.clamp() == TargetClamp.EVERY_CUT || timerEvents > 0) {
      target = current;
    }
    current = Math.max(least, current * (1 - alpha / 2));
    cutAt = time;
    increaseAt = time + increaseTimer;
    bytes = 0;
    timerEvents = 0;
    byteEvents = 0;
  }

  private void increase() {
    int recovery = rules.fastRecovery();
    boolean timerAlone = byteCounter == Long.MAX_VALUE;
    int fewer = Math.min(timerEvents, byteEvents);
    if (timerAlone && timerEvents > recovery + 1) {
      target += hyper;
    } else if (fewer > recovery) {
      target += (fewer - recovery) * hyper;
    } else if (Math.max(timerEvents, byteEvents) > recovery) {
      target += additive;
    }
    target = Math.min(target, line);
    current = (current + target) / 2;
  }
}
