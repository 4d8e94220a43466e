package weft.engine.packet;

import weft.transport.RoceV2;

/** What a host does with a packet that reaches it, and with its queue pairs' events. */
final class Hosts {
  private final Events events;
  private final Packets packets;
  private final QueuePairs pairs;
  private final Paths paths;
  private final Sender sender;
  private final Receiver receiver;
  private final Controllers controllers;
  private final Nic nic;
  private final Network network;
  private final long cnpInterval;

  Hosts(
      Events events,
      Packets packets,
      QueuePairs pairs,
      Paths paths,
      Sender sender,
      Receiver receiver,
      Controllers controllers,
      Nic nic,
      Network network,
      RoceV2 transport) {
    this.events = events;
    this.packets = packets;
    this.pairs = pairs;
    this.paths = paths;
    this.sender = sender;
    this.receiver = receiver;
    this.controllers = controllers;
    this.nic = nic;
    this.network = network;
    this.cnpInterval = transport.control().notificationInterval().ps();
  }

  void receive(int packet) {
    int qp = packets.queuePair(packet);
    switch (packets.kind(packet)) {
      case Packets.DATA -> receiveData(packet, qp);
      case Packets.ACK -> {
        sender.acknowledge(qp, packets.psn(packet));
        packets.consume(packet);
      }
      case Packets.NAK -> {
        receiveNak(qp, packets.psn(packet));
        packets.consume(packet);
      }
      default -> {
        pairs.cnps[qp]++;
        controllers.onNotification(qp, events.now);
        packets.consume(packet);
      }
    }
  }

  private void receiveData(int packet, int qp) {
    if (packets.isMarked(packet) && controllers.notified() && events.now >= pairs.nextCnp[qp]) {
      pairs.nextCnp[qp] = events.now + cnpInterval;
      answer(packets.take(Packets.CNP, qp, 0, RoceV2.CNP_WIRE), qp);
    }
    if (receiver.takeIn(packet)) {
      answer(packet, qp);
    }
  }

  private void answer(int packet, int qp) {
    paths.start(packets, packet);
    network.sendControl(packet, pairs.answerPort[qp]);
  }

  private void receiveNak(int qp, int psn) {
    pairs.naks[qp]++;
    sender.acknowledge(qp, psn);
    if (psn == pairs.unacked[qp]) {
      sender.goBack(qp);
      wake(qp);
    }
  }

  void onTimeout(int qp) {
    if (sender.onTimer(qp)) {
      wake(qp);
    }
  }

  void onReady(int qp) {
    if (nic.onReady(qp)) {
      network.kick(pairs.sourcePort[qp]);
    }
  }

  private void wake(int qp) {
    if (nic.wake(qp, events.now)) {
      network.kick(pairs.sourcePort[qp]);
    }
  }
}
