package weft.engine.packet;

/** Sends in order, and from the first missing packet on again. */
final class GoBackSender extends Sender {
  private final long timeoutPs;
  private final Draws timeouts; // by port
  private final int retryCount;

  GoBackSender(Clock clock, Shared all) {
    super(clock, all);
    this.timeoutPs = all.transport().recovery().firstTimeout().ps();
    this.timeouts = all.timeouts();
    this.retryCount = all.transport().recovery().retries();
  }

  @Override
  boolean hasNext(int qp) {
    return pairs.nextPsn[qp] != pairs.endPsn[qp];
  }

  @Override
  long outstandingBytes(int qp) {
    return position(messageToSend(qp), pairs.nextPsn[qp]) - pairs.ackedBytes[qp];
  }

  @Override
  long notBefore(int qp) {
    return messages.notBefore[messageToSend(qp)];
  }

  private int messageToSend(int qp) {
    int message = messageOf(pairs.nextPsn[qp], pairs.sendMessage[qp]);
    pairs.sendMessage[qp] = message;
    return message;
  }

  @Override
  int next(int qp) {
    return pairs.nextPsn[qp];
  }

  @Override
  long build(int qp) {
    int message = messageToSend(qp);
    int psn = pairs.nextPsn[qp]++;
    int entropy = spraying.isUsed() ? spraying.next(qp, clock.now) : 0;
    return make(qp, message, psn, payload(message, psn), entropy);
  }

  @Override
  void acknowledge(int qp, long owner, long head, long stamp) {
    int psn = Packet.psn(owner);
    if (psn <= pairs.unacked[qp] || pairs.status[qp] != QueuePairCounters.Status.OK) {
      return;
    }
    pairs.nextPsn[qp] = Math.max(pairs.nextPsn[qp], psn);
    pairs.retries[qp] = 0;
    pairs.timeout[qp] = clock.now + timeout(qp);
    advance(qp, psn);
    pairs.ackedBytes[qp] = position(pairs.ackMessage[qp], psn);
  }

  @Override
  void refused(int qp, long owner, long head, long stamp) {
    acknowledge(qp, owner, head, stamp);
    if (Packet.psn(owner) == pairs.unacked[qp]) {
      controllers.onLoss(qp, clock.now);
      goBack(qp);
    }
  }

  private void goBack(int qp) {
    pairs.nextPsn[qp] = pairs.unacked[qp];
    pairs.sendMessage[qp] = pairs.ackMessage[qp];
  }

  @Override
  long firstTimeout(int qp) {
    return timeout(qp);
  }

  /**
   * How long to wait for an acknowledgement. InfiniBand lets an adapter take one to four timeouts
   * (Architecture Specification, volume 1, section 9.7.6.1.3): the first is exact here, later ones
   * take one to two, since hosts that ran out of time together would go on in step for ever.
   */
  private long timeout(int qp) {
    return pairs.timeouts[qp] == 0
        ? timeoutPs
        : timeoutPs + (long) (timeoutPs * timeouts.uniform(pairs.sourcePort[qp]));
  }

  @Override
  long deadline(int qp) {
    return pairs.timeout[qp];
  }

  @Override
  boolean timedOut(int qp) {
    pairs.retries[qp]++;
    if (pairs.retries[qp] > retryCount) {
      return false;
    }
    controllers.onTimeout(qp, clock.now);
    goBack(qp);
    pairs.timeout[qp] = clock.now + timeout(qp);
    return true;
  }
}
