package weft.engine.packet;

import org.jspecify.annotations.Nullable;
import weft.engine.packet.DroppedPacket.Reason;
import weft.transport.Credits;
import weft.transport.LinkControl;
import weft.transport.RoceV2;

/** Ports and switches of the cell at work: takes packets from hop to hop. */
final class Network {
  private static final int NONE = -1;

  // A frame's word: what it says, its class, bytes of credit.
  private static final int FRAME_MASK = 0xF;
  private static final int CLASS_SHIFT = 4;
  private static final int CLASS_MASK = 0xF;

  private final Clock clock;
  private final Ports ports;
  private final QueuePairs pairs;
  private final Paths paths;
  private final SharedBuffers buffers;
  private final Marking marking;
  private final Outbox outbox;
  private final Nic nic;
  private final Sender sender;
  private final InBandTelemetry telemetry;
  private final Header header = new Header();
  private final Losses losses;
  private final DeviceSettings settings;
  private final Scheduler scheduler;
  private final boolean fixedPaths;
  private final boolean sprays;
  private final boolean trims;
  private final int trimmedWire;
  private final long largest; // packet on the wire
  private final Watchdog watchdog;

  // Sums of this thread.
  long hops;
  long droppedPackets; // lost ones included

  Network(
      Clock clock, Shared all, Outbox outbox, Nic nic, Sender sender, InBandTelemetry telemetry) {
    this.telemetry = telemetry;
    this.clock = clock;
    this.ports = all.ports();
    this.pairs = all.pairs();
    this.paths = all.paths();
    this.buffers = all.buffers();
    this.marking = all.marking();
    this.outbox = outbox;
    this.nic = nic;
    this.sender = sender;
    this.losses = all.losses();
    this.settings = all.settings();
    this.scheduler = all.scheduler();
    this.fixedPaths = paths.areFixed();
    this.sprays = all.spraying().isUsed();
    this.trims = all.transport().link() instanceof LinkControl.Trim;
    this.trimmedWire =
        all.transport().link() instanceof LinkControl.Trim trim ? trim.wireBytes() : 0;
    this.watchdog = new Watchdog(clock, all);
    this.largest = all.transport().onTheWire().largest(all.transport().mtu());
  }

  /** A packet has come into a switch by a port. */
  void forward(Port ingress, long owner, long head, long stamp) {
    Port out;
    long next = head;
    if (fixedPaths) {
      int cursor = paths.current(Packet.cursor(head));
      out = ports.port[paths.port(cursor)];
      next = Packet.at(head, cursor + 1);
    } else {
      out = ports.port[paths.choose(ingress.node, seen(owner, head))];
    }
    if (Packet.isControl(head)) {
      sendControl(out, owner, next, stamp);
    } else if (out.isIdle(clock.now)
        && !isStopped(out, lane(out, owner))
        && buffers.passes(ingress.node, Packet.wire(head))) {
      sendData(out, owner, next, stamp);
      if (buffers.givesCredit(ingress.node)) {
        giveBack(ingress, lane(ingress, owner), Packet.wire(head));
      }
    } else {
      queue(ingress, out, owner, next, stamp);
    }
  }

  /** What a port keeps for the class of a packet. */
  private Lane lane(Port port, long owner) {
    Lane[] lanes = port.lanes;
    return lanes == null ? port : lanes[pairs.trafficClass[Packet.queuePair(owner)]];
  }

  /** A packet as load balancing sees it. */
  private Header seen(long owner, long head) {
    int qp = Packet.queuePair(owner);
    boolean isData = Packet.kind(head) == Packet.DATA;
    int wire = Packet.wire(head);
    return sprays
        ? header.of(pairs, qp, isData, wire, Packet.cursor(head))
        : header.of(pairs, qp, isData, wire);
  }

  private void queue(Port ingress, Port out, long owner, long head, long stamp) {
    int wire = Packet.wire(head);
    Lane from = lane(ingress, owner);
    Lane to = lane(out, owner);
    if (to.stormed) {
      dropForStorm(out, owner, head, ingress.index);
      return;
    }
    boolean isUnprotected = settings.isUnprotected(pairs.source, owner);
    if (!buffers.admit(from, to, wire, isUnprotected)) {
      refuse(ingress, out, owner, head, stamp, isUnprotected);
      return;
    }
    if (buffers.mustPause(from)) {
      say(ingress, from, Lane.SAY_PAUSE);
    }
    to.queueBytes += wire;
    out.countWaiting(to);
    to.data.put(ingress.index, owner, head, stamp);
    telemetry.attach(to.data);
    kick(out);
  }

  /** There is no room for a data packet: it is trimmed or dropped. */
  private void refuse(
      Port ingress, Port out, long owner, long head, long stamp, boolean isUnprotected) {
    int wire = Packet.wire(head);
    if (trims && buffers.isLossy(out.node) && wire > trimmedWire) {
      out.tally.trims++;
      out.tally.droppedBytes += wire - trimmedWire;
      note(out, owner, head, ingress.index, Reason.TRIMMED);
      sendControl(out, owner, Packet.trimmed(head, trimmedWire), stamp);
    } else {
      out.countDrop(lane(out, owner));
      out.tally.droppedBytes += wire;
      droppedPackets++;
      Reason reason = reason(out, owner, wire, isUnprotected);
      ingress.tally.overruns += reason == Reason.HEADROOM_FULL ? 1 : 0;
      note(out, owner, head, ingress.index, reason);
    }
  }

  private Reason reason(Port out, long owner, int wire, boolean isUnprotected) {
    if (buffers.queueIsFull(lane(out, owner), wire)) {
      return Reason.QUEUE_FULL;
    }
    boolean isLossy = buffers.isLossy(out.node) || isUnprotected;
    return isLossy ? Reason.BUFFER_FULL : Reason.HEADROOM_FULL;
  }

  /** Keeps the headers of a packet that does not get past a port, where somebody wants them. */
  private void note(Port out, long owner, long head, int ingress, Reason reason) {
    DropLog log = out.dropLog;
    if (log != null) {
      int from = ingress == NONE ? DroppedPacket.NO_PORT : ports.number[ingress];
      log.add(clock.now, owner, head, out.waiting(), from, reason);
    }
  }

  /** Sends an acknowledgement or notification by a port, at once or when its turn comes. */
  void sendControl(Port port, long owner, long head, long stamp) {
    if (port.isIdle(clock.now)) {
      transmit(port, owner, head, stamp);
    } else {
      port.control.put(0, owner, head, stamp);
      telemetry.attach(port.control);
      kick(port);
    }
  }

  /** Whether flow control holds data up at a port. */
  private boolean isStopped(Port port, Lane lane) {
    return (lane.paused || lane.credit < largest) && !port.dead;
  }

  /** Room for so many bytes that came in by a port is free again. */
  private void giveBack(Port port, Lane lane, int wire) {
    lane.owed += wire;
    lane.frame = Lane.SAY_CREDIT;
    kick(port);
  }

  /** Has a pause or resume frame for a class go out by a port. */
  private void say(Port port, Lane lane, byte frame) {
    lane.say(frame);
    kick(port);
  }

  /** Has a NIC stop its switch, or let it go on, whatever the class. */
  void sayInAllClasses(Port port, byte frame) {
    for (int c = 0; c < ports.classes; c++) {
      port.lane(c).say(frame);
    }
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
    Lane speaker = speaker(port);
    if (speaker != null) {
      sendFrame(port, speaker);
    } else if (!port.control.isEmpty()) {
      int i = port.control.take();
      telemetry.take(port.control, i);
      long[] slots = port.control.slots;
      transmit(port, slots[i + 1], slots[i + 2], slots[i + 3]);
    } else if (port.lanes != null) {
      sendInTurn(port, port.lanes);
    } else if (mayGo(port, port)) {
      sendFrom(port, port);
    }
    if (hasMore(port)) {
      kick(port);
    }
  }

  /** The lane that has a frame of flow control to send. */
  private static @Nullable Lane speaker(Port port) {
    if (port.lanes == null) {
      return port.frame == Lane.NO_FRAME ? null : port;
    }
    for (Lane lane : port.lanes) {
      if (lane.frame != Lane.NO_FRAME) {
        return lane;
      }
    }
    return null;
  }

  private boolean hasMore(Port port) {
    if (!port.control.isEmpty() || speaker(port) != null) {
      return true;
    }
    if (port.lanes == null) {
      return mayGo(port, port);
    }
    for (Lane lane : port.lanes) {
      if (mayGo(port, lane)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a class has data that may go. */
  boolean mayGo(Port port, Lane lane) {
    boolean data = port.ofHost ? nic.hasReady(lane) : !lane.data.isEmpty();
    return data && !isStopped(port, lane);
  }

  private void sendFrom(Port port, Lane lane) {
    if (port.ofHost) {
      sendFromHost(port, lane);
    } else {
      sendQueued(port, lane);
    }
  }

  /** Sends a packet of the class whose turn it is. */
  private void sendInTurn(Port port, Lane[] lanes) {
    Lane lane = scheduler.choose(port, lanes, this);
    if (lane != null) {
      long before = port.bytes;
      sendFrom(port, lane);
      lane.surplus -= port.bytes - before;
    }
  }

  private void sendFromHost(Port port, Lane lane) {
    int qp = nic.takeReady(lane);
    if (qp == NONE) {
      return;
    }
    telemetry.begin();
    int psn = sender.next(qp);
    long head = sender.build(qp);
    sendData(port, Packet.owner(qp, psn), head, clock.now);
    nic.wake(qp, port.busyUntil);
  }

  private void sendData(Port port, long owner, long head, long stamp) {
    lane(port, owner).credit -= Packet.wire(head);
    transmit(port, owner, head, stamp);
  }

  private void sendQueued(Port port, Lane lane) {
    int i = lane.data.take();
    telemetry.take(lane.data, i);
    long[] slots = lane.data.slots;
    Port ingress = ports.port[(int) slots[i]];
    long head = slots[i + 2];
    int wire = Packet.wire(head);
    lane.queueBytes -= wire;
    if (marking.marks(port.index, lane.queueBytes)) {
      head |= Packet.MARKED;
      port.countMark(lane);
    }
    sendData(port, slots[i + 1], head, slots[i + 3]);
    free(ingress, lane, wire);
  }

  /** A packet that came in by a port and waited at another has left the buffer. */
  private void free(Port ingress, Lane egress, int wire) {
    Lane from = ingress.lane(egress.trafficClass);
    buffers.release(from, egress, wire);
    if (buffers.givesCredit(ingress.node)) {
      giveBack(ingress, from, wire);
    } else if (buffers.mayResume(from)) {
      say(ingress, from, Lane.SAY_RESUME);
    }
  }

  private void transmit(Port port, long owner, long head, long stamp) {
    int wire = Packet.wire(head);
    boolean impaired = port.impaired;
    if (impaired && repair(port, owner, head, stamp)) {
      return;
    }
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
    if (port.tallies != null && !Packet.isControl(head)) {
      port.tallies[lane(port, owner).trafficClass].sent(wire);
    }
    if (telemetry.isUsed && !port.ofHost && !Packet.isControl(head)) {
      telemetry.write(port, ports.rate[port.index].bitsPerSecond(), clock.now);
    }
    if (impaired && fails(port, head, ps)) {
      lose(port, owner, head);
      note(port, owner, head, NONE, Reason.LOST_ON_CABLE);
    } else {
      outbox.packet(port, port.arrival(clock.now, ps), owner, head, stamp);
    }
  }

  /** What a port does with a packet that something is the matter with; whether it is lost. */
  private boolean fails(Port port, long head, long ps) {
    port.impairment.gapPs = Packet.isControl(head) ? 0 : (long) (port.impairment.slowness * ps);
    port.busyUntil += port.impairment.gapPs;
    return port.dead
        || (Packet.kind(head) != Packet.GRANT && losses.loses(port, Packet.wire(head)));
  }

  /** The next flow control packet tells both ends that what was lost takes no room. */
  private void lose(Port port, long owner, long head) {
    int wire = Packet.wire(head);
    lane(port, owner).credit += Packet.isControl(head) ? 0 : wire;
    port.tally.lost++;
    port.tally.droppedBytes += wire;
    droppedPackets++;
  }

  /**
   * Where links repair themselves: a packet that its cable destroys stays first at its port until
   * the last replay begins. Says whether it does.
   */
  private boolean repair(Port port, long owner, long head, long stamp) {
    boolean done = port.repaired || Packet.kind(head) == Packet.GRANT;
    long ps = done ? 0 : losses.linkRetries(port, Packet.wire(head));
    port.repaired = ps > 0;
    if (ps > 0) {
      port.busyUntil = clock.now + ps;
      port.busyPs += ps;
      port.control.putFirst(0, owner, head, stamp);
      if (telemetry.isUsed) {
        port.control.attach(telemetry.hand, port.control.head);
      }
      kick(port);
    }
    return ps > 0;
  }

  private void sendFrame(Port port, Lane lane) {
    byte frame = lane.frame;
    lane.frame = Lane.NO_FRAME;
    int wire = frame == Lane.SAY_CREDIT ? Credits.UPDATE_WIRE : RoceV2.PAUSE_WIRE;
    long ps = port.serialise(wire);
    PacketLog log = port.log;
    if (log != null && frame != Lane.SAY_CREDIT) {
      log.addFrame(clock.now, frame == Lane.SAY_PAUSE, lane.trafficClass);
    }
    port.busyUntil = clock.now + ps;
    port.busyPs += ps;
    port.tally.frameBytes += wire;
    if (frame == Lane.SAY_PAUSE) {
      port.countPauseSent(lane);
    }
    long says = frame | lane.trafficClass << CLASS_SHIFT;
    if (frame == Lane.SAY_CREDIT) {
      says |= lane.owed << Byte.SIZE;
      lane.owed = 0;
    }
    outbox.frame(port, port.busyUntil + ports.delay[port.index], says);
  }

  /** The watchdog's event: says whether it has done something. */
  boolean onWatchdog(int id) {
    Port port = ports.port[id / ports.classes];
    Lane lane = port.lane(id % ports.classes);
    if (!watchdog.isDue(lane)) {
      return false;
    }
    lane.stormed = true;
    while (!lane.data.isEmpty()) {
      int i = lane.data.take();
      long[] slots = lane.data.slots;
      Port ingress = ports.port[(int) slots[i]];
      int wire = Packet.wire(slots[i + 2]);
      dropForStorm(port, slots[i + 1], slots[i + 2], ingress.index);
      lane.queueBytes -= wire;
      free(ingress, lane, wire);
    }
    return true;
  }

  private void dropForStorm(Port port, long owner, long head, int ingress) {
    port.tally.watchdogDrops++;
    port.tally.droppedBytes += Packet.wire(head);
    droppedPackets++;
    note(port, owner, head, ingress, Reason.PAUSED_TOO_LONG);
  }

  /** A frame of flow control has come in by a port. */
  void onFrame(Port port, long says) {
    Lane lane = port.lane((int) says >> CLASS_SHIFT & CLASS_MASK);
    switch ((byte) (says & FRAME_MASK)) {
      case Lane.SAY_PAUSE -> {
        lane.paused = !port.ignoresPause;
        lane.pausedAt = clock.now;
        port.countPauseReceived(lane);
        watchdog.watch(lane);
      }
      case Lane.SAY_RESUME -> {
        lane.resume(clock.now);
        kick(port);
      }
      default -> {
        lane.credit += says >> Byte.SIZE;
        kick(port);
      }
    }
  }
}
