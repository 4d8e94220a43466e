package weft.engine.packet;

import static weft.engine.packet.Packets.NONE;

import org.jspecify.annotations.Nullable;
import weft.transport.RoceV2;

/** Ports, cables and switches: takes packets from hop to hop. */
final class Network {
  private final Events events;
  private final Packets packets;
  private final Ports ports;
  private final QueuePairs pairs;
  private final Paths paths;
  private final SharedBuffers buffers;
  private final Marking marking;
  private final Nic nic;
  private final Sender sender;
  private long hops;
  private @Nullable PacketLog @Nullable [] logs; // by port, once one is asked for

  Network(
      Events events,
      Packets packets,
      Ports ports,
      QueuePairs pairs,
      Paths paths,
      SharedBuffers buffers,
      Marking marking,
      Nic nic,
      Sender sender) {
    this.events = events;
    this.packets = packets;
    this.ports = ports;
    this.pairs = pairs;
    this.paths = paths;
    this.buffers = buffers;
    this.marking = marking;
    this.nic = nic;
    this.sender = sender;
  }

  /** Has a log keep what leaves by its port. */
  void keep(PacketLog log) {
    if (logs == null) {
      logs = new @Nullable PacketLog[ports.count];
    }
    logs[log.port()] = log;
  }

  private @Nullable PacketLog logOf(int port) {
    return logs == null ? null : logs[port];
  }

  /** Packets that have left a port, so far. */
  long hops() {
    return hops;
  }

  /**
   * The first packet under way behind a port arrives.
   *
   * @return the packet if it has reached a host, otherwise {@link Packets#NONE}
   */
  int arrive(int port) {
    int packet = ports.removeFirst(packets, port, Ports.FLIGHT);
    int following = ports.first(port, Ports.FLIGHT);
    if (following != NONE) {
      events.at(packets.arrival(following), Events.ARRIVE, port);
    }
    if (ports.toHost[port]) {
      return packet;
    }
    forward(packet, port);
    return NONE;
  }

  private void forward(int packet, int ingress) {
    int out = paths.next(packets, packet, pairs, ports.to[ingress]);
    if (packets.kind(packet) != Packets.DATA) {
      sendControl(packet, out);
      return;
    }
    int wire = packets.wire(packet);
    if (!buffers.admit(ingress, out, wire)) {
      ports.drops[out]++;
      ports.droppedBytes[out] += wire;
      packets.release(packet);
      return;
    }
    if (buffers.mustPause(ingress)) {
      say(ingress ^ 1, Ports.SAY_PAUSE);
    }
    ports.queueBytes[out] += wire;
    ports.maxQueueBytes[out] = Math.max(ports.maxQueueBytes[out], ports.queueBytes[out]);
    packets.setIngress(packet, ingress);
    ports.append(packets, out, Ports.DATA, packet);
    kick(out);
  }

  /** Queues an acknowledgement or notification at a port. */
  void sendControl(int packet, int port) {
    ports.append(packets, port, Ports.CONTROL, packet);
    kick(port);
  }

  /** Has a pause or resume frame go out by a port; one that still waits there is outdated. */
  private void say(int port, byte frame) {
    ports.frame[port] = ports.frame[port] == Ports.NO_FRAME ? frame : Ports.NO_FRAME;
    kick(port);
  }

  /** Something may be sent at this port: sends it if the port is free, or sees that it will be. */
  void kick(int port) {
    if (ports.freePending[port]) {
      return;
    }
    if (ports.busyUntil[port] <= events.now) {
      sendNext(port);
    } else {
      ports.freePending[port] = true;
      events.at(ports.busyUntil[port], Events.FREE, port);
    }
  }

  /** The port has finished a packet. */
  void onFree(int port) {
    ports.freePending[port] = false;
    sendNext(port);
  }

  private void sendNext(int port) {
    if (ports.frame[port] != Ports.NO_FRAME) {
      sendFrame(port);
    } else if (!ports.isEmpty(port, Ports.CONTROL)) {
      transmit(port, ports.removeFirst(packets, port, Ports.CONTROL));
    } else if (ports.paused[port]) {
      return;
    } else if (ports.fromHost[port]) {
      sendFromHost(port);
    } else if (!ports.isEmpty(port, Ports.DATA)) {
      sendData(port);
    }
    if (hasMore(port)) {
      kick(port);
    }
  }

  private boolean hasMore(int port) {
    if (!ports.isEmpty(port, Ports.CONTROL) || ports.frame[port] != Ports.NO_FRAME) {
      return true;
    }
    boolean data = ports.fromHost[port] ? nic.hasReady(port) : !ports.isEmpty(port, Ports.DATA);
    return data && !ports.paused[port];
  }

  private void sendFromHost(int port) {
    int qp = nic.takeReady(port);
    if (qp == NONE) {
      return;
    }
    transmit(port, sender.build(qp));
    nic.wake(qp, ports.busyUntil[port]);
  }

  private void sendData(int port) {
    int packet = ports.removeFirst(packets, port, Ports.DATA);
    int wire = packets.wire(packet);
    int ingress = packets.ingress(packet);
    ports.queueBytes[port] -= wire;
    if (marking.marks(port, ports.queueBytes[port])) {
      packets.mark(packet);
      ports.marks[port]++;
    }
    transmit(port, packet);
    buffers.release(ingress, wire);
    if (buffers.mayResume(ingress)) {
      say(ingress ^ 1, Ports.SAY_RESUME);
    }
  }

  private void transmit(int port, int packet) {
    int wire = packets.wire(packet);
    long ps = ports.serialise(port, wire);
    long end = events.now + ps;
    PacketLog log = logOf(port);
    if (log != null) {
      int queuePair = packets.queuePair(packet);
      int kind = packets.kind(packet);
      log.add(events.now, kind, queuePair, packets.psn(packet), wire, packets.isMarked(packet));
    }
    hops++;
    ports.busyUntil[port] = end;
    ports.busyPs[port] += ps;
    ports.bytes[port] += wire;
    ports.packets[port]++;
    long arrival = end + ports.flight[port];
    packets.setArrival(packet, arrival);
    if (ports.isEmpty(port, Ports.FLIGHT)) {
      events.at(arrival, Events.ARRIVE, port);
    }
    ports.append(packets, port, Ports.FLIGHT, packet);
  }

  private void sendFrame(int port) {
    long ps = ports.serialise(port, RoceV2.PAUSE_WIRE);
    int kind = ports.frame[port] == Ports.SAY_PAUSE ? Events.PAUSE : Events.RESUME;
    ports.frame[port] = Ports.NO_FRAME;
    PacketLog log = logOf(port);
    if (log != null) {
      int what = kind == Events.PAUSE ? PacketLog.PAUSE : PacketLog.RESUME;
      log.add(events.now, what, 0, 0, RoceV2.PAUSE_WIRE, false);
    }
    ports.busyUntil[port] = events.now + ps;
    ports.busyPs[port] += ps;
    if (kind == Events.PAUSE) {
      ports.pausesSent[port]++;
    }
    events.at(ports.busyUntil[port] + ports.delay[port], kind, port ^ 1);
  }

  void onPause(int port) {
    ports.paused[port] = true;
    ports.pausedAt[port] = events.now;
    ports.pausesReceived[port]++;
  }

  void onResume(int port) {
    ports.paused[port] = false;
    ports.pausedPs[port] += events.now - ports.pausedAt[port];
    kick(port);
  }
}
