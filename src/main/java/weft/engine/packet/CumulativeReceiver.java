package weft.engine.packet;

import weft.transport.Recovery.Repeat;

/**
 * Answers every data packet by a cumulative acknowledgement, or by one NAK for each gap.
 *
 * <p>With direct data placement a packet ahead of its turn is kept: a bit in a ring says so, which
 * starts at the expected packet and grows as needed.
 */
final class CumulativeReceiver extends Receiver {
  private static final int FIRST_WORDS = 4;

  private final boolean placesDirectly;

  CumulativeReceiver(Clock clock, Shared all) {
    super(clock, all);
    this.placesDirectly = all.transport().recovery().repeat() == Repeat.GO_BACK_N_AFTER_TIMEOUT;
  }

  @Override
  int takeIn(int qp, int psn, long head) {
    int expected = pairs.expected[qp];
    if (psn == expected) {
      pairs.nakSent[qp] = false;
      pairs.receivedBytes[qp] += payload(head);
      advance(qp, placesDirectly ? skipEarly(qp, expected + 1) : expected + 1);
    } else if (psn > expected && placesDirectly) {
      keep(qp, psn, head);
    } else if (psn > expected) {
      boolean another = pairs.nakSent[qp];
      pairs.nakSent[qp] = true;
      return another ? NO_ANSWER : Packet.NAK;
    }
    return Packet.ACK;
  }

  @Override
  int answerNumber(int qp, int psn) {
    return pairs.expected[qp];
  }

  @Override
  int answerFlags(int qp, int psn) {
    return 0;
  }

  private void keep(int qp, int psn, long head) {
    long[] bits = ringFor(qp, psn - pairs.expected[qp]);
    int word = psn >> 6 & bits.length - 1;
    long bit = 1L << psn;
    if ((bits[word] & bit) == 0) {
      bits[word] |= bit;
      pairs.receivedBytes[qp] += payload(head);
    }
  }

  private int skipEarly(int qp, int next) {
    long[] bits = ringFor(qp, 1);
    int psn = next;
    while ((bits[psn >> 6 & bits.length - 1] & 1L << psn) != 0) {
      bits[psn >> 6 & bits.length - 1] &= ~(1L << psn);
      psn++;
    }
    return psn;
  }

  /** The ring of a queue pair, long enough for a packet so far ahead. */
  private long[] ringFor(int qp, int ahead) {
    long[] bits = pairs.early[qp];
    if (bits.length == 0) {
      bits = new long[FIRST_WORDS];
      pairs.early[qp] = bits;
    }
    if (ahead < (bits.length - 1) << 6) {
      return bits;
    }
    long[] longer = new long[Integer.highestOneBit((ahead >> 6) + 2) << 1];
    int first = pairs.expected[qp];
    for (int psn = first; psn < first + (bits.length << 6); psn++) {
      if ((bits[psn >> 6 & bits.length - 1] & 1L << psn) != 0) {
        longer[psn >> 6 & longer.length - 1] |= 1L << psn;
      }
    }
    pairs.early[qp] = longer;
    return longer;
  }
}
