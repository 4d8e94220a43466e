package weft.engine.analytic;

import java.util.Arrays;
import weft.units.Check;

/**
 * How long links are busy with all that is to cross them, whoever goes first: a phase of messages
 * that start together takes as long as its busiest link, since all could be sent in that time and
 * no less. The beta term of the Hockney model (Thakur, Rabenseifner and Gropp, IJHPCA 2005, section
 * 4), with contention.
 */
public final class StaticLoad {
  private static final double BYTES_PER_PS = 8e12; // in bit/s

  private final double[] psPerByte; // by link
  private final double[] ps;
  private int[] used = new int[64]; // links with a load
  private int count;

  /**
   * Links without load.
   *
   * @param bitsPerSecond what each carries, above 0
   */
  public StaticLoad(double[] bitsPerSecond) {
    psPerByte = new double[bitsPerSecond.length];
    for (int l = 0; l < psPerByte.length; l++) {
      if (!(bitsPerSecond[l] > 0)) {
        throw new IllegalArgumentException(
            "a link's rate is above 0 bit/s, but was " + bitsPerSecond[l]);
      }
      psPerByte[l] = BYTES_PER_PS / bitsPerSecond[l];
    }
    ps = new double[psPerByte.length];
  }

  /** Adds bytes of which each of these links takes this part. */
  public void add(int[] links, double part, long bytes) {
    for (int link : links) {
      int l = Check.index("link", link, ps.length);
      if (ps[l] == 0) {
        note(l);
      }
      ps[l] += part * bytes * psPerByte[l];
    }
  }

  private void note(int link) {
    if (count == used.length) {
      used = Arrays.copyOf(used, 2 * count);
    }
    used[count++] = link;
  }

  /** How long the busiest of these links is busy, ps. */
  public double busiestPs(int[] links) {
    double most = 0;
    for (int l : links) {
      most = Math.max(most, ps[l]);
    }
    return most;
  }

  /** Takes all load away: the next phase. */
  public void clear() {
    for (int i = 0; i < count; i++) {
      ps[used[i]] = 0;
    }
    count = 0;
  }
}
