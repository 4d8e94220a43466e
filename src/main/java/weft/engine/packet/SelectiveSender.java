package weft.engine.packet;

import weft.engine.packet.QueuePairCounters.Status;
import weft.engine.reliability.RetransmissionTimer;
import weft.engine.reliability.SelectiveRepeat;

/** Sends what is missing, then what is new. */
final class SelectiveSender extends Sender {
  private final Selective selective;

  SelectiveSender(Clock clock, Shared all) {
    super(clock, all);
    this.selective = all.selective();
  }

  @Override
  boolean hasNext(int qp) {
    SelectiveRepeat sent = selective.sent[qp];
    return sent.lost() > 0 || sent.fresh() != pairs.endPsn[qp];
  }

  @Override
  long outstandingBytes(int qp) {
    return selective.sent[qp].flightBytes();
  }

  @Override
  long notBefore(int qp) {
    SelectiveRepeat sent = selective.sent[qp];
    return sent.lost() > 0 ? 0 : messages.notBefore[freshMessage(qp, sent.fresh())];
  }

  private int freshMessage(int qp, int psn) {
    int message = messageOf(psn, pairs.sendMessage[qp]);
    pairs.sendMessage[qp] = message;
    return message;
  }

  @Override
  int next(int qp) {
    return selective.sent[qp].next(pairs.endPsn[qp]);
  }

  @Override
  long build(int qp) {
    SelectiveRepeat sent = selective.sent[qp];
    int psn = sent.next(pairs.endPsn[qp]);
    boolean fresh = psn == sent.fresh();
    int message = fresh ? freshMessage(qp, psn) : messageOf(psn, pairs.ackMessage[qp]);
    int payload = payload(message, psn);
    int entropy = spraying.isUsed() ? spraying.next(qp, clock.now) : 0;
    long head = make(qp, message, psn, payload, entropy);
    sent.sent(psn, payload, entropy, clock.now);
    pairs.nextPsn[qp] = sent.fresh();
    return head;
  }

  @Override
  void acknowledge(int qp, long owner, long head, long stamp) {
    if (pairs.status[qp] != Status.OK) {
      return;
    }
    SelectiveRepeat sent = selective.sent[qp];
    RetransmissionTimer timer = selective.timer[qp];
    long before = sent.ackedBytes();
    timer.measured(clock.now - stamp);
    int lost = sent.acknowledge(Packet.psn(owner), Packet.expected(owner, head), stamp);
    if (spraying.isUsed()) {
      boolean marked = Packet.has(head, Packet.MARKED);
      spraying.onAcknowledgement(qp, clock.now, Packet.cursor(head), marked);
    }
    if (sent.unacked() > pairs.unacked[qp]) {
      advance(qp, sent.unacked());
    }
    pairs.ackedBytes[qp] = sent.ackedBytes();
    if (lost > 0 && sent.unacked() >= selective.episode[qp]) {
      selective.episode[qp] = sent.fresh();
      controllers.onLoss(qp, clock.now);
    }
    if (sent.ackedBytes() > before) {
      timer.progressed();
    }
  }

  @Override
  void refused(int qp, long owner, long head, long stamp) {
    if (pairs.status[qp] != Status.OK) {
      return;
    }
    if (spraying.isUsed()) {
      spraying.onTrim(qp, clock.now, Packet.cursor(head));
    }
    if (selective.sent[qp].reportLost(Packet.psn(owner), stamp)) {
      controllers.onLoss(qp, clock.now);
    }
  }

  @Override
  long firstTimeout(int qp) {
    return selective.timer[qp].timeoutPs();
  }

  /** What is deemed lost is about to go again, so it has a whole timeout still. */
  @Override
  long deadline(int qp) {
    SelectiveRepeat sent = selective.sent[qp];
    int oldest = sent.oldest();
    long since = oldest == SelectiveRepeat.NONE ? clock.now : sent.sentPs(oldest);
    return since + selective.timer[qp].timeoutPs();
  }

  /** Packets sent one after the other time out one after the other, which counts as once. */
  @Override
  boolean timedOut(int qp) {
    SelectiveRepeat sent = selective.sent[qp];
    RetransmissionTimer timer = selective.timer[qp];
    if (spraying.isUsed()) {
      spraying.onTimeout(qp, clock.now, sent.tag(sent.oldest()));
    }
    long timeout = timer.timeoutPs();
    sent.loseSentUntil(clock.now - timeout);
    if (clock.now - selective.timedOut[qp] < timeout) {
      return true;
    }
    selective.timedOut[qp] = clock.now;
    timer.ranOut();
    pairs.retries[qp] = timer.inARow();
    if (timer.inARow() > selective.retries) {
      return false;
    }
    controllers.onTimeout(qp, clock.now);
    return true;
  }
}
