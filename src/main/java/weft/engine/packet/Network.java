package weft.engine.packet;

import weft.transport.RoceV2;

/** Ports and switches of the cell at work: takes packets from hop to hop. */
final class Network {
  private static final int NONE = -1;

  private final Clock clock;
  private final Ports ports;
  private final QueuePairs pairs;
  private final Paths paths;
  private final SharedBuffers buffers;
  private final Marking marking;
  private final Outbox outbox;
  private final Nic nic;
  private final Sender sender;
  private final Header header = new Header();
  private final boolean fixedPaths;

  // Sums of this thread.
  long hops;
  long droppedPackets;

  Network(Clock clock, Shared all, Outbox outbox, Nic nic, Sender sender) {
    this.clock = clock;
    this.ports = all.ports();
    this.pairs = all.pairs();
    this.paths = all.paths();
    this.buffers = all.buffers();
    this.marking = all.marking();
    this.outbox = outbox;
    this.nic = nic;
    this.sender = sender;
    this.fixedPaths = paths.areFixed();
  }

  /** A packet has come into a switch by a port. */
  void forward(Port ingress, long owner, long head, long stamp) {
    Port out;
    long next = head;
    if (fixedPaths) {
      out = ports.port[paths.port(Packet.cursor(head))];
      next = Packet.onward(head);
    } else {
      boolean isData = Packet.kind(head) == Packet.DATA;
      var packet = header.of(pairs, Packet.queuePair(owner), isData, Packet.wire(head));
      out = ports.port[paths.choose(ingress.node, packet)];
    }
    if (Packet.kind(head) != Packet.DATA) {
      sendControl(out, owner, next, stamp);
    } else if (out.isIdle(clock.now)
        && !out.paused
        && buffers.passes(ingress.node, Packet.wire(head))) {
      transmit(out, owner, next, stamp);
    } else {
      queue(ingress, out, owner, next, stamp);
    }
  }

  private void queue(Port ingress, Port out, long owner, long head, long stamp) {
    int wire = Packet.wire(head);
    if (!buffers.admit(ingress, out, wire)) {
      out.drops++;
      out.droppedBytes += wire;
      droppedPackets++;
      return;
    }
    if (buffers.mustPause(ingress)) {
      say(ingress, Port.SAY_PAUSE);
    }
    out.queueBytes += wire;
    out.maxQueueBytes = Math.max(out.maxQueueBytes, out.queueBytes);
    out.data.put(ingress.index, owner, head, stamp);
    kick(out);
  }

  /** Sends an acknowledgement or notification by a port, at once or when its turn comes. */
  void sendControl(Port port, long owner, long head, long stamp) {
    if (port.isIdle(clock.now)) {
      transmit(port, owner, head, stamp);
    } else {
      port.control.put(0, owner, head, stamp);
      kick(port);
    }
  }

  /** Has a pause or resume frame go out by a port; one that still waits there is outdated. */
  private void say(Port port, byte frame) {
    port.frame = port.frame == Port.NO_FRAME ? frame : Port.NO_FRAME;
    kick(port);
  }

  /** Something may be sent at this port: sends it if the port is free, or sees that it will be. */
  void kick(Port port) {
    if (port.freePending) {
      return;
    }
    if (port.busyUntil <= clock.now) {
      sendNext(port);
    } else {
      port.freePending = true;
      clock.at(port.busyUntil, Clock.FREE, port.index);
    }
  }

  /** The port has finished a packet. */
  void onFree(Port port) {
    port.freePending = false;
    sendNext(port);
  }

  private void sendNext(Port port) {
    if (port.frame != Port.NO_FRAME) {
      sendFrame(port);
    } else if (!port.control.isEmpty()) {
      int i = port.control.take();
      long[] slots = port.control.slots;
      transmit(port, slots[i + 1], slots[i + 2], slots[i + 3]);
    } else if (port.paused) {
      return;
    } else if (port.ofHost) {
      sendFromHost(port);
    } else if (!port.data.isEmpty()) {
      sendData(port);
    }
    if (hasMore(port)) {
      kick(port);
    }
  }

  private boolean hasMore(Port port) {
    if (!port.control.isEmpty() || port.frame != Port.NO_FRAME) {
      return true;
    }
    boolean data = port.ofHost ? nic.hasReady(port.index) : !port.data.isEmpty();
    return data && !port.paused;
  }

  private void sendFromHost(Port port) {
    int qp = nic.takeReady(port.index);
    if (qp == NONE) {
      return;
    }
    int psn = pairs.nextPsn[qp];
    long head = sender.build(qp);
    transmit(port, Packet.owner(qp, psn), head, clock.now);
    nic.wake(qp, port.busyUntil);
  }

  private void sendData(Port port) {
    int i = port.data.take();
    long[] slots = port.data.slots;
    Port ingress = ports.port[(int) slots[i]];
    long head = slots[i + 2];
    int wire = Packet.wire(head);
    port.queueBytes -= wire;
    if (marking.marks(port.index, port.queueBytes)) {
      head |= Packet.MARKED;
      port.marks++;
    }
    transmit(port, slots[i + 1], head, slots[i + 3]);
    buffers.release(ingress, wire);
    if (buffers.mayResume(ingress)) {
      say(ingress, Port.SAY_RESUME);
    }
  }

  private void transmit(Port port, long owner, long head, long stamp) {
    int wire = Packet.wire(head);
    long ps = port.serialise(wire);
    long end = clock.now + ps;
    PacketLog log = port.log;
    if (log != null) {
      log.add(clock.now, owner, head);
    }
    hops++;
    port.busyUntil = end;
    port.busyPs += ps;
    port.bytes += wire;
    port.packets++;
    outbox.packet(port, end + port.flight, owner, head, stamp);
  }

  private void sendFrame(Port port) {
    long ps = port.serialise(RoceV2.PAUSE_WIRE);
    boolean pause = port.frame == Port.SAY_PAUSE;
    port.frame = Port.NO_FRAME;
    PacketLog log = port.log;
    if (log != null) {
      log.addFrame(clock.now, pause);
    }
    port.busyUntil = clock.now + ps;
    port.busyPs += ps;
    if (pause) {
      port.pausesSent++;
    }
    outbox.frame(port, port.busyUntil + ports.delay[port.index], pause);
  }

  /** A pause or resume frame has come in by a port. */
  void onFrame(Port port, boolean pause) {
    if (pause) {
      port.paused = true;
      port.pausedAt = clock.now;
      port.pausesReceived++;
    } else {
      port.paused = false;
      port.pausedPs += clock.now - port.pausedAt;
      kick(port);
    }
  }
}
