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
  private final Queues queues;
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
    this.queues = all.queues();
    this.outbox = outbox;
    this.nic = nic;
    this.sender = sender;
    this.fixedPaths = paths.areFixed();
  }

  /** Whether what comes in by a port stays in its node. */
  boolean endsAt(int port) {
    return ports.ofHost[port];
  }

  /** A packet has come into a switch by a port. */
  void forward(int ingress, long owner, long head, long stamp) {
    int node = ports.node[ingress];
    int out;
    long next = head;
    if (fixedPaths) {
      out = paths.port(Packet.cursor(head));
      next = Packet.onward(head);
    } else {
      boolean isData = Packet.kind(head) == Packet.DATA;
      out =
          paths.choose(node, header.of(pairs, Packet.queuePair(owner), isData, Packet.wire(head)));
    }
    if (Packet.kind(head) != Packet.DATA) {
      sendControl(out, owner, next, stamp);
    } else if (isIdle(out) && !ports.paused[out] && buffers.passes(node, Packet.wire(head))) {
      transmit(out, owner, next, stamp);
    } else {
      queue(ingress, out, owner, next, stamp);
    }
  }

  private void queue(int ingress, int out, long owner, long head, long stamp) {
    int wire = Packet.wire(head);
    if (!buffers.admit(ingress, out, wire)) {
      ports.drops[out]++;
      ports.droppedBytes[out] += wire;
      droppedPackets++;
      return;
    }
    if (buffers.mustPause(ingress)) {
      say(ingress, Ports.SAY_PAUSE);
    }
    ports.queueBytes[out] += wire;
    ports.maxQueueBytes[out] = Math.max(ports.maxQueueBytes[out], ports.queueBytes[out]);
    put(queues.data, out, ingress, owner, head, stamp);
    kick(out);
  }

  private static void put(Rings rings, int port, long word, long owner, long head, long stamp) {
    int i = rings.put(port);
    long[] slots = rings.slots[port];
    slots[i] = word;
    slots[i + 1] = owner;
    slots[i + 2] = head;
    slots[i + 3] = stamp;
  }

  /** Sends an acknowledgement or notification by a port, at once or when its turn comes. */
  void sendControl(int port, long owner, long head, long stamp) {
    if (isIdle(port)) {
      transmit(port, owner, head, stamp);
    } else {
      put(queues.control, port, 0, owner, head, stamp);
      kick(port);
    }
  }

  /** Whether a port is free and nothing that may go waits for it. */
  private boolean isIdle(int port) {
    return ports.busyUntil[port] <= clock.now && !ports.freePending[port];
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
    if (ports.busyUntil[port] <= clock.now) {
      sendNext(port);
    } else {
      ports.freePending[port] = true;
      clock.at(ports.busyUntil[port], Clock.FREE, port);
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
    } else if (!queues.control.isEmpty(port)) {
      int i = queues.control.take(port);
      long[] slots = queues.control.slots[port];
      transmit(port, slots[i + 1], slots[i + 2], slots[i + 3]);
    } else if (ports.paused[port]) {
      return;
    } else if (ports.ofHost[port]) {
      sendFromHost(port);
    } else if (!queues.data.isEmpty(port)) {
      sendData(port);
    }
    if (hasMore(port)) {
      kick(port);
    }
  }

  private boolean hasMore(int port) {
    if (!queues.control.isEmpty(port) || ports.frame[port] != Ports.NO_FRAME) {
      return true;
    }
    boolean data = ports.ofHost[port] ? nic.hasReady(port) : !queues.data.isEmpty(port);
    return data && !ports.paused[port];
  }

  private void sendFromHost(int port) {
    int qp = nic.takeReady(port);
    if (qp == NONE) {
      return;
    }
    int psn = pairs.nextPsn[qp];
    long head = sender.build(qp);
    transmit(port, Packet.owner(qp, psn), head, clock.now);
    nic.wake(qp, ports.busyUntil[port]);
  }

  private void sendData(int port) {
    int i = queues.data.take(port);
    long[] slots = queues.data.slots[port];
    int ingress = (int) slots[i];
    long head = slots[i + 2];
    int wire = Packet.wire(head);
    ports.queueBytes[port] -= wire;
    if (marking.marks(port, ports.queueBytes[port])) {
      head |= Packet.MARKED;
      ports.marks[port]++;
    }
    transmit(port, slots[i + 1], head, slots[i + 3]);
    buffers.release(ingress, wire);
    if (buffers.mayResume(ingress)) {
      say(ingress, Ports.SAY_RESUME);
    }
  }

  private void transmit(int port, long owner, long head, long stamp) {
    int wire = Packet.wire(head);
    long ps = ports.serialise(port, wire);
    long end = clock.now + ps;
    PacketLog log = ports.log[port];
    if (log != null) {
      log.add(clock.now, owner, head);
    }
    hops++;
    ports.busyUntil[port] = end;
    ports.busyPs[port] += ps;
    ports.bytes[port] += wire;
    ports.packets[port]++;
    outbox.packet(port, end + ports.flight[port], owner, head, stamp);
  }

  private void sendFrame(int port) {
    long ps = ports.serialise(port, RoceV2.PAUSE_WIRE);
    boolean pause = ports.frame[port] == Ports.SAY_PAUSE;
    ports.frame[port] = Ports.NO_FRAME;
    PacketLog log = ports.log[port];
    if (log != null) {
      log.addFrame(clock.now, pause);
    }
    ports.busyUntil[port] = clock.now + ps;
    ports.busyPs[port] += ps;
    if (pause) {
      ports.pausesSent[port]++;
    }
    outbox.frame(port, ports.busyUntil[port] + ports.delay[port], pause);
  }

  /** A pause or resume frame has come in by a port. */
  void onFrame(int port, boolean pause) {
    if (pause) {
      ports.paused[port] = true;
      ports.pausedAt[port] = clock.now;
      ports.pausesReceived[port]++;
    } else {
      ports.paused[port] = false;
      ports.pausedPs[port] += clock.now - ports.pausedAt[port];
      kick(port);
    }
  }
}
