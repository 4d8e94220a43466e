package weft.train;

import java.util.SortedMap;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.util.FastMath;
import weft.sim.RandomStreams;

/**
 * How much longer than the model says each worker takes to compute, step by step of one run: what a
 * throttled GPU always does, times a log-normal factor of mean 1. Each worker draws from a stream
 * of its own, {@code "jitter 0"} and so on, so its draws depend neither on when it computes nor on
 * how many others there are.
 */
final class Pace {
  private final double[] slowness;
  private final RandomGenerator[] draws;
  private final double sigma;

  /**
   * @param jitter coefficient of variation
   * @param shares of its rate that a throttled rank computes at
   */
  Pace(int workers, double jitter, SortedMap<Integer, Double> shares, long seed) {
    slowness = new double[workers];
    draws = new RandomGenerator[workers];
    sigma = FastMath.sqrt(FastMath.log1p(jitter * jitter));
    for (int worker = 0; worker < workers; worker++) {
      slowness[worker] = 1 / shares.getOrDefault(worker, 1.0);
      draws[worker] = new RandomStreams(seed).named("jitter " + worker);
    }
  }

  /** By what everything that the worker computes in its next step takes longer. */
  double next(int worker) {
    if (sigma == 0) {
      return slowness[worker];
    }
    double z = draws[worker].nextGaussian();
    return slowness[worker] * FastMath.exp(sigma * z - sigma * sigma / 2);
  }

  static long stretched(long ps, double factor) {
    return factor == 1 ? ps : Math.round(ps * factor);
  }
}
