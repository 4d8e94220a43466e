package weft.verbs;

import java.util.ArrayList;
import java.util.List;
import weft.capture.AtomicEth;
import weft.capture.Bth;
import weft.capture.Deth;
import weft.capture.Frame;
import weft.capture.Header;
import weft.capture.ImmediateData;
import weft.capture.Opcode;
import weft.capture.Reth;

/** Makes the packets of a request. */
final class RequestPackets {
  private final QueuePair pair;
  private final int mtu;

  RequestPackets(QueuePair pair, int mtu) {
    this.pair = pair;
    this.mtu = mtu;
  }

  /** The packet with this PSN; of a read the request for all from there on. */
  Frame at(SendWork work, long psn) {
    WorkRequest request = work.request();
    boolean last = psn == work.last() || request.operation().reads();
    Datagram to = request.to();
    Opcode opcode = opcode(request.operation(), psn == work.first(), last);
    Bth bth =
        Bth.of(opcode, to != null ? to.queuePair() : pair.attributes().number(Attribute.DEST_QPN))
            .psn((int) psn & 0xFFFFFF)
            .askingForAck(last && pair.type() == QpType.RC);
    var headers =
        new ArrayList<>(pair.headersTo(to != null ? to.device() : pair.attributes().device()));
    headers.add(bth);
    long offset = (psn - work.first()) * mtu;
    for (Class<? extends Header> extension : opcode.extensions()) {
      headers.add(extension(extension, request, offset));
    }
    Frame frame = Frame.of(headers.toArray(new Header[0]));
    return request.operation().reads() ? frame : frame.carrying(payload(request, offset));
  }

  private byte[] payload(WorkRequest request, long offset) {
    LocalBuffer local = request.local();
    int length = (int) Math.min(mtu, local.length() - offset);
    if (length == 0) {
      return new byte[0];
    }
    MemoryRegion memory = pair.device().local(pair.domain(), local, false).memory();
    return memory.read(local.address() + offset, length);
  }

  private Header extension(Class<? extends Header> kind, WorkRequest request, long offset) {
    if (kind == Deth.class) {
      Datagram to = java.util.Objects.requireNonNull(request.to());
      return new Deth(to.qkey(), pair.number());
    }
    if (kind == ImmediateData.class) {
      return new ImmediateData(request.immediate());
    }
    RemoteBuffer remote = request.remoteBuffer();
    if (kind == AtomicEth.class) {
      return new AtomicEth(remote.address(), remote.rkey(), request.swapOrAdd(), request.compare());
    }
    return new Reth(remote.address() + offset, remote.rkey(), request.local().length() - offset);
  }

  private Opcode opcode(Operation operation, boolean first, boolean last) {
    return switch (operation) {
      case RDMA_READ -> Opcode.RC_RDMA_READ_REQUEST;
      case ATOMIC_CMP_AND_SWP -> Opcode.RC_COMPARE_SWAP;
      case ATOMIC_FETCH_AND_ADD -> Opcode.RC_FETCH_ADD;
      default -> message(operation, first, last);
    };
  }

  /** For example RC_RDMA_WRITE_LAST_WITH_IMMEDIATE: type, operation, place, immediate data. */
  private Opcode message(Operation operation, boolean first, boolean last) {
    var parts = new ArrayList<String>(List.of(pair.type().name()));
    parts.add(operation.isWrite() ? "RDMA_WRITE" : "SEND");
    parts.add(first ? (last ? "ONLY" : "FIRST") : (last ? "LAST" : "MIDDLE"));
    if (last && operation.hasImmediate()) {
      parts.add("WITH_IMMEDIATE");
    }
    return Opcode.valueOf(String.join("_", parts));
  }
}
