package weft.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.commons.math3.random.RandomGenerator;
import weft.sim.RandomStreams;
import weft.transport.CongestionControl.Controller;
import weft.transport.CongestionControl.Signal;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * Several senders that always have something to send, one switch port of their own rate, one
 * receiver: slow, small, and written apart from the engine, to judge controllers by.
 *
 * <p>A packet takes half the base round trip to the port and the other half as an acknowledgement;
 * headers and the acknowledgement's length are left out. The port marks as a packet leaves.
 */
final class Bottleneck {
  private static final int MTU = 1000;

  private record Event(long time, long order, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private record Packet(Flow flow, long sentAt) {}

  /** One sender. */
  private static final class Flow {
    Controller controller;
    long sent;
    long acknowledged;
    long mayGo; // ps
    long nextNotification;
    boolean asleep = true;
    long measuredFrom; // acknowledged when measuring began
  }

  private final CongestionControl control;
  private final Rate rate;
  private final long rtt;
  private final RandomGenerator random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final ArrayDeque<Packet> queue = new ArrayDeque<>();
  private final List<Flow> flows = new ArrayList<>();
  private final ArrayDeque<Flow> askForCredit = new ArrayDeque<>();
  private long now;
  private long order;
  private boolean busy;
  private long txBytes;
  private double queueTime; // byte-ps
  private long queueSince;
  private long from;

  Bottleneck(CongestionControl control, Rate rate, Time baseRtt, int senders, long seed) {
    this.control = control;
    this.rate = rate;
    this.rtt = baseRtt.ps();
    random = new RandomStreams(seed).named("bottleneck");
    for (int i = 0; i < senders; i++) {
      var flow = new Flow();
      var size = new DataSize(MTU);
      flow.controller = control.open(new Connection(i, i, senders, rate, baseRtt, 1, size));
      flows.add(flow);
      at(random.nextInt(1_000_000), () -> wake(flow));
      askForCredit.add(flow);
    }
    control.credit().ifPresent(this::grant);
  }

  /** Runs so long, then measures for so long. */
  Bottleneck run(Time settle, Time measure) {
    until(settle.ps());
    from = now;
    queueTime = 0;
    queueSince = now;
    flows.forEach(f -> f.measuredFrom = f.acknowledged);
    until(settle.ps() + measure.ps());
    account();
    return this;
  }

  /** Goodput of each sender as a share of the link, while measured. */
  double[] shares() {
    double capacity = rate.bitsPerSecond() / 8.0 * (now - from) / 1e12;
    return flows.stream().mapToDouble(f -> (f.acknowledged - f.measuredFrom) / capacity).toArray();
  }

  /** Goodput of all as a share of the link. */
  double utilisation() {
    double sum = 0;
    for (double share : shares()) {
      sum += share;
    }
    return sum;
  }

  /** Jain's fairness index: 1 when all are equal. */
  double fairness() {
    double sum = 0;
    double squares = 0;
    for (double share : shares()) {
      sum += share;
      squares += share * share;
    }
    return sum * sum / (flows.size() * squares);
  }

  /** Mean bytes waiting, while measured. */
  double meanQueue() {
    return queueTime / (now - from);
  }

  private void until(long end) {
    while (!events.isEmpty() && events.peek().time <= end) {
      Event event = events.poll();
      now = event.time;
      event.what.run();
    }
    now = end;
  }

  private void at(long time, Runnable what) {
    events.add(new Event(time, order++, what));
  }

  private void wake(Flow flow) {
    flow.asleep = true;
    boolean room = flow.sent - flow.acknowledged < flow.controller.windowBytes();
    if (!room) {
      return;
    }
    flow.asleep = false;
    if (flow.mayGo > now) {
      at(flow.mayGo, () -> wake(flow));
      return;
    }
    flow.sent += MTU;
    flow.controller.onSend(now, MTU);
    double pace = Math.min(flow.controller.bitsPerSecond(), (double) rate.bitsPerSecond());
    flow.mayGo = now + (long) (MTU * 8e12 / pace);
    var packet = new Packet(flow, now);
    at(now + rtt / 2, () -> arrive(packet));
    at(flow.mayGo, () -> wake(flow));
  }

  private void arrive(Packet packet) {
    account();
    queue.add(packet);
    if (!busy) {
      depart();
    }
  }

  private void depart() {
    account();
    Packet packet = queue.poll();
    if (packet == null) {
      busy = false;
      return;
    }
    busy = true;
    long waiting = (long) queue.size() * MTU;
    boolean marked = marked(waiting);
    txBytes += MTU;
    long[] port = {waiting, txBytes, now, rate.bitsPerSecond()};
    long end = now + rate.psFor(MTU);
    at(end, this::depart);
    notify(packet.flow, marked, end);
    at(end + rtt / 2, () -> acknowledge(packet, marked, port));
  }

  private void notify(Flow flow, boolean marked, long time) {
    boolean asked = control.signals().contains(Signal.NOTIFICATION);
    if (asked && marked && time >= flow.nextNotification) {
      flow.nextNotification = time + control.notificationInterval().ps();
      at(time + rtt / 2, () -> flow.controller.onNotification(now));
    }
  }

  private void acknowledge(Packet packet, boolean marked, long[] port) {
    Flow flow = packet.flow;
    flow.acknowledged += MTU;
    var ack =
        Ack.at(now / 1e6)
            .bytes(MTU)
            .progress(flow.acknowledged, flow.sent)
            .marked(marked)
            .rtt((now - packet.sentAt) / 1e6)
            .telemetry(port);
    flow.controller.onAcknowledgement(ack);
    if (flow.asleep) {
      wake(flow);
    }
  }

  private void grant(Credit credit) {
    Flow flow = askForCredit.poll();
    askForCredit.add(flow);
    long bytes = credit.grant().bytes();
    at(
        now + rtt / 2,
        () -> {
          flow.controller.onCredit(now, bytes);
          if (flow.asleep) {
            wake(flow);
          }
        });
    long gap = (long) (rate.psFor(bytes) / credit.share());
    at(now + gap, () -> grant(credit));
  }

  private boolean marked(long waiting) {
    long kmin = control.marking().kmin(rate);
    long kmax = control.marking().kmax(rate);
    if (waiting <= kmin) {
      return false;
    }
    return waiting > kmax
        || random.nextDouble()
            < (double) (waiting - kmin) / (kmax - kmin) * control.marking().pmax();
  }

  private void account() {
    queueTime += (double) queue.size() * MTU * (now - queueSince);
    queueSince = now;
  }
}
