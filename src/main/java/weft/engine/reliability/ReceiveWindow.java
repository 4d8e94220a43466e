package weft.engine.reliability;

/**
 * The receiving half of a connection whose packets may come in any order: which have come. Packets
 * are numbered from 0; a ring of bits begins at the first that is missing and grows as needed.
 */
public final class ReceiveWindow {
  private static final int FIRST_WORDS = 4;

  private long[] early = new long[FIRST_WORDS];
  private int expected;
  private int highest = -1;

  /** The first packet that has not come; all before it have. */
  public int expected() {
    return expected;
  }

  /** The highest packet that has come; -1 before the first. */
  public int highest() {
    return highest;
  }

  /** Whether a packet has come. */
  public boolean has(int psn) {
    return psn < expected || (psn <= highest && bit(psn));
  }

  /**
   * Takes a packet in.
   *
   * @return whether it had not come before
   */
  public boolean take(int psn) {
    if (has(psn)) {
      return false;
    }
    if (psn == expected) {
      expected++;
      while (expected <= highest && bit(expected)) {
        early[word(expected)] &= ~(1L << expected);
        expected++;
      }
    } else {
      grow(psn - expected);
      early[word(psn)] |= 1L << psn;
    }
    highest = Math.max(highest, psn);
    return true;
  }

  private boolean bit(int psn) {
    return (early[word(psn)] & 1L << psn) != 0;
  }

  private int word(int psn) {
    return psn >> 6 & early.length - 1;
  }

  private void grow(int ahead) {
    if (ahead < (early.length - 1) << 6) {
      return;
    }
    long[] before = early;
    early = new long[Integer.highestOneBit((ahead >> 6) + 2) << 1];
    for (int psn = expected; psn <= highest; psn++) {
      if ((before[psn >> 6 & before.length - 1] & 1L << psn) != 0) {
        early[word(psn)] |= 1L << psn;
      }
    }
  }
}
