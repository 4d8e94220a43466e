package weft.engine.packet;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import weft.engine.packet.QueuePairCounters.Status;
import weft.fabric.Fabric;
import weft.routing.LoadBalancing;
import weft.sim.Interruption;
import weft.sim.RandomStreams;
import weft.transport.RoceV2;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Rate;
import weft.units.Time;

/**
 * RDMA WRITEs over RoCEv2, packet by packet.
 *
 * <p>Switches store and forward: a packet enters its output queue the switch's latency after its
 * last bit came in, and leaves the buffer with its first bit out. Acknowledgements and CNPs go
 * before data and are never paused or dropped. GPUs of one server use their NVSwitch, which neither
 * marks nor drops. What DCQCN, RED, PFC and go-back-N do is said where their parameters are.
 *
 * <p>The same arguments and calls give the same bits on every machine and JDK. One engine belongs
 * to one thread; any number may run side by side.
 */
public final class PacketEngine {
  /** A time that has not come. */
  public static final long NOT_YET = -1;

  private static final long CHECK_MASK = (1 << 16) - 1;

  private final Fabric fabric;
  private final DataSize mtu;
  private final Events events = new Events();
  private final Packets packets = new Packets();
  private final QueuePairs pairs = new QueuePairs();
  private final Messages messages = new Messages();
  private final WakeUps wakeUps = new WakeUps();
  private final Ports ports;
  private final Paths paths;
  private final Controllers controllers;
  private final Sender sender;
  private final Receiver receiver;
  private final Nic nic;
  private final Network network;
  private final Hosts hosts;
  private final Audit audit;
  private DeliveryListener deliveryListener = (message, time) -> {};
  private WakeUpListener wakeUpListener = (token, time) -> {};
  private long handled;

  /**
   * An idle network at time 0.
   *
   * @param seed of the streams {@code "ecmp"}, {@code "spray"} and {@code "red"}
   * @throws IllegalArgumentException if a switch's buffer cannot hold the headroom that pause
   *     frames need
   */
  public PacketEngine(Fabric fabric, RoceV2 transport, LoadBalancing balancing, long seed) {
    var streams = new RandomStreams(seed);
    this.fabric = fabric;
    this.mtu = transport.mtu();
    ports = new Ports(fabric);
    paths =
        new Paths(
            fabric,
            balancing.granularity(),
            new Selectors(fabric, balancing, streams, ports, events));
    controllers = new Controllers(transport.control());
    sender = new Sender(events, packets, pairs, messages, controllers, paths, transport);
    receiver = new Receiver(events, packets, pairs, messages, transport.reception());
    nic = new Nic(events, pairs, sender, ports.count);
    var buffers = new SharedBuffers(fabric, transport, ports);
    var marking = new Marking(fabric, transport.marking(), ports, streams);
    network = new Network(events, packets, ports, pairs, paths, buffers, marking, nic, sender);
    hosts =
        new Hosts(
            events, packets, pairs, paths, sender, receiver, controllers, nic, network, transport);
    audit = new Audit(fabric, events, packets, ports, pairs, buffers);
  }

  /**
   * Opens a reliable connection; the path of its packets is settled now where load balancing is by
   * flow.
   *
   * @param sourceGpu the GPU that writes
   * @param destinationGpu another GPU
   * @return the queue pair's number, from 0 in the order of opening
   * @throws IllegalArgumentException if a GPU does not exist, both are the same, or no path joins
   *     them
   */
  public int connect(int sourceGpu, int destinationGpu) {
    if (fabric.node(sourceGpu) == fabric.node(destinationGpu)) {
      throw new IllegalArgumentException(
          "a queue pair joins two GPUs, but both ends are GPU " + sourceGpu);
    }
    int qp = pairs.add(sourceGpu, destinationGpu);
    paths.open(pairs, qp);
    controllers.open(paths.connection(pairs, qp, ports, mtu));
    return qp;
  }

  /**
   * Posts an RDMA WRITE. Messages of one queue pair leave in the order of posting.
   *
   * @param bytes payload, above 0
   * @param notBeforePs when its first packet may leave at the earliest, at least {@link #now()}
   * @return the message's number, from 0 in the order of posting
   * @throws IllegalArgumentException if an argument is out of range
   */
  public int send(int queuePair, long bytes, long notBeforePs) {
    checkQueuePair(queuePair);
    if (bytes <= 0) {
      throw new IllegalArgumentException("a message has at least 1 byte, but bytes was " + bytes);
    }
    checkTime(notBeforePs);
    int message = sender.post(queuePair, bytes, notBeforePs);
    nic.post(queuePair);
    return message;
  }

  private void checkTime(long timePs) {
    if (timePs < events.now) {
      throw new IllegalArgumentException(
          "nothing can be asked for in the past: it is %d ps, but %d ps was given"
              .formatted(events.now, timePs));
    }
  }

  private void checkQueuePair(int queuePair) {
    if (queuePair < 0 || queuePair >= pairs.count()) {
      throw new IllegalArgumentException(
          "queue pair %d does not exist: %d have been opened, numbered from 0"
              .formatted(queuePair, pairs.count()));
    }
  }

  /** Has this listener, and no other, hear of deliveries. It may call anything but {@code run}. */
  public void onDelivery(DeliveryListener listener) {
    deliveryListener = listener;
  }

  /** Has this listener, and no other, hear of wake-ups. It may call anything but {@code run}. */
  public void onWakeUp(WakeUpListener listener) {
    wakeUpListener = listener;
  }

  /**
   * Asks for a wake-up.
   *
   * @param timePs when, at least {@link #now()}
   * @param token any number, which the listener gets
   */
  public void at(long timePs, int token) {
    checkTime(timePs);
    events.at(timePs, Events.WAKE, wakeUps.add(token));
  }

  /** The simulated time, picoseconds. */
  public long now() {
    return events.now;
  }

  /** Runs until nothing is pending, then {@link #verify verifies}. */
  public void run() {
    run(() -> false);
  }

  /**
   * Runs until told to stop or nothing is pending, then {@link #verify verifies}. It may be called
   * again and goes on from there.
   *
   * @param done asked at the start and after each delivery and wake-up
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws IllegalStateException if a conservation law is broken
   */
  public void run(BooleanSupplier done) {
    boolean stop = done.getAsBoolean();
    while (!stop && events.pending()) {
      int event = events.take();
      if ((++handled & CHECK_MASK) == 0) {
        Interruption.check(
            "simulating packets, at %s after %,d events".formatted(new Time(now()), handled));
      }
      stop = handle(Events.kind(event), Events.id(event)) && done.getAsBoolean();
    }
    verify();
  }

  /** Handles an event; says whether a listener was called. */
  private boolean handle(int kind, int id) {
    switch (kind) {
      case Events.ARRIVE -> {
        int packet = network.arrive(id);
        if (packet != Packets.NONE) {
          hosts.receive(packet);
          return receiver.completions() > 0 && tellDeliveries();
        }
      }
      case Events.FREE -> network.onFree(id);
      case Events.READY -> hosts.onReady(id);
      case Events.PAUSE -> network.onPause(id);
      case Events.RESUME -> network.onResume(id);
      case Events.TIMEOUT -> hosts.onTimeout(id);
      default -> {
        wakeUpListener.wokeUp(wakeUps.take(id), events.now);
        return true;
      }
    }
    return false;
  }

  private boolean tellDeliveries() {
    for (int i = 0; i < receiver.completions(); i++) {
      deliveryListener.delivered(receiver.completed(i), events.now);
    }
    receiver.forgetCompletions();
    return true;
  }

  /**
   * Checks the conservation laws: bytes injected = delivered + dropped + in flight, no port busy
   * for longer than time has passed, no loss where the network is lossless, no headroom overrun,
   * every buffer charged for just what lies in it, every byte received once.
   *
   * @throws IllegalStateException naming what broke
   */
  public void verify() {
    audit.check();
  }

  /** How many queue pairs have been opened. */
  public int queuePairs() {
    return pairs.count();
  }

  /** How many messages have been posted. */
  public int messages() {
    return messages.count();
  }

  /** The queue pair of a message. */
  public int queuePair(int message) {
    return messages.queuePair[checked(message)];
  }

  /** The payload of a message, bytes. */
  public long bytes(int message) {
    return messages.bytes[checked(message)];
  }

  /** When a message was posted to start, ps: its {@code notBeforePs}. */
  public long postedPs(int message) {
    return messages.notBefore[checked(message)];
  }

  /** When a message's first packet went on the wire, ps, or {@link #NOT_YET}. */
  public long startedPs(int message) {
    return messages.started[checked(message)];
  }

  /** When the receiver had a message's last byte and all before it, ps, or {@link #NOT_YET}. */
  public long deliveredPs(int message) {
    return messages.delivered[checked(message)];
  }

  /** When the sender had a message's last acknowledgement, ps, or {@link #NOT_YET}. */
  public long acknowledgedPs(int message) {
    return messages.acknowledged[checked(message)];
  }

  private int checked(int message) {
    if (message < 0 || message >= messages.count()) {
      throw new IllegalArgumentException(
          "message %d does not exist: %d have been posted, numbered from 0"
              .formatted(message, messages.count()));
    }
    return message;
  }

  /** Packets that have left a port, acknowledgements included, pause frames not. */
  public long packetHops() {
    return network.hops();
  }

  /** Events handled. */
  public long events() {
    return handled;
  }

  /** How many ports there are: two for each link. */
  public int ports() {
    return ports.count;
  }

  /**
   * Keeps what leaves by a port from now on, in place of an earlier log of it.
   *
   * @param most how many packets to keep; further ones are counted
   * @return the log, which grows as the engine runs
   */
  public PacketLog capture(int port, int most) {
    var log = new PacketLog(Check.index("port", port, ports.count), most);
    network.keep(log);
    return log;
  }

  /** What a port has done so far. */
  public PortCounters port(int port) {
    long stopped = ports.paused[port] ? events.now - ports.pausedAt[port] : 0;
    return new PortCounters(
        port,
        port / 2,
        ports.name[port],
        ports.bytes[port],
        ports.packets[port],
        ports.marks[port],
        ports.drops[port],
        ports.pausesSent[port],
        ports.pausesReceived[port],
        ports.pausedPs[port] + stopped,
        ports.maxQueueBytes[port],
        ports.busyPs[port]);
  }

  /** Data bytes that wait at a port now. */
  public long queueBytes(int port) {
    return ports.queueBytes[port];
  }

  /** What all ports have done so far. */
  public List<PortCounters> allPorts() {
    return IntStream.range(0, ports.count).mapToObj(this::port).toList();
  }

  /** What a queue pair has been through so far. */
  public QueuePairCounters counters(int queuePair) {
    checkQueuePair(queuePair);
    return new QueuePairCounters(
        queuePair,
        pairs.source[queuePair],
        pairs.destination[queuePair],
        pairs.retransmitted[queuePair],
        pairs.cnps[queuePair],
        pairs.naks[queuePair],
        pairs.timeouts[queuePair],
        new Rate(Math.round(controllers.rate(queuePair))),
        pairs.status[queuePair]);
  }

  /** Whether a queue pair still works. */
  public Status status(int queuePair) {
    checkQueuePair(queuePair);
    return pairs.status[queuePair];
  }

  /** How many queue pairs have given up, with {@link Status#RETRY_EXCEEDED}. */
  public int gaveUp() {
    return sender.gaveUp();
  }

  /** A line for each message that is not delivered, with the reason. */
  public List<String> stuck() {
    return new Stuck(fabric, events, ports, pairs, messages).lines();
  }

  /** {@link #stuck} in half a sentence: the first message, and how many more there are. */
  public String stuckBriefly() {
    List<String> all = stuck();
    return all.get(0) + (all.size() == 1 ? "" : ", and %d more".formatted(all.size() - 1));
  }
}
