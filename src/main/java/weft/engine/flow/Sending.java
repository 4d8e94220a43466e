package weft.engine.flow;

import java.util.Arrays;

/**
 * How far each flow is with what it sends, and when it will be through. A flow that sends and is
 * not stalled takes its share of its links.
 */
final class Sending {
  // Where the fraction of a picosecond is cut: not where the quotients of round numbers lie, so
  // that what ends at once but was computed in another order still ends at once.
  private static final double ROUNDING = 0.6180339887;
  private static final double LAST = 9e18; // ps, 104 days: what ends later does not end

  private final Allocation shares;
  final Finishes finishes = new Finishes();

  // By flow.
  private double[] left = new double[64]; // bytes of its first message at the time in since
  private long[] since = new long[64];
  private double[] rate = new double[64]; // bytes a ps
  private double[] most = new double[64]; // bytes a ps
  private int[] share = new int[64]; // its number among the shares
  private boolean[] sends = new boolean[64];
  private boolean[] stalled = new boolean[64]; // nothing that it sends arrives
  private int flows;

  private int[] flowOf = new int[64]; // by number among the shares
  private boolean unsettled; // whether shares have changed since rates were worked out

  Sending(Allocation shares) {
    this.shares = shares;
  }

  /** One more flow, which may send at most so many bytes a ps. */
  void open(int inClass, Route route, double weight, double mostRate) {
    int f = flows++;
    if (f == left.length) {
      left = Arrays.copyOf(left, 2 * f);
      since = Arrays.copyOf(since, 2 * f);
      rate = Arrays.copyOf(rate, 2 * f);
      most = Arrays.copyOf(most, 2 * f);
      share = Arrays.copyOf(share, 2 * f);
      sends = Arrays.copyOf(sends, 2 * f);
      stalled = Arrays.copyOf(stalled, 2 * f);
    }
    finishes.add(f);
    most[f] = mostRate;
    addShare(f, inClass, route, weight);
  }

  private void addShare(int f, int inClass, Route route, double weight) {
    boolean isCapped = most[f] < Double.POSITIVE_INFINITY; // as by a link that only it uses
    Route all = isCapped ? route.and(shares.addLink(most[f])) : route;
    share[f] = shares.add(all, weight, inClass);
    if (share[f] >= flowOf.length) {
      flowOf = Arrays.copyOf(flowOf, 2 * share[f]);
    }
    flowOf[share[f]] = f;
  }

  int flows() {
    return flows;
  }

  boolean sends(int f) {
    return sends[f];
  }

  /** A flow begins so many bytes, by themselves or right after others. */
  void begin(int f, long bytes, long now) {
    if (!sends[f]) {
      sends[f] = true;
      join(f);
    }
    left[f] = bytes;
    since[f] = now;
    setFinish(f, now);
  }

  /** A flow has nothing more to send. */
  void end(int f) {
    leave(f);
    sends[f] = false;
  }

  private void join(int f) {
    if (!stalled[f]) {
      shares.start(share[f]);
      unsettled = true;
    }
  }

  private void leave(int f) {
    if (!stalled[f]) {
      shares.stop(share[f]);
      unsettled = true;
    }
    rate[f] = 0;
    finishes.forget(f);
  }

  /** Works rates out where anything has changed. */
  void settle(long now) {
    if (!unsettled) {
      return;
    }
    unsettled = false;
    shares.settle();
    int[] changed = shares.changed();
    int count = shares.changedCount();
    for (int i = 0; i < count; i++) {
      int f = flowOf[changed[i]];
      moveOn(f, now);
      rate[f] = shares.rate(changed[i]);
      setFinish(f, now);
    }
  }

  private void moveOn(int f, long now) {
    left[f] -= rate[f] * (now - since[f]);
    since[f] = now;
  }

  private void setFinish(int f, long now) {
    double ps = Math.max(0, left[f] / rate[f] + ROUNDING);
    if (rate[f] > 0 && now + ps < LAST) {
      finishes.set(f, now + (long) ps);
    } else {
      finishes.forget(f);
    }
  }

  /** A link carries another rate, bytes a ps. */
  void capacity(int link, double itsCapacity) {
    shares.capacity(link, itsCapacity);
    unsettled = true;
  }

  /** A flow takes other links with what it has not sent yet. */
  void reroute(int f, Route route, long now) {
    if (sends[f]) {
      moveOn(f, now);
      leave(f);
    }
    int before = share[f];
    addShare(f, shares.classOf(before), route, shares.weight(before));
    if (sends[f]) {
      join(f);
    }
  }

  /** A flow sends nothing for a while, but has its message still. */
  void stall(int f, long now) {
    if (sends[f] && !stalled[f]) {
      moveOn(f, now);
      leave(f);
    }
    stalled[f] = true;
  }

  void resume(int f, long now) {
    if (stalled[f]) {
      stalled[f] = false;
      if (sends[f]) {
        since[f] = now;
        join(f);
      }
    }
  }

  int inClass(int f) {
    return shares.classOf(share[f]);
  }

  /** Bytes a ps. */
  double rate(int f) {
    return rate[f];
  }

  /** What a flow that sends has not sent yet of its message, bytes. */
  double left(int f, long now) {
    return left[f] - rate[f] * (now - since[f]);
  }
}
