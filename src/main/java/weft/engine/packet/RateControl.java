package weft.engine.packet;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.Dcqcn.TargetClamp;
import weft.units.DataSize;
import weft.units.Rate;

/**
 * The rates of all queue pairs, by DCQCN's rules as {@link Dcqcn} states them, or line rate.
 *
 * <p>Timers cost no events: a rate matters only when a packet is sent or a CNP comes, and then the
 * expiries since the last such moment are made up for, in their order. α's decays are one power.
 *
 * <p>A CNP within the cut interval is not lost: the cut it asks for is made when the interval ends,
 * as the period of the vendor's rate limiter does.
 */
final class RateControl {
  private static final double BITS_PS = 8e12; // 8 bits a byte, 10^12 ps a second
  private static final long NEVER = Long.MIN_VALUE / 2;

  private final @Nullable Dcqcn dcqcn;
  private final long alphaTimer;
  private final long cutInterval;
  private final long increaseTimer;
  private final long byteCounter;
  private final boolean timerAlone;
  private final boolean clampAlways;
  private final double keep; // 1 - g

  private double[] line = new double[64]; // bit/s
  private double[] additive = new double[64]; // R_AI
  private double[] hyper = new double[64]; // R_HAI
  private double[] current = new double[64]; // R_C
  private double[] target = new double[64]; // R_T
  private double[] alpha = new double[64];
  private long[] alphaAt = new long[64]; // ps up to which alpha is worked out
  private long[] cutAt = new long[64]; // of the last cut
  private boolean[] cutDue = new boolean[64]; // a cut waits for the interval's end
  private long[] increaseAt = new long[64]; // the timer's next expiry
  private long[] bytes = new long[64]; // since the last byte event
  private int[] timerEvents = new int[64]; // since the last cut
  private int[] byteEvents = new int[64];

  RateControl(CongestionControl control) {
    dcqcn = control instanceof Dcqcn d ? d : null;
    alphaTimer = dcqcn == null ? 0 : dcqcn.alphaTimer().ps();
    cutInterval = dcqcn == null ? 0 : dcqcn.cutInterval().ps();
    increaseTimer = dcqcn == null ? 0 : dcqcn.increaseTimer().ps();
    DataSize counter = dcqcn == null ? null : dcqcn.byteCounter();
    timerAlone = counter == null;
    byteCounter = counter == null ? Long.MAX_VALUE : counter.bytes();
    clampAlways = dcqcn != null && dcqcn.clamp() == TargetClamp.EVERY_CUT;
    keep = dcqcn == null ? 1 : 1 - dcqcn.g();
  }

  /** Starts a queue pair at line rate, with α at 1. */
  void open(int qp, Rate nic) {
    if (qp >= line.length) {
      grow(2 * qp);
    }
    line[qp] = nic.bitsPerSecond();
    current[qp] = line[qp];
    target[qp] = line[qp];
    alpha[qp] = 1;
    cutAt[qp] = NEVER;
    if (dcqcn != null) {
      additive[qp] = dcqcn.additiveIncrease(nic).bitsPerSecond();
      hyper[qp] = dcqcn.hyperIncrease(nic).bitsPerSecond();
    }
  }

  /** R_C, bit/s. */
  double rate(int qp) {
    return current[qp];
  }

  /** R_T, bit/s. */
  double target(int qp) {
    return target[qp];
  }

  /** α as of the last CNP. */
  double alpha(int qp) {
    return alpha[qp];
  }

  /** Whether receivers answer marks with CNPs. */
  boolean listens() {
    return dcqcn != null;
  }

  /**
   * A packet starts on the wire.
   *
   * @return ps from its start until the next may start; 0 at line rate, where the port itself is
   *     the limit
   */
  long onSend(int qp, int wireBytes, long now) {
    if (current[qp] >= line[qp] && !cutDue[qp]) {
      return 0;
    }
    advance(qp, now);
    bytes[qp] += wireBytes;
    if (bytes[qp] >= byteCounter) {
      bytes[qp] -= byteCounter;
      byteEvents[qp]++;
      increase(qp);
    }
    return current[qp] >= line[qp] ? 0 : (long) (wireBytes * BITS_PS / current[qp]);
  }

  /** A CNP comes. */
  void onCnp(int qp, long now) {
    advance(qp, now);
    decay(qp, now);
    if (now - cutAt[qp] >= cutInterval) {
      cut(qp, now);
    } else {
      cutDue[qp] = true;
    }
    alpha[qp] = keep * alpha[qp] + (1 - keep);
  }

  /** Makes up for the timer's expiries and a due cut, up to now. */
  private void advance(int qp, long now) {
    if (cutDue[qp] && cutAt[qp] + cutInterval <= now) {
      cutDue[qp] = false;
      increaseUntil(qp, cutAt[qp] + cutInterval);
      cut(qp, cutAt[qp] + cutInterval);
    }
    increaseUntil(qp, now);
  }

  private void increaseUntil(int qp, long time) {
    while (increaseAt[qp] <= time && current[qp] < line[qp]) {
      increaseAt[qp] += increaseTimer;
      timerEvents[qp]++;
      increase(qp);
    }
  }

  private void decay(int qp, long now) {
    if (cutAt[qp] == NEVER) { // α stays 1 until the first CNP
      alphaAt[qp] = now;
      return;
    }
    long times = (now - alphaAt[qp]) / alphaTimer;
    double factor = keep;
    for (long n = times; n > 0; n >>= 1) {
      if ((n & 1) == 1) {
        alpha[qp] *= factor;
      }
      factor *= factor;
    }
    alphaAt[qp] = now;
  }

  private void cut(int qp, long time) {
    if (clampAlways || timerEvents[qp] > 0) {
      target[qp] = current[qp];
    }
    double least = Math.min(line[qp], floor());
    current[qp] = Math.max(least, current[qp] * (1 - alpha[qp] / 2));
    cutAt[qp] = time;
    increaseAt[qp] = time + increaseTimer;
    bytes[qp] = 0;
    timerEvents[qp] = 0;
    byteEvents[qp] = 0;
  }

  private double floor() {
    return dcqcn == null ? 0 : dcqcn.minimumRate().bitsPerSecond();
  }

  private void increase(int qp) {
    int recovery = dcqcn == null ? 0 : dcqcn.fastRecovery();
    int fewer = Math.min(timerEvents[qp], byteEvents[qp]);
    if (timerAlone && timerEvents[qp] > recovery + 1) {
      target[qp] += hyper[qp];
    } else if (fewer > recovery) {
      target[qp] += (fewer - recovery) * hyper[qp];
    } else if (Math.max(timerEvents[qp], byteEvents[qp]) > recovery) {
      target[qp] += additive[qp];
    }
    target[qp] = Math.min(target[qp], line[qp]);
    current[qp] = (current[qp] + target[qp]) / 2;
  }

  private void grow(int size) {
    line = Arrays.copyOf(line, size);
    additive = Arrays.copyOf(additive, size);
    hyper = Arrays.copyOf(hyper, size);
    current = Arrays.copyOf(current, size);
    target = Arrays.copyOf(target, size);
    alpha = Arrays.copyOf(alpha, size);
    alphaAt = Arrays.copyOf(alphaAt, size);
    cutAt = Arrays.copyOf(cutAt, size);
    cutDue = Arrays.copyOf(cutDue, size);
    increaseAt = Arrays.copyOf(increaseAt, size);
    bytes = Arrays.copyOf(bytes, size);
    timerEvents = Arrays.copyOf(timerEvents, size);
    byteEvents = Arrays.copyOf(byteEvents, size);
  }
}
