package weft.engine.packet;

import weft.engine.packet.QueuePairCounters.Status;
import weft.transport.RoceV2;

/** The sending half of reliable connections: packets of messages in order, and going back. */
final class Sender {
  /** {@link #earliest} of a queue pair with nothing to send. */
  static final long NEVER = Long.MAX_VALUE;

  private final Clock clock;
  private final QueuePairs pairs;
  private final Messages messages;
  private final Controllers controllers;
  private final Paths paths;
  private final int mtu;
  private final long timeoutPs;
  private final Draws timeouts; // by port
  private final int retryCount;

  // Sums of this thread.
  int gaveUp;
  long madeBytes;
  long madePackets;

  Sender(Clock clock, Shared all) {
    this.clock = clock;
    this.pairs = all.pairs();
    this.messages = all.messages();
    this.controllers = all.controllers();
    this.paths = all.paths();
    this.mtu = (int) all.transport().mtu().bytes();
    this.timeoutPs = all.transport().timeout().ps();
    this.timeouts = all.timeouts();
    this.retryCount = all.transport().retryCount();
  }

  int post(int qp, long bytes, long notBeforePs) {
    int first = pairs.endPsn[qp];
    long end = first + (bytes + mtu - 1) / mtu;
    if (end > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "a queue pair carries at most 2^31 packets of %d B, but was given more: open another"
              .formatted(mtu));
    }
    int message = messages.add(qp, bytes, pairs.postedBytes[qp], notBeforePs, first, (int) end);
    pairs.endPsn[qp] = (int) end;
    pairs.postedBytes[qp] += bytes;
    if (pairs.lastMessage[qp] == Messages.NONE) {
      pairs.sendMessage[qp] = message;
      pairs.ackMessage[qp] = message;
      pairs.deliverMessage[qp] = message;
    } else {
      messages.next[pairs.lastMessage[qp]] = message;
    }
    pairs.lastMessage[qp] = message;
    return message;
  }

  /** When the next packet may go, ps; {@link #NEVER} if there is none or the window is full. */
  long earliest(int qp) {
    if (pairs.nextPsn[qp] == pairs.endPsn[qp] || pairs.status[qp] != Status.OK) {
      return NEVER;
    }
    int message = messageToSend(qp);
    if (controllers.windowed()
        && position(message, pairs.nextPsn[qp]) - pairs.ackedBytes[qp] >= controllers.window(qp)) {
      return NEVER;
    }
    return Math.max(pairs.eligible[qp], messages.notBefore[message]);
  }

  /** Bytes of a queue pair before a packet, or the end, of a message. */
  private long position(int message, int psn) {
    long inside = (long) mtu * (psn - messages.firstPsn[message]);
    return messages.offset[message] + Math.min(inside, messages.bytes[message]);
  }

  private int messageToSend(int qp) {
    int message = pairs.sendMessage[qp];
    while (pairs.nextPsn[qp] >= messages.endPsn[message]) {
      message = messages.next[message];
    }
    pairs.sendMessage[qp] = message;
    return message;
  }

  /** The next packet, which goes on the wire now: its header. */
  long build(int qp) {
    int message = messageToSend(qp);
    int psn = pairs.nextPsn[qp]++;
    boolean first = psn == messages.firstPsn[message];
    int payload = mtu;
    if (psn == messages.endPsn[message] - 1) {
      payload = (int) (messages.bytes[message] - (long) mtu * (psn - messages.firstPsn[message]));
    }
    int wire = payload + RoceV2.OVERHEAD + (first ? RoceV2.RETH : 0);
    madeBytes += wire;
    madePackets++;
    if (psn < pairs.sent[qp]) {
      pairs.retransmitted[qp]++;
    } else {
      startTimer(qp);
      pairs.sent[qp] = psn + 1;
      pairs.sentBytes[qp] += payload;
      if (first) {
        messages.started[message] = clock.now;
      }
    }
    pairs.eligible[qp] = clock.now + controllers.onSend(qp, wire, clock.now);
    return Packet.header(Packet.DATA, first ? Packet.FIRST : 0, wire, paths.start(qp, true));
  }

  private void startTimer(int qp) {
    if (pairs.outstanding(qp)) {
      return;
    }
    pairs.timeout[qp] = clock.now + timeout(qp);
    if (pairs.timeoutPending[qp]) {
      clock.heap.idle--;
    } else {
      pairs.timeoutPending[qp] = true;
      clock.at(pairs.timeout[qp], Clock.TIMEOUT, qp);
    }
  }

  /** All packets before {@code psn} have been received. */
  void acknowledge(int qp, int psn) {
    if (psn <= pairs.unacked[qp] || pairs.status[qp] != Status.OK) {
      return;
    }
    pairs.unacked[qp] = psn;
    pairs.nextPsn[qp] = Math.max(pairs.nextPsn[qp], psn);
    pairs.retries[qp] = 0;
    pairs.timeout[qp] = clock.now + timeout(qp);
    if (psn == pairs.sent[qp] && pairs.timeoutPending[qp]) {
      clock.heap.idle++;
    }
    int message = pairs.ackMessage[qp];
    while (psn >= messages.endPsn[message]) {
      if (messages.acknowledged[message] == PacketEngine.NOT_YET) {
        messages.acknowledged[message] = clock.now;
      }
      if (messages.next[message] == Messages.NONE) {
        break;
      }
      message = messages.next[message];
    }
    pairs.ackMessage[qp] = message;
    pairs.ackedBytes[qp] = position(message, psn);
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

  /** Sends again from the first packet that is not acknowledged. */
  void goBack(int qp) {
    pairs.nextPsn[qp] = pairs.unacked[qp];
    pairs.sendMessage[qp] = pairs.ackMessage[qp];
  }

  /**
   * The acknowledgement timer's event.
   *
   * @return whether the queue pair went back and has packets to send
   */
  boolean onTimer(int qp) {
    if (!pairs.outstanding(qp)) {
      pairs.timeoutPending[qp] = false;
      clock.heap.idle--;
      return false;
    }
    if (clock.now < pairs.timeout[qp]) {
      clock.at(pairs.timeout[qp], Clock.TIMEOUT, qp);
      return false;
    }
    pairs.timeouts[qp]++;
    pairs.retries[qp]++;
    if (pairs.retries[qp] > retryCount) {
      pairs.status[qp] = Status.RETRY_EXCEEDED;
      gaveUp++;
      pairs.timeoutPending[qp] = false;
      return false;
    }
    controllers.onTimeout(qp, clock.now);
    goBack(qp);
    pairs.timeout[qp] = clock.now + timeout(qp);
    clock.at(pairs.timeout[qp], Clock.TIMEOUT, qp);
    return true;
  }
}
