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
  private static final int FIRST_WORDS = 4;

  private final Events events;
  private final Packets packets;
  private final QueuePairs pairs;
  private final Messages messages;
  private final boolean placesDirectly;
  private long[][] early = new long[64][]; // by queue pair: packets received ahead of their turn

  // Messages completed since the last look, in order.
  private int[] completed = new int[16];
  private int completions;

  Receiver(
      Events events, Packets packets, QueuePairs pairs, Messages messages, Reception reception) {
    this.events = events;
    this.packets = packets;
    this.pairs = pairs;
    this.messages = messages;
    this.placesDirectly = reception == Reception.DIRECT_DATA_PLACEMENT;
  }

  /**
   * Takes a data packet in and turns its slot into the answer.
   *
   * @return whether there is one; if not, the slot is free again
   */
  boolean takeIn(int packet) {
    int qp = packets.queuePair(packet);
    int psn = packets.psn(packet);
    int expected = pairs.expected[qp];
    if (psn == expected) {
      pairs.nakSent[qp] = false;
      pairs.receivedBytes[qp] += payload(packet);
      advance(qp, expected + 1);
    } else if (psn > expected && placesDirectly) {
      keep(qp, psn, packet);
    } else if (psn > expected) {
      return nak(qp, packet);
    }
    packets.reuse(packet, Packets.ACK, pairs.expected[qp], RoceV2.ACK_WIRE);
    return true;
  }

  private boolean nak(int qp, int packet) {
    if (pairs.nakSent[qp]) {
      packets.consume(packet);
      return false;
    }
    pairs.nakSent[qp] = true;
    packets.reuse(packet, Packets.NAK, pairs.expected[qp], RoceV2.ACK_WIRE);
    return true;
  }

  private int payload(int packet) {
    return packets.wire(packet) - RoceV2.OVERHEAD - (packets.isFirst(packet) ? RoceV2.RETH : 0);
  }

  private void advance(int qp, int next) {
    int expected = placesDirectly ? skipEarly(qp, next) : next;
    pairs.expected[qp] = expected;
    int message = pairs.deliverMessage[qp];
    while (expected >= messages.endPsn[message]) {
      if (messages.delivered[message] == PacketEngine.NOT_YET) {
        messages.delivered[message] = events.now;
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

  private void keep(int qp, int psn, int packet) {
    long[] bits = ringFor(qp, psn - pairs.expected[qp]);
    int word = psn >> 6 & bits.length - 1;
    long bit = 1L << psn;
    if ((bits[word] & bit) == 0) {
      bits[word] |= bit;
      pairs.receivedBytes[qp] += payload(packet);
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
    if (qp >= early.length) {
      early = Arrays.copyOf(early, 2 * qp);
    }
    long[] bits = early[qp];
    if (bits == null) {
      bits = new long[FIRST_WORDS];
      early[qp] = bits;
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
    early[qp] = longer;
    return longer;
  }
}
