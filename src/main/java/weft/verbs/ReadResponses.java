package weft.verbs;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import weft.capture.Aeth;
import weft.capture.AtomicAckEth;
import weft.capture.AtomicEth;
import weft.capture.Bth;
import weft.capture.Frame;
import weft.capture.Header;
import weft.capture.Opcode;
import weft.capture.Reth;

/** Answers with data: to reads, and to atomics, which are done once however often they come. */
final class ReadResponses {
  private static final int PSN_MASK = 0xFFFFFF;

  private final QueuePair pair;
  private final Map<Integer, Long> atomics =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Long> eldest) {
          return size() > 256; // more than can be under way
        }
      };
  private int underWay;

  ReadResponses(QueuePair pair) {
    this.pair = pair;
  }

  static boolean isAskedBy(Opcode opcode) {
    return switch (opcode) {
      case RC_RDMA_READ_REQUEST, RC_COMPARE_SWAP, RC_FETCH_ADD -> true;
      default -> false;
    };
  }

  void forget() {
    atomics.clear();
    underWay = 0;
  }

  private int mtu() {
    return pair.attributes().number(Attribute.PATH_MTU);
  }

  /** How many PSNs a request uses up. */
  int packets(Frame request) {
    long length = request.header(Reth.class).map(Reth::length).orElse(0L);
    return (int) Math.max(1, (length + mtu() - 1) / mtu());
  }

  /** Does what is asked for the first time. */
  Inbound.Outcome answer(Frame frame, Bth bth, int messages) {
    if (underWay >= pair.attributes().number(Attribute.MAX_DEST_RD_ATOMIC)) {
      return Inbound.Outcome.INVALID;
    }
    Inbound.Outcome outcome =
        bth.opcode() == Opcode.RC_RDMA_READ_REQUEST
            ? read(frame, bth, messages, () -> underWay--)
            : atomic(frame.header(AtomicEth.class).orElseThrow(), bth, messages);
    if (outcome == Inbound.Outcome.DONE) {
      underWay++;
    }
    return outcome;
  }

  /** Answers again what was answered before. */
  void repeat(Frame frame, Bth bth, int messages) {
    Long original = atomics.get(bth.psn());
    if (bth.opcode() == Opcode.RC_RDMA_READ_REQUEST) {
      read(frame, bth, messages, () -> {});
    } else if (original != null) {
      sendOriginal(bth, messages, original, () -> {});
    }
  }

  private Inbound.Outcome read(Frame frame, Bth bth, int messages, Runnable sent) {
    Reth reth = frame.header(Reth.class).orElseThrow();
    int length = (int) reth.length();
    byte[] data = new byte[0];
    if (length > 0) {
      Grant grant =
          pair.device()
              .remote(pair.domain(), reth.rkey(), reth.address(), length, Access.REMOTE_READ);
      if (grant.isRefused()) {
        return Inbound.Outcome.NO_ACCESS;
      }
      data = grant.memory().read(reth.address(), length);
    }
    int packets = packets(frame);
    for (int i = 0; i < packets; i++) {
      int from = i * mtu();
      byte[] piece = java.util.Arrays.copyOfRange(data, from, Math.min(length, from + mtu()));
      boolean last = i == packets - 1;
      Opcode opcode = place(i == 0, last);
      int psn = (bth.psn() + i) & PSN_MASK;
      List<Header> extensions = opcode.extensions().isEmpty() ? List.of() : List.of(ack(messages));
      send(opcode, psn, extensions, piece, last ? sent : () -> {});
    }
    return Inbound.Outcome.DONE;
  }

  private static Opcode place(boolean first, boolean last) {
    if (first) {
      return last ? Opcode.RC_RDMA_READ_RESPONSE_ONLY : Opcode.RC_RDMA_READ_RESPONSE_FIRST;
    }
    return last ? Opcode.RC_RDMA_READ_RESPONSE_LAST : Opcode.RC_RDMA_READ_RESPONSE_MIDDLE;
  }

  private Inbound.Outcome atomic(AtomicEth asked, Bth bth, int messages) {
    if ((asked.address() & (Long.BYTES - 1)) != 0) {
      return Inbound.Outcome.INVALID;
    }
    Grant grant =
        pair.device()
            .remote(pair.domain(), asked.rkey(), asked.address(), Long.BYTES, Access.REMOTE_ATOMIC);
    if (grant.isRefused()) {
      return Inbound.Outcome.NO_ACCESS;
    }
    long original = ByteBuffer.wrap(grant.memory().read(asked.address(), Long.BYTES)).getLong();
    boolean adds = bth.opcode() == Opcode.RC_FETCH_ADD;
    if (adds || original == asked.compare()) {
      long value = adds ? original + asked.swapOrAdd() : asked.swapOrAdd();
      byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
      grant.memory().write(asked.address(), bytes);
    }
    atomics.put(bth.psn(), original);
    sendOriginal(bth, messages, original, () -> underWay--);
    return Inbound.Outcome.DONE;
  }

  private void sendOriginal(Bth bth, int messages, long original, Runnable sent) {
    send(
        Opcode.RC_ATOMIC_ACKNOWLEDGE,
        bth.psn(),
        List.of(ack(messages), new AtomicAckEth(original)),
        new byte[0],
        sent);
  }

  private static Header ack(int messages) {
    return new Aeth(Aeth.ACK, messages & PSN_MASK);
  }

  private void send(Opcode opcode, int psn, List<Header> extensions, byte[] data, Runnable sent) {
    Bth bth = Bth.of(opcode, pair.attributes().number(Attribute.DEST_QPN)).psn(psn);
    var headers = pair.headersTo(pair.attributes().device());
    headers.add(bth);
    headers.addAll(extensions);
    Frame frame = Frame.of(headers.toArray(new Header[0])).carrying(data);
    pair.device().reply(frame, sent);
  }
}
