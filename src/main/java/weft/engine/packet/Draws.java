package weft.engine.packet;

import java.util.Arrays;
import org.apache.commons.math3.random.RandomGenerator;
import weft.sim.RandomStreams;

/**
 * Random draws of many independent owners: draw i of an owner is a hash of its key and i, so that
 * nobody's draws depend on when others draw.
 */
final class Draws {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L; // 2^64 over the golden ratio, odd

  private final long[] state; // by owner

  /**
   * @param keys from which each owner's key is drawn
   */
  Draws(RandomGenerator keys, int owners) {
    state = new long[owners];
    Arrays.setAll(state, i -> keys.nextLong());
  }

  private long next(int owner) {
    return RandomStreams.mix(state[owner] += GOLDEN);
  }

  /** From 0 to below 1. */
  double uniform(int owner) {
    return (next(owner) >>> 11) * 0x1p-53;
  }

  /** From 0 to {@code n - 1}. */
  int below(int owner, int n) {
    return (int) (((next(owner) >>> 32) * n) >>> 32);
  }
}
