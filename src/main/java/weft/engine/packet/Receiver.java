package weft.engine.packet;

import java.util.Arrays;
import weft.transport.RoceV2;
import weft.transport.RoceV2.Reception;

/**
 * The receiving half of reliable connections. Every data packet is answered: by a cumulative
 * acknowledgement, or by one NAK for each gap.
 *
 * <p>With direct data placement a packet ahead of its turn is kept: a bit in a ring says so, which
 * starts at the expected packet and grows as needed.
 */
final class Receiver {
  static final int NO_ANSWER = -1;

  private static final int FIRST_WORDS = 4;

  private final Clock clock;
  private final QueuePairs pairs;
  private final Messages messages;
  private final boolean placesDirectly;

  // Messages completed since the last look, in order.
  long delivered; // messages, a sum of this thread
  private int[] completed = new int[16];
  private int completions;

  Receiver(Clock clock, Shared all) {
    this.clock = clock;
    this.pairs = all.pairs();
    this.messages = all.messages();
    this.placesDirectly = all.transport().reception() == Reception.DIRECT_DATA_PLACEMENT;
  }

  /**
   * Takes a data packet in.
   *
   * @return the kind of the answer, {@link Packet#ACK} or {@link Packet#NAK}; {@link #NO_ANSWER} if
   *     there is none
   */
  int takeIn(int qp, int psn, long head) {
    int expected = pairs.expected[qp];
    if (psn == expected) {
      pairs.nakSent[qp] = false;
      pairs.receivedBytes[qp] += payload(head);
      advance(qp, expected + 1);
    } else if (psn > expected && placesDirectly) {
      keep(qp, psn, head);
    } else if (psn > expected) {
      boolean another = pairs.nakSent[qp];
      pairs.nakSent[qp] = true;
      return another ? NO_ANSWER : Packet.NAK;
    }
    return Packet.ACK;
  }

  private static int payload(long head) {
    int extra = Packet.has(head, Packet.FIRST) ? RoceV2.RETH : 0;
    return Packet.wire(head) - RoceV2.OVERHEAD - extra;
  }

  private void advance(int qp, int next) {
    int expected = placesDirectly ? skipEarly(qp, next) : next;
    pairs.expected[qp] = expected;
    int message = pairs.deliverMessage[qp];
    while (expected >= messages.endPsn[message]) {
      if (messages.delivered[message] == PacketEngine.NOT_YET) {
        messages.delivered[message] = clock.now;
        delivered++;
        complete(message);
      }
      if (messages.next[message] == Messages.NONE) {
        break;
      }
      message = messages.next[message];
    }
    pairs.deliverMessage[qp] = message;
  }

  private void complete(int message) {
    if (completions == completed.length) {
      completed = Arrays.copyOf(completed, 2 * completions);
    }
    completed[completions++] = message;
  }

  /** How many messages the last packet completed. */
  int completions() {
    return completions;
  }

  int completed(int i) {
    return completed[i];
  }

  void forgetCompletions() {
    completions = 0;
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
