package weft.engine.packet;

import java.util.Arrays;
import weft.transport.Framing;

/** The receiving half of reliable connections: takes packets in and answers each. */
abstract class Receiver {
  static final int NO_ANSWER = -1;

  final Clock clock;
  final QueuePairs pairs;
  final Messages messages;
  private final Framing framing;

  // Messages completed since the last look, in order.
  long delivered; // messages, a sum of this thread
  private int[] completed = new int[16];
  private int completions;

  Receiver(Clock clock, Shared all) {
    this.clock = clock;
    this.pairs = all.pairs();
    this.messages = all.messages();
    this.framing = all.transport().onTheWire();
  }

  /** As the transport repeats. */
  static Receiver of(Clock clock, Shared all) {
    return all.selective().isUsed
        ? new SelectiveReceiver(clock, all)
        : new CumulativeReceiver(clock, all);
  }

  /**
   * Takes a data packet in.
   *
   * @return the kind of the answer, {@link Packet#ACK} or {@link Packet#NAK}; {@link #NO_ANSWER} if
   *     there is none
   */
  abstract int takeIn(int qp, int psn, long head);

  /** The number of the answer to a packet that was taken in. */
  abstract int answerNumber(int qp, int psn);

  /** The flags of the answer to a packet that was taken in. */
  abstract int answerFlags(int qp, int psn);

  final int payload(long head) {
    int extra = Packet.has(head, Packet.FIRST) ? framing.first() : 0;
    return Packet.wire(head) - framing.data() - extra;
  }

  /** All packets before {@code expected} have come: their messages are complete. */
  final void advance(int qp, int expected) {
    pairs.expected[qp] = expected;
    int message = pairs.deliverMessage[qp];
    while (expected >= messages.endPsn[message]) {
      complete(message);
      if (messages.next[message] == Messages.NONE) {
        break;
      }
      message = messages.next[message];
    }
    pairs.deliverMessage[qp] = message;
  }

  final void complete(int message) {
    if (messages.delivered[message] != PacketEngine.NOT_YET) {
      return;
    }
    messages.delivered[message] = clock.now;
    delivered++;
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
}
