package weft.verbs;

import static weft.verbs.Inbound.Outcome;

import java.util.OptionalInt;
import java.util.Set;
import weft.capture.Aeth;
import weft.capture.Bth;
import weft.capture.Deth;
import weft.capture.Frame;
import weft.capture.Header;
import weft.capture.ImmediateData;
import weft.capture.Opcode;

/**
 * The receiving half of a queue pair: which packet is expected, what it asks for, and what is
 * answered.
 */
final class Responder {
  private static final int PSN_MASK = 0xFFFFFF;
  private static final int GRH_BYTES = 40; // an adapter leaves room for it before a datagram

  private final QueuePair pair;
  private final Inbound inbound;
  private final ReadResponses reads;
  private int expected;
  private int messages;
  private boolean refusing; // a NAK has been sent and what it asks for has not come yet

  Responder(QueuePair pair) {
    this.pair = pair;
    this.inbound = new Inbound(pair);
    this.reads = new ReadResponses(pair);
  }

  void start() {
    expected = pair.type() == QpType.UD ? 0 : pair.attributes().number(Attribute.RQ_PSN);
    messages = 0;
    refusing = false;
    inbound.forget();
    reads.forget();
  }

  /** Gives back the receive of a message that will never be complete. */
  void drop() {
    inbound.drop();
  }

  /** A request of the other side. */
  void receive(Frame frame, Bth bth) {
    boolean ready = pair.state() == QpState.RTR || pair.state() == QpState.RTS;
    if (!ready || !bth.opcode().name().startsWith(pair.type().name())) {
      return; // dropped without a word; the other side will wait in vain
    }
    switch (pair.type()) {
      case RC -> reliable(frame, bth);
      case UC -> unreliable(frame, bth);
      case UD -> datagram(frame);
    }
  }

  private void reliable(Frame frame, Bth bth) {
    int ahead = (bth.psn() - expected) << 8 >> 8; // 24 bits with their sign
    if (ahead > 0) {
      if (!refusing) {
        refusing = true;
        answer(expected, Aeth.NAK_SEQUENCE);
      }
    } else if (ahead < 0) {
      again(frame, bth);
    } else {
      refusing = false;
      expectedPacket(frame, bth);
    }
  }

  /** A packet that has been here before: the answer was lost. */
  private void again(Frame frame, Bth bth) {
    if (ReadResponses.isAskedBy(bth.opcode())) {
      reads.repeat(frame, bth, messages);
    } else if (bth.asksForAck()) {
      answer((expected - 1) & PSN_MASK, Aeth.ACK);
    }
  }

  private void expectedPacket(Frame frame, Bth bth) {
    if (!isPermitted(bth.opcode())) {
      refuse(bth, Aeth.NAK_INVALID_REQUEST, "IBV_EVENT_QP_REQ_ERR");
      return;
    }
    if (ReadResponses.isAskedBy(bth.opcode())) {
      switch (reads.answer(frame, bth, messages + 1)) {
        case DONE -> {
          messages = (messages + 1) & PSN_MASK;
          expected = (expected + reads.packets(frame)) & PSN_MASK;
        }
        case INVALID -> refuse(bth, Aeth.NAK_INVALID_REQUEST, "IBV_EVENT_QP_REQ_ERR");
        default -> refuse(bth, Aeth.NAK_REMOTE_ACCESS, "IBV_EVENT_QP_ACCESS_ERR");
      }
      return;
    }
    Outcome outcome = inbound.take(frame, bth);
    switch (outcome) {
      case NOT_READY -> {
        refusing = true;
        int timer = pair.attributes().number(Attribute.MIN_RNR_TIMER);
        answer(bth.psn(), Aeth.receiverNotReady(timer));
      }
      case NO_ACCESS -> refuse(bth, Aeth.NAK_REMOTE_ACCESS, "IBV_EVENT_QP_ACCESS_ERR");
      case INVALID -> refuse(bth, Aeth.NAK_INVALID_REQUEST, "IBV_EVENT_QP_REQ_ERR");
      case FAILED -> refuse(bth, Aeth.NAK_REMOTE_OPERATION, "IBV_EVENT_QP_FATAL");
      case DONE, MORE -> accept(bth, outcome);
    }
  }

  private void accept(Bth bth, Outcome outcome) {
    expected = (expected + 1) & PSN_MASK;
    if (outcome == Outcome.DONE) {
      messages = (messages + 1) & PSN_MASK;
    }
    if (bth.asksForAck()) {
      answer(bth.psn(), Aeth.ACK);
    }
  }

  /** Whether the queue pair itself permits what a packet asks for. */
  private boolean isPermitted(Opcode opcode) {
    Set<?> access = pair.attributes().access();
    return switch (opcode) {
      case RC_RDMA_READ_REQUEST -> access.contains(Access.REMOTE_READ);
      case RC_COMPARE_SWAP, RC_FETCH_ADD -> access.contains(Access.REMOTE_ATOMIC);
      default -> !opcode.name().contains("WRITE") || access.contains(Access.REMOTE_WRITE);
    };
  }

  private void unreliable(Frame frame, Bth bth) {
    boolean begins = bth.opcode().name().contains("FIRST") || bth.opcode().name().contains("ONLY");
    if (begins || bth.psn() != expected) {
      inbound.drop(); // what was lost cannot be asked for
    }
    expected = (bth.psn() + 1) & PSN_MASK;
    if ((begins || inbound.isUnderWay()) && isPermitted(bth.opcode())) {
      Outcome outcome = inbound.take(frame, bth);
      if (outcome == Outcome.FAILED) {
        pair.fail();
      } else if (outcome != Outcome.DONE && outcome != Outcome.MORE) {
        inbound.drop();
      }
    }
  }

  private void datagram(Frame frame) {
    Deth deth = frame.header(Deth.class).orElseThrow();
    QueuePair.Receive receive = pair.nextReceive();
    byte[] payload = frame.payload();
    int bytes = GRH_BYTES + payload.length;
    boolean fits = receive != null && receive.buffer().length() >= bytes;
    if (deth.queueKey() != pair.attributes().number(Attribute.QKEY) || receive == null || !fits) {
      return; // a datagram that nobody waits for is dropped
    }
    pair.takeReceive();
    Grant local = pair.device().local(pair.domain(), receive.buffer(), true);
    if (local.isRefused()) {
      pair.complete(
          receive, Operation.RECV, Status.LOC_PROT_ERR, 0, OptionalInt.empty(), local.why());
      pair.fail();
      return;
    }
    local.memory().write(receive.buffer().address() + GRH_BYTES, payload);
    pair.complete(receive, Operation.RECV, Status.SUCCESS, bytes, immediate(frame), "");
  }

  static OptionalInt immediate(Frame frame) {
    var data = frame.header(ImmediateData.class);
    return data.isPresent() ? OptionalInt.of(data.get().value()) : OptionalInt.empty();
  }

  /** Says no for good: the queue pair is of no use any more, at this end too. */
  private void refuse(Bth bth, int syndrome, String event) {
    answer(bth.psn(), syndrome);
    pair.device().report("%s on %s: %s".formatted(event, pair, Aeth.meaning(syndrome)));
    pair.fail();
  }

  private void answer(int psn, int syndrome) {
    Bth bth = Bth.of(Opcode.RC_ACKNOWLEDGE, pair.attributes().number(Attribute.DEST_QPN)).psn(psn);
    var headers = pair.headersTo(pair.attributes().device());
    headers.add(bth);
    headers.add(new Aeth(syndrome, messages));
    pair.device().reply(Frame.of(headers.toArray(new Header[0])), () -> {});
  }
}
