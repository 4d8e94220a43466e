package weft.engine.packet;

import weft.engine.packet.QueuePairCounters.Status;
import weft.transport.Framing;
import weft.transport.KernelCost;

/** The sending half of reliable connections: makes packets of messages. */
abstract class Sender {
  /** {@link #earliest} of a queue pair with nothing to send. */
  static final long NEVER = Long.MAX_VALUE;

  final Clock clock;
  final QueuePairs pairs;
  final Messages messages;
  final Controllers controllers;
  final Spraying spraying;
  private final Paths paths;
  private final Framing framing;
  private final KernelCost kernel;
  private final boolean costs;
  private final long receiveBuffer;
  private final int mtu;

  // Sums of this thread.
  int gaveUp;
  long madeBytes;
  long madePackets;

  Sender(Clock clock, Shared all) {
    this.clock = clock;
    this.pairs = all.pairs();
    this.messages = all.messages();
    this.controllers = all.controllers();
    this.spraying = all.spraying();
    this.paths = all.paths();
    this.framing = all.transport().onTheWire();
    this.kernel = all.transport().kernel().orElseGet(KernelCost::linux);
    this.costs = all.transport().kernel().isPresent();
    this.receiveBuffer = costs ? kernel.receiveBuffer().bytes() : Long.MAX_VALUE;
    this.mtu = (int) all.transport().mtu().bytes();
  }

  /** As the transport repeats. */
  static Sender of(Clock clock, Shared all) {
    return all.selective().isUsed ? new SelectiveSender(clock, all) : new GoBackSender(clock, all);
  }

  /** Whether a queue pair has a packet to send, in time or not. */
  abstract boolean hasNext(int qp);

  /** Payload bytes that count against the window. */
  abstract long outstandingBytes(int qp);

  /** When the next packet may go for its message's sake, ps. */
  abstract long notBefore(int qp);

  /** The number of the next packet, which there is. */
  abstract int next(int qp);

  /** The next packet, which goes on the wire now: its header. */
  abstract long build(int qp);

  /** An acknowledgement has come. */
  abstract void acknowledge(int qp, long owner, long head, long stamp);

  /** A NAK has come, of a gap or a trimmed packet. */
  abstract void refused(int qp, long owner, long head, long stamp);

  /** When the acknowledgement timer should run out as things are, ps. */
  abstract long deadline(int qp);

  /** The timer has run out: packets go again. Says whether the queue pair tries on. */
  abstract boolean timedOut(int qp);

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
  final long earliest(int qp) {
    if (!hasNext(qp) || pairs.status[qp] != Status.OK) {
      return NEVER;
    }
    if (costs || controllers.windowed()) {
      long window = Math.min(receiveBuffer, controllers.window(qp));
      if (outstandingBytes(qp) >= window) {
        pairs.waited[qp] = true;
        return NEVER;
      }
    }
    return Math.max(pairs.eligible[qp], notBefore(qp));
  }

  /** Bytes of a queue pair before a packet, or the end, of a message. */
  final long position(int message, int psn) {
    long inside = (long) mtu * (psn - messages.firstPsn[message]);
    return messages.offset[message] + Math.min(inside, messages.bytes[message]);
  }

  /** The message of a packet, which is not before {@code from}'s. */
  final int messageOf(int psn, int from) {
    int message = from;
    while (psn >= messages.endPsn[message]) {
      message = messages.next[message];
    }
    return message;
  }

  final int payload(int message, int psn) {
    return psn == messages.endPsn[message] - 1
        ? (int) (messages.bytes[message] - (long) mtu * (psn - messages.firstPsn[message]))
        : mtu;
  }

  /** Makes a packet. */
  final long make(int qp, int message, int psn, int payload, int entropy) {
    boolean first = psn == messages.firstPsn[message];
    int wire = payload + framing.data() + (first ? framing.first() : 0);
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
    long pace = controllers.onSend(qp, wire, clock.now);
    pairs.eligible[qp] = clock.now + (costs ? Math.max(pace, kernel.ps(payload)) : pace);
    int cursor = spraying.isUsed() ? entropy : paths.start(qp, true);
    return Packet.header(Packet.DATA, first ? Packet.FIRST : 0, wire, cursor);
  }

  private void startTimer(int qp) {
    if (pairs.outstanding(qp)) {
      return;
    }
    pairs.timeout[qp] = clock.now + firstTimeout(qp);
    if (pairs.timeoutPending[qp]) {
      clock.heap.idle--;
    } else {
      pairs.timeoutPending[qp] = true;
      clock.at(pairs.timeout[qp], Clock.TIMEOUT, qp);
    }
  }

  /** The timeout of a packet sent now, nothing else being under way, ps. */
  abstract long firstTimeout(int qp);

  /** All packets before {@code psn}, which is news, have been received. */
  final void advance(int qp, int psn) {
    pairs.unacked[qp] = psn;
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
  }

  /**
   * The acknowledgement timer's event.
   *
   * @return whether packets are to be sent again
   */
  final boolean onTimer(int qp) {
    if (!pairs.outstanding(qp)) {
      pairs.timeoutPending[qp] = false;
      clock.heap.idle--;
      return false;
    }
    long deadline = deadline(qp);
    if (clock.now < deadline) {
      clock.at(deadline, Clock.TIMEOUT, qp);
      return false;
    }
    pairs.timeouts[qp]++;
    if (!timedOut(qp)) {
      pairs.status[qp] = Status.RETRY_EXCEEDED;
      gaveUp++;
      pairs.timeoutPending[qp] = false;
      return false;
    }
    clock.at(deadline(qp), Clock.TIMEOUT, qp);
    return true;
  }
}
