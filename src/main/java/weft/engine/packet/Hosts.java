package weft.engine.packet;

import weft.transport.RoceV2;

/** What a host does with a packet that reaches it, and with its queue pairs' events. */
final class Hosts {
  private final Clock clock;
  private final Ports ports;
  private final QueuePairs pairs;
  private final Paths paths;
  private final Sender sender;
  private final Receiver receiver;
  private final Controllers controllers;
  private final Echo echo;
  private final Nic nic;
  private final Network network;
  private final long cnpInterval;

  // Sums of this thread.
  long takenBytes;
  long takenPackets;

  Hosts(Clock clock, Shared all, Sender sender, Receiver receiver, Nic nic, Network network) {
    this.clock = clock;
    this.ports = all.ports();
    this.pairs = all.pairs();
    this.paths = all.paths();
    this.controllers = all.controllers();
    this.sender = sender;
    this.receiver = receiver;
    this.nic = nic;
    this.network = network;
    this.echo = new Echo();
    this.cnpInterval = all.transport().control().notificationInterval().ps();
  }

  void receive(long owner, long head, long stamp) {
    takenBytes += Packet.wire(head);
    takenPackets++;
    int qp = Packet.queuePair(owner);
    switch (Packet.kind(head)) {
      case Packet.DATA -> receiveData(qp, Packet.psn(owner), head, stamp);
      case Packet.ACK -> receiveAcknowledgement(qp, Packet.psn(owner), head, stamp);
      case Packet.NAK -> receiveNak(qp, Packet.psn(owner));
      default -> {
        pairs.cnps[qp]++;
        controllers.onNotification(qp, clock.now);
      }
    }
  }

  private void receiveData(int qp, int psn, long head, long stamp) {
    boolean marked = Packet.has(head, Packet.MARKED);
    if (marked && controllers.notified() && clock.now >= pairs.nextCnp[qp]) {
      pairs.nextCnp[qp] = clock.now + cnpInterval;
      answer(Packet.CNP, qp, 0, 0, RoceV2.CNP_WIRE, stamp);
    }
    int kind = receiver.takeIn(qp, psn, head);
    if (kind != Receiver.NO_ANSWER) {
      int flags = marked ? Packet.MARKED : 0;
      answer(kind, qp, pairs.expected[qp], flags, RoceV2.ACK_WIRE, stamp);
    }
  }

  private void answer(int kind, int qp, int psn, int flags, int wire, long stamp) {
    sender.madeBytes += wire;
    sender.madePackets++;
    long head = Packet.header(kind, flags, wire, paths.start(qp, false));
    network.sendControl(ports.port[pairs.answerPort[qp]], Packet.owner(qp, psn), head, stamp);
  }

  private void receiveAcknowledgement(int qp, int psn, long head, long stamp) {
    long before = pairs.ackedBytes[qp];
    sender.acknowledge(qp, psn);
    if (controllers.acknowledged()) {
      echo.nowPs = clock.now;
      echo.bytes = pairs.ackedBytes[qp] - before;
      echo.acknowledgedBytes = pairs.ackedBytes[qp];
      echo.sentBytes = pairs.sentBytes[qp];
      echo.marked = Packet.has(head, Packet.MARKED);
      echo.rttPs = clock.now - stamp;
      controllers.onAcknowledgement(qp, echo);
    }
    if (controllers.windowed()) {
      wake(qp);
    }
  }

  private void receiveNak(int qp, int psn) {
    pairs.naks[qp]++;
    sender.acknowledge(qp, psn);
    if (psn == pairs.unacked[qp]) {
      controllers.onLoss(qp, clock.now);
      sender.goBack(qp);
    }
    wake(qp);
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
