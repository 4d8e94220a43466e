package weft.engine.flow;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rates of sets of flows that were active before. Ranks that work in step start and stop the
 * same flows again and again; whoever is active, and nothing else, decides the rates, so those of a
 * set that comes back are known.
 */
final class Memory {

  /**
   * What was worked out for a set.
   *
   * @param hash of the set
   * @param flows that are in it
   * @param level of each
   * @param heldBy the link that holds each back
   */
  @SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
  record Known(long hash, int[] flows, double[] level, int[] heldBy) {}

  private static final Known NOBODY = new Known(0, new int[0], new double[0], new int[0]);

  private final @Nullable Known[] known;
  private int oldest;

  /** Of the last so many sets. */
  private Memory(int most) {
    known = new Known[most];
  }

  /** Of the last few sets. */
  static Memory ofSets() {
    return new Memory(8);
  }

  /** Of none: of flows whose rates do not follow from who is active. */
  static Memory none() {
    return new Memory(0);
  }

  /** What a set's hash changes by, exclusively or, when a flow joins or leaves it. */
  static long key(int flow) {
    long z = (flow + 1) * 0x9E3779B97F4A7C15L; // Steele et al., OOPSLA 2014: SplitMix64
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** What is known of a set of so many flows. */
  @Nullable Known find(long hash, int size) {
    if (size == 0 && known.length > 0) {
      return NOBODY;
    }
    for (Known k : known) {
      if (k != null && k.hash == hash && k.flows.length == size) {
        return k;
      }
    }
    return null;
  }

  /** Forgets everything: the links are no longer what they were. */
  void clear() {
    Arrays.fill(known, null);
  }

  void keep(Known what) {
    if (known.length == 0) {
      return;
    }
    known[oldest] = what;
    oldest = (oldest + 1) % known.length;
  }
}
