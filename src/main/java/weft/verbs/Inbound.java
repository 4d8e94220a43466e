package weft.verbs;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import weft.capture.Bth;
import weft.capture.Frame;
import weft.capture.ImmediateData;
import weft.capture.Opcode;
import weft.capture.Reth;

/** The SEND or WRITE that is coming in: where its next bytes go, and its end. */
final class Inbound {
  /** What came of a packet. */
  enum Outcome {
    /** Its message is complete. */
    DONE,
    /** More packets of its message will come. */
    MORE,
    /** There is no receive for it. */
    NOT_READY,
    /** Key, address or permission is wrong. */
    NO_ACCESS,
    /** It is longer than its receive. */
    INVALID,
    /** The receive's own memory is of no use. */
    FAILED
  }

  private final QueuePair pair;
  private QueuePair.@Nullable Receive receive;
  private boolean underWay;
  private long address;
  private int key;
  private int bytes;

  Inbound(QueuePair pair) {
    this.pair = pair;
  }

  void forget() {
    underWay = false;
    receive = null;
  }

  /** Drops what has come of a message; its receive waits for the next one. */
  void drop() {
    if (receive != null) {
      pair.putBack(receive);
    }
    forget();
  }

  boolean isUnderWay() {
    return underWay;
  }

  /** Takes the packet that comes next in its message. */
  Outcome take(Frame frame, Bth bth) {
    String name = bth.opcode().name();
    boolean first = name.contains("FIRST") || name.contains("ONLY");
    boolean last = name.contains("LAST") || name.contains("ONLY");
    Outcome outcome = name.contains("WRITE") ? write(frame, first) : send(frame, first);
    if (outcome == Outcome.MORE && name.contains("IMMEDIATE") && name.contains("WRITE")) {
      outcome = takeNotice();
    }
    if (outcome != Outcome.MORE) {
      return outcome;
    }
    underWay = !last;
    if (!last) {
      return Outcome.MORE;
    }
    if (receive != null) {
      complete(frame, bth.opcode());
    }
    return Outcome.DONE;
  }

  private void complete(Frame frame, Opcode opcode) {
    if (receive != null) {
      Operation as =
          opcode.name().contains("WRITE") ? Operation.RECV_RDMA_WITH_IMM : Operation.RECV;
      OptionalInt immediate = Responder.immediate(frame);
      pair.complete(receive, as, Status.SUCCESS, bytes, immediate, "");
      receive = null;
    }
  }

  private Outcome send(Frame frame, boolean first) {
    byte[] payload = frame.payload();
    if (first) {
      receive = pair.takeReceive();
      bytes = 0;
    }
    if (receive == null) {
      return Outcome.NOT_READY;
    }
    LocalBuffer buffer = receive.buffer();
    if (bytes + payload.length > buffer.length()) {
      String reason =
          "the message has more than the %d B of the receive buffer".formatted(buffer.length());
      return failed(Status.LOC_LEN_ERR, reason, Outcome.INVALID);
    }
    if (payload.length > 0) {
      Grant local = pair.device().local(pair.domain(), buffer, true);
      if (local.isRefused()) {
        return failed(Status.LOC_PROT_ERR, local.why(), Outcome.FAILED);
      }
      local.memory().write(buffer.address() + bytes, payload);
    }
    bytes += payload.length;
    return Outcome.MORE;
  }

  private Outcome failed(Status status, String reason, Outcome outcome) {
    if (pair.type() == QpType.UC && outcome == Outcome.INVALID) {
      return outcome; // a message that does not fit is dropped
    }
    if (receive != null) {
      pair.complete(receive, Operation.RECV, status, 0, OptionalInt.empty(), reason);
      receive = null;
    }
    return outcome;
  }

  private Outcome write(Frame frame, boolean first) {
    byte[] payload = frame.payload();
    if (first) {
      Reth reth = frame.header(Reth.class).orElseThrow();
      if (reth.length() > 0 && grant(reth.rkey(), reth.address(), reth.length()).isRefused()) {
        return Outcome.NO_ACCESS;
      }
      address = reth.address();
      key = reth.rkey();
      bytes = 0;
    }
    boolean notifies = frame.header(ImmediateData.class).isPresent();
    if (notifies && pair.nextReceive() == null) {
      return Outcome.NOT_READY;
    }
    if (payload.length > 0) {
      Grant grant = grant(key, address, payload.length);
      if (grant.isRefused()) {
        return Outcome.NO_ACCESS;
      }
      grant.memory().write(address, payload);
    }
    address += payload.length;
    bytes += payload.length;
    return Outcome.MORE;
  }

  private Grant grant(int rkey, long at, long length) {
    return pair.device().remote(pair.domain(), rkey, at, length, Access.REMOTE_WRITE);
  }

  /** A WRITE with immediate data ends by taking a receive, whose buffer it leaves alone. */
  private Outcome takeNotice() {
    receive = pair.takeReceive();
    return receive == null ? Outcome.NOT_READY : Outcome.MORE;
  }
}
