package weft.sim;

import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.random.Well19937c;

/**
 * Independent random streams of one seed, told apart by name ({@code "ecmp"}, {@code "red"}, {@code
 * "placement"}), so that changing one choice does not change the draws of another.
 *
 * @param seed any number; the same seed and name give the same draws on every machine and JDK
 */
public record RandomStreams(long seed) {
  /** A new generator at the start of the named stream. */
  public RandomGenerator named(String name) {
    long key = 0xcbf29ce484222325L; // FNV-1a over the name's UTF-16 units
    for (int i = 0; i < name.length(); i++) {
      key = (key ^ name.charAt(i)) * 0x100000001b3L;
    }
    return new Well19937c(mix(seed ^ mix(key)));
  }

  /** The finaliser of MurmurHash3: every input bit moves every output bit. */
  public static long mix(long z) {
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }
}
