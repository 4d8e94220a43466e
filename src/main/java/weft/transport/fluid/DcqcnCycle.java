package weft.transport.fluid;

import org.apache.commons.math3.util.FastMath;
import weft.transport.Dcqcn;
import weft.units.DataSize;

/**
 * A flow of DCQCN from one cut to the next, at a constant marking probability: the time between
 * them is the CNP interval and then exponential. In balance the target rate gains between cuts, on
 * average, what a cut takes from it: the gap that is left between target and current rate.
 */
final class DcqcnCycle {
  private static final double FORGOTTEN = 1e-12; // survival below which a cycle is over

  private final Dcqcn rules;
  private final double rate; // before a cut, bit/s
  private final double additive;
  private final double hyper;
  private final double tau; // s
  private final double timer;
  private final double perByteEvent; // s between two; infinite without a byte counter

  DcqcnCycle(FluidDcqcn model, double bitsPerSecond) {
    rules = model.rules();
    rate = bitsPerSecond;
    additive = rules.additiveIncrease(model.bottleneck()).bitsPerSecond();
    hyper = rules.hyperIncrease(model.bottleneck()).bitsPerSecond();
    tau = rules.cnpInterval().seconds();
    timer = rules.increaseTimer().seconds();
    DataSize counter = rules.byteCounter();
    perByteEvent = counter == null ? Double.POSITIVE_INFINITY : 8.0 * counter.bytes() / rate;
  }

  /**
   * What the mean cut takes from the target rate above what the time before it adds, bit/s.
   *
   * @param marks marked packets a second
   */
  double excess(double marks) {
    double gap = rate * alpha(marks) / 2;
    double taken = 0;
    double added = 0;
    int timers = 0;
    int bytes = 0;
    double since = 0;
    while (survival(since, marks) > FORGOTTEN) {
      double nextTimer = (timers + 1) * timer;
      double nextBytes = (bytes + 1) * perByteEvent;
      double next = Math.min(nextTimer, nextBytes);
      taken += gap * (survival(since, marks) - survival(next, marks));
      timers += nextTimer <= nextBytes ? 1 : 0;
      bytes += nextBytes < nextTimer ? 1 : 0;
      double step = step(timers, bytes);
      added += step * survival(next, marks);
      gap = (gap + step) / 2;
      since = next;
    }
    return taken - added;
  }

  /** What an increase event adds to the target rate. */
  private double step(int timers, int bytes) {
    int recovery = rules.fastRecovery();
    int fewer = Math.min(timers, bytes);
    if (fewer > recovery) {
      return (fewer - recovery) * hyper;
    }
    return Math.max(timers, bytes) > recovery ? additive : 0;
  }

  /** Probability that no cut has come so long after the last. */
  private double survival(double seconds, double marks) {
    return seconds <= tau ? 1 : FastMath.exp(-marks * (seconds - tau));
  }

  /** Mean α that a cut uses: it rises with each and decays each alpha timer in between. */
  private double alpha(double marks) {
    double g = rules.g();
    double every = rules.alphaTimer().seconds();
    double kept = 0; // mean of (1-g)^decays
    double factor = 1;
    for (int k = 0; survival(k * every, marks) > FORGOTTEN; k++) {
      kept += factor * (survival(k * every, marks) - survival((k + 1) * every, marks));
      factor *= 1 - g;
    }
    return kept * g / (1 - (1 - g) * kept);
  }
}
