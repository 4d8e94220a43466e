package weft.experiment;

import weft.capture.Aeth;
import weft.capture.Bth;
import weft.capture.CnpReserved;
import weft.capture.Ecn;
import weft.capture.Ethernet;
import weft.capture.Frame;
import weft.capture.Header;
import weft.capture.Mac;
import weft.capture.Opcode;
import weft.capture.PriorityPause;
import weft.capture.Reth;
import weft.engine.packet.PacketEngine;
import weft.engine.packet.PacketLog;
import weft.fabric.Fabric;
import weft.routing.FiveTuple;
import weft.transport.Scheduling;
import weft.transport.Transport;

/**
 * Makes of what an engine kept of a packet the frame that it was.
 *
 * <p>Traffic has its class's priority and DSCP ({@link Scheduling}), notifications DSCP 48. Queue
 * pair q is 16 + 2q at its sender and one more at its receiver. The engine carries no bytes, so
 * payloads are zeros, and a payload that is no multiple of four is padded here and not there.
 */
final class Frames {
  private static final int NOTIFICATION_DSCP = 48;
  private static final int FIRST_QP = 16;
  private static final int PSN_MASK = 0xFFFFFF;
  private static final long MEMORY = 0x7F00_0000_0000L;
  private static final int FIRST_KEY = 0x1000;

  private final Stations stations;
  private final MessageTable messages;
  private final int[] source;
  private final int[] destination;
  private final int[] trafficClass; // by queue pair
  private final Envelope envelope;

  Frames(Fabric fabric, PacketEngine engine, Transport transport) {
    stations = new Stations(fabric);
    messages = new MessageTable(engine, (int) transport.mtu().bytes());
    envelope = Envelope.of(transport);
    source = new int[engine.queuePairs()];
    destination = new int[engine.queuePairs()];
    trafficClass = new int[engine.queuePairs()];
    for (int qp = 0; qp < source.length; qp++) {
      source[qp] = engine.counters(qp).source();
      destination[qp] = engine.counters(qp).destination();
      trafficClass[qp] = engine.counters(qp).trafficClass();
    }
  }

  Mac port(int node, int link) {
    return stations.port(node, link);
  }

  /**
   * The frame of a log's packet.
   *
   * @param from the port it left
   * @param to the port it went to
   * @param hops links behind it by the shortest way
   */
  Frame of(PacketLog log, int index, Mac from, Mac to, int hops) {
    return switch (log.kind(index)) {
      case PAUSE -> PriorityPause.of(priority(log, index), PriorityPause.LONGEST).from(from);
      case RESUME -> PriorityPause.of(priority(log, index), 0).from(from);
      default -> packet(log, index, new Ethernet(from, to), 64 - hops);
    };
  }

  private static int priority(PacketLog log, int index) {
    return Scheduling.priority(log.trafficClass(index));
  }

  private Frame packet(PacketLog log, int index, Ethernet ethernet, int ttl) {
    int qp = log.queuePair(index);
    int psn = log.psn(index);
    boolean data = log.kind(index) == PacketLog.Kind.DATA;
    int from = data ? source[qp] : destination[qp];
    int to = data ? destination[qp] : source[qp];
    boolean notifies = log.kind(index) == PacketLog.Kind.CNP;
    var address =
        new Envelope.Address(
            ethernet,
            stations.gpu(from),
            stations.gpu(to),
            notifies ? NOTIFICATION_DSCP / 8 : Scheduling.priority(trafficClass[qp]),
            notifies ? NOTIFICATION_DSCP : Scheduling.dscp(trafficClass[qp]),
            data && log.isMarked(index) ? Ecn.CE : Ecn.ECT0,
            ttl,
            FiveTuple.sourcePort(qp));
    int sender = FIRST_QP + 2 * qp & PSN_MASK;
    return switch (log.kind(index)) {
      case DATA -> data(address, qp, psn);
      case ACK -> answer(address, sender, psn - 1, new Aeth(Aeth.ACK, done(qp, psn)));
      case NAK -> answer(address, sender, psn, new Aeth(Aeth.NAK_SEQUENCE, done(qp, psn)));
      default -> envelope.around(address, Bth.of(Opcode.CNP, sender), new CnpReserved());
    };
  }

  /** Messages of a queue pair that its receiver had completed when it expected this packet. */
  private int done(int queuePair, int expected) {
    return messages.place(queuePair, expected) & PSN_MASK;
  }

  private Frame answer(Envelope.Address address, int queuePair, int psn, Header what) {
    Bth bth = Bth.of(Opcode.RC_ACKNOWLEDGE, queuePair).psn(psn & PSN_MASK);
    return envelope.around(address, bth, what);
  }

  private Frame data(Envelope.Address address, int qp, int psn) {
    boolean first = messages.isFirst(qp, psn);
    Bth bth =
        Bth.of(place(first, messages.isLast(qp, psn)), FIRST_QP + 1 + 2 * qp & PSN_MASK)
            .psn(psn & PSN_MASK)
            .askingForAck(true);
    long memory = MEMORY + messages.offset(qp, psn);
    Frame frame =
        first
            ? envelope.around(
                address, bth, new Reth(memory, FIRST_KEY + qp, messages.length(qp, psn)))
            : envelope.around(address, bth);
    return frame.carrying(new byte[messages.payload(qp, psn)]);
  }

  private static Opcode place(boolean first, boolean last) {
    if (first) {
      return last ? Opcode.RC_RDMA_WRITE_ONLY : Opcode.RC_RDMA_WRITE_FIRST;
    }
    return last ? Opcode.RC_RDMA_WRITE_LAST : Opcode.RC_RDMA_WRITE_MIDDLE;
  }

  /** The GPU whose packets these are: of data the sender, of answers the receiver. */
  int sender(PacketLog log, int index) {
    int qp = log.queuePair(index);
    return log.kind(index) == PacketLog.Kind.DATA ? source[qp] : destination[qp];
  }
}
