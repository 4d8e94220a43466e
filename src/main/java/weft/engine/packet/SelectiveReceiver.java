package weft.engine.packet;

import weft.engine.reliability.ReceiveWindow;

/**
 * Keeps every packet and says which has come. Messages are complete in their order, or where the
 * transport promises none, each when all its packets are there.
 */
final class SelectiveReceiver extends Receiver {
  private final Selective selective;
  private final boolean ordered;

  SelectiveReceiver(Clock clock, Shared all) {
    super(clock, all);
    this.selective = all.selective();
    this.ordered = all.transport().recovery().ordered();
  }

  @Override
  int takeIn(int qp, int psn, long head) {
    ReceiveWindow window = selective.received[qp];
    if (window.take(psn)) {
      pairs.receivedBytes[qp] += payload(head);
      if (!ordered) {
        count(qp, psn);
      }
      if (window.expected() > pairs.expected[qp]) {
        advance(qp, window.expected());
      }
    }
    return Packet.ACK;
  }

  /** One packet more of a message, which is not before the first that is incomplete. */
  private void count(int qp, int psn) {
    int message = pairs.deliverMessage[qp];
    while (psn >= messages.endPsn[message]) {
      message = messages.next[message];
    }
    int packets = messages.endPsn[message] - messages.firstPsn[message];
    if (++messages.receivedPackets[message] == packets) {
      complete(message);
    }
  }

  @Override
  int answerNumber(int qp, int psn) {
    return Math.max(psn, pairs.expected[qp] - 1);
  }

  @Override
  int answerFlags(int qp, int psn) {
    return Packet.behind(answerNumber(qp, psn) + 1 - pairs.expected[qp]);
  }
}
