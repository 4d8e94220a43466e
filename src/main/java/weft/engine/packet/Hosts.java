package weft.engine.packet;

import java.util.Objects;
import weft.transport.Framing;

/** What a host does with a packet that reaches it, and with its queue pairs' events. */
final class Hosts {
  private final Clock clock;
  private final Ports ports;
  private final QueuePairs pairs;
  private final Paths paths;
  private final Sender sender;
  private final Receiver receiver;
  private final Controllers controllers;
  private final Grants grants;
  private final Kernels kernels;
  private final Echo echo;
  private final InBandTelemetry telemetry;
  private final Nic nic;
  private final Network network;
  private final Framing framing;
  private final long cnpInterval;
  private final boolean sprays;
  private final boolean wakes; // whether an acknowledgement may let a sender go on

  // Sums of this thread.
  long takenBytes;
  long takenPackets;

  Hosts(
      Clock clock,
      Shared all,
      Sender sender,
      Receiver receiver,
      Nic nic,
      Network network,
      InBandTelemetry telemetry) {
    this.telemetry = telemetry;
    this.clock = clock;
    this.ports = all.ports();
    this.pairs = all.pairs();
    this.paths = all.paths();
    this.controllers = all.controllers();
    this.grants = all.grants();
    this.kernels = all.kernels();
    this.sprays = all.spraying().isUsed();
    this.wakes = all.selective().isUsed || all.kernels().areUsed();
    this.sender = sender;
    this.receiver = receiver;
    this.nic = nic;
    this.network = network;
    this.echo = new Echo();
    this.framing = all.transport().onTheWire();
    this.cnpInterval = all.transport().control().notificationInterval().ps();
  }

  void receive(long owner, long head, long stamp) {
    takenBytes += Packet.wire(head);
    takenPackets++;
    int qp = Packet.queuePair(owner);
    switch (Packet.kind(head)) {
      case Packet.DATA -> {
        if (kernels.areUsed()) {
          kernels.put(clock, telemetry, qp, receiver.payload(head), owner, head, stamp);
        } else {
          receiveData(qp, Packet.psn(owner), head, stamp);
        }
      }
      case Packet.ACK -> receiveAcknowledgement(qp, owner, head, stamp);
      case Packet.NAK -> {
        pairs.naks[qp]++;
        sender.refused(qp, owner, head, stamp);
        wake(qp);
      }
      case Packet.CNP -> {
        pairs.cnps[qp]++;
        controllers.onNotification(qp, clock.now);
      }
      default -> {
        controllers.onCredit(qp, clock.now, grants.news(qp, stamp));
        wake(qp);
      }
    }
  }

  /** Has a packet that reaches a slow host wait in its NIC; says whether it does. */
  boolean holdBack(Inbox inbox, Port port, long owner, long head, long stamp) {
    if (Packet.kind(head) != Packet.DATA || inbox.isPassed()) {
      return false;
    }
    inbox.put(clock, telemetry, owner, head, stamp);
    if (inbox.mustPause()) {
      network.sayInAllClasses(port, Lane.SAY_PAUSE);
    }
    return true;
  }

  /** A slow host has the first packet that waits in its NIC. */
  void onMoved(Port port) {
    Inbox inbox = Objects.requireNonNull(port.inbox);
    int i = inbox.take(clock);
    telemetry.take(inbox.waiting, i);
    if (inbox.mayResume()) {
      network.sayInAllClasses(port, Lane.SAY_RESUME);
    }
    long[] slots = inbox.waiting.slots;
    receive(slots[i + 1], slots[i + 2], slots[i + 3]);
  }

  /** A core has done its work for a connection's first waiting packet. */
  void onKernel(int qp) {
    Ring waiting = kernels.of(qp);
    int i = kernels.take(clock, qp);
    telemetry.take(waiting, i);
    long[] slots = waiting.slots;
    receiveData(qp, Packet.psn(slots[i + 1]), slots[i + 2], slots[i + 3]);
  }

  private void receiveData(int qp, int psn, long head, long stamp) {
    if (grants.areUsed() && grants.want(qp, psn)) {
      grants.start(clock, pairs.answerPort[qp]);
    }
    if (Packet.has(head, Packet.TRIMMED)) {
      answer(Packet.NAK, qp, psn, 0, framing.acknowledgement(), head, stamp);
      return;
    }
    boolean marked = Packet.has(head, Packet.MARKED);
    if (marked && controllers.notified() && clock.now >= pairs.nextCnp[qp]) {
      pairs.nextCnp[qp] = clock.now + cnpInterval;
      answer(Packet.CNP, qp, 0, 0, framing.notification(), head, stamp);
    }
    int kind = receiver.takeIn(qp, psn, head);
    if (kind != Receiver.NO_ANSWER) {
      int flags = receiver.answerFlags(qp, psn) | (marked ? Packet.MARKED : 0);
      int number = receiver.answerNumber(qp, psn);
      answer(kind, qp, number, flags, framing.acknowledgement(), head, stamp);
    }
  }

  private void answer(int kind, int qp, int psn, int flags, int wire, long data, long stamp) {
    sender.madeBytes += wire;
    sender.madePackets++;
    int cursor = sprays ? Packet.cursor(data) : paths.start(qp, false);
    long head = Packet.header(kind, flags, wire, cursor);
    network.sendControl(ports.port[pairs.answerPort[qp]], Packet.owner(qp, psn), head, stamp);
  }

  /** The next grant of a receiving port is due. */
  void onGrant(int port) {
    long grant = grants.next(clock, port);
    if (grant != Grants.NOBODY) {
      int qp = (int) (grant >>> 32);
      long total =
          grants.granted(qp); // in place of a stamp, so that the next makes a lost one good
      answer(Packet.GRANT, qp, (int) grant, 0, framing.acknowledgement(), 0, total);
    }
  }

  private void receiveAcknowledgement(int qp, long owner, long head, long stamp) {
    long before = pairs.ackedBytes[qp];
    sender.acknowledge(qp, owner, head, stamp);
    if (controllers.acknowledged()) {
      echo.nowPs = clock.now;
      echo.bytes = pairs.ackedBytes[qp] - before;
      echo.acknowledgedBytes = pairs.ackedBytes[qp];
      echo.sentBytes = pairs.sentBytes[qp];
      echo.marked = Packet.has(head, Packet.MARKED);
      echo.rttPs = clock.now - stamp;
      echo.record = telemetry.hand;
      controllers.onAcknowledgement(qp, echo);
    }
    telemetry.release();
    if (wakes || controllers.windowed()) {
      wake(qp);
    }
  }

  /** The event of an acknowledgement timer; says whether anybody still waited for it. */
  boolean onTimeout(int qp) {
    boolean waited = pairs.outstanding(qp);
    if (sender.onTimer(qp)) {
      wake(qp);
    }
    return waited;
  }

  void onReady(int qp) {
    if (nic.onReady(qp)) {
      network.kick(ports.port[pairs.sourcePort[qp]]);
    }
  }

  private void wake(int qp) {
    if (nic.wake(qp, clock.now)) {
      network.kick(ports.port[pairs.sourcePort[qp]]);
    }
  }
}
