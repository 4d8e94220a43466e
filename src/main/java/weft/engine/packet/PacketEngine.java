package weft.engine.packet;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import weft.engine.packet.QueuePairCounters.Status;
import weft.fabric.Fabric;
import weft.fault.FaultPlan;
import weft.routing.LoadBalancing;
import weft.routing.Routes;
import weft.sim.RandomStreams;
import weft.transport.Connection;
import weft.transport.Scheduling;
import weft.transport.Transport;
import weft.units.Check;

/**
 * Messages from GPU to GPU over any {@link Transport}, packet by packet.
 *
 * <p>A packet enters a switch's output queue the switch's latency after its last bit came in, or
 * its headers where switches cut through, and leaves the buffer with its first bit out.
 * Acknowledgements and CNPs go before data and are never paused or dropped. GPUs of one server use
 * their NVSwitch, which neither marks nor drops. What congestion control, marking, flow control and
 * recovery do is said where their parameters are.
 *
 * <p>The same arguments and calls give the same bits on every machine and JDK and with any number
 * of {@link #threads}. One engine is called by one thread; any number may run side by side.
 */
public final class PacketEngine {
  /** A time that has not come. */
  public static final long NOT_YET = -1;

  private final Fabric fabric;
  private final Transport transport;
  private final Ports ports;
  private final QueuePairs pairs;
  private final Messages messages;
  private final WakeUps wakeUps;
  private final Listeners listeners = new Listeners();
  private final Selectors selectors;
  private final Paths paths;
  private final Controllers controllers;
  private final Sender poster;
  private final Shared shared;
  private final Faults faults;
  private Crew crew;

  /**
   * An idle network at time 0.
   *
   * @param seed of the streams {@code "ecmp"}, {@code "spray"}, {@code "entropy"}, {@code "red"},
   *     {@code "loss"} and {@code "timeout"}
   * @throws IllegalArgumentException if a switch's buffer cannot hold the headroom that pause
   *     frames need, or congestion control needs what the engine does not do
   */
  public PacketEngine(Fabric fabric, Transport transport, LoadBalancing balancing, long seed) {
    this(fabric, transport, balancing, Scheduling.ONE_CLASS, seed);
  }

  /** An idle network whose ports share their rates among traffic classes. */
  public PacketEngine(
      Fabric fabric,
      Transport transport,
      LoadBalancing balancing,
      Scheduling scheduling,
      long seed) {
    transport.checkControl();
    var streams = new RandomStreams(seed);
    this.fabric = fabric;
    this.transport = transport;
    ports = new Ports(fabric, Ports.leastWire(transport), scheduling.classes().size());
    selectors = new Selectors(fabric, balancing, streams, ports, new Clock());
    shared =
        Shared.of(
            fabric, transport, balancing.granularity(), scheduling, ports, selectors, streams);
    pairs = shared.pairs();
    messages = shared.messages();
    wakeUps = shared.wakeUps();
    paths = shared.paths();
    controllers = shared.controllers();
    faults = new Faults(fabric, shared, selectors);
    poster = Sender.of(new Clock(), shared);
    crew = crew(Cells.of(ports), 1);
  }

  private Crew crew(Cells cells, int threads) {
    var made = new Crew(shared, cells, Math.min(threads, cells.count), listeners);
    for (int node = 0; node < ports.nodes(); node++) {
      selectors.use(made.workerAt(node).clock, node);
    }
    return made;
  }

  /**
   * Deals the network to so many threads. They are used by runs without listeners, whose results
   * are the same bits for any number; a run that calls listeners stays on the caller's thread.
   *
   * @param count at least 1, the number unless set; to be set before anything is sent
   */
  public void threads(int count) {
    Check.atLeast(1, "threads", count, "one is the caller's own");
    deal(crew.cells, count);
  }

  /** How many threads the network is dealt to, at most one a part. */
  public int threads() {
    return crew.workers.length;
  }

  /**
   * Has these faults happen in place of those given before, each before all else at its time. To be
   * called before the engine runs.
   *
   * @param plan for this engine's fabric
   */
  public void during(FaultPlan plan) {
    if (now() > 0) {
      throw new IllegalStateException(
          "faults are planned before an engine runs, but it is %d ps: call during(...) at once after the engine is made"
              .formatted(now()));
    }
    faults.plan(plan.steps());
  }

  /** Joins what is less than this apart, ps, to parts and deals them; this must not matter. */
  void deal(long least, int threads) {
    deal(Cells.inside(ports, least), threads);
  }

  private void deal(Cells cells, int threads) {
    if (messages.count() > 0 || crew.sum(Worker::pending) > 0) {
      throw new IllegalStateException(
          "threads are set before anything is sent, but %d messages have been: set them at once after the engine is made"
              .formatted(messages.count()));
    }
    crew = crew(cells, threads);
  }

  /**
   * How long it takes at least until something done in one part of the network matters in another,
   * ps. A listener may let GPUs elsewhere send no sooner than after this.
   */
  public long lookaheadPs() {
    return crew.cells.lookahead;
  }

  /** {@link #connect(int, int, int)} in the first traffic class. */
  public int connect(int sourceGpu, int destinationGpu) {
    return connect(sourceGpu, destinationGpu, 0);
  }

  /**
   * Opens a reliable connection; the path of its packets is settled now where load balancing is by
   * flow.
   *
   * @param sourceGpu the GPU that writes
   * @param destinationGpu another GPU
   * @param trafficClass that its data is in, a place in {@link Scheduling#classes()}
   * @return the queue pair's number, from 0 in the order of opening
   * @throws IllegalArgumentException if a GPU does not exist, both are the same, or no path joins
   *     them
   */
  public int connect(int sourceGpu, int destinationGpu, int trafficClass) {
    Check.index("traffic class", trafficClass, ports.classes);
    paths.checkEnds(sourceGpu, destinationGpu);
    int qp = pairs.add(sourceGpu, destinationGpu, trafficClass);
    paths.open(pairs, qp);
    Connection connection = paths.connection(pairs, qp, transport.mtu());
    controllers.open(connection);
    shared.selective().open(qp);
    shared.spraying().open(connection);
    shared.grants().open(qp);
    shared.kernels().open(qp);
    return qp;
  }

  /**
   * Posts an RDMA WRITE. Messages of one queue pair leave in the order of posting.
   *
   * @param bytes payload, above 0
   * @param notBeforePs when its first packet may leave at the earliest, at least {@link #now()}; in
   *     a listener for a GPU elsewhere at least {@link #lookaheadPs()} later
   * @return the message's number, from 0 in the order of posting
   * @throws IllegalArgumentException if an argument is out of range
   */
  public int send(int queuePair, long bytes, long notBeforePs) {
    Check.index("queue pair", queuePair, pairs.count());
    if (bytes <= 0) {
      throw new IllegalArgumentException("a message has at least 1 byte, but bytes was " + bytes);
    }
    int node = fabric.node(pairs.source[queuePair]);
    checkTime(node, notBeforePs);
    int message = poster.post(queuePair, bytes, notBeforePs);
    crew.post(node, queuePair);
    return message;
  }

  private void checkTime(int node, long timePs) {
    if (timePs < now()) {
      throw new IllegalArgumentException(
          "nothing can be asked for in the past: it is %d ps, but %d ps was given"
              .formatted(now(), timePs));
    }
    if (timePs < now() + lookaheadPs() && !crew.isWithinReach(node)) {
      throw new IllegalArgumentException(
          "a listener at one GPU can have another act %d ps later at the earliest (lookaheadPs()), but at %d ps asked %s to act at %d ps"
              .formatted(lookaheadPs(), now(), fabric.nodes().get(node).name(), timePs));
    }
  }

  /**
   * Has this listener, and no other, hear of deliveries. It may call anything but {@code run}; what
   * it is told of happens at the receiving GPU, so it looks at that GPU and has it send.
   */
  public void onDelivery(DeliveryListener listener) {
    listeners.delivery = listener;
    listeners.any = true;
  }

  /**
   * Has this listener, and no other, hear of wake-ups. It may call anything but {@code run}, and
   * looks at the GPU it is woken for and has it send.
   */
  public void onWakeUp(WakeUpListener listener) {
    listeners.wakeUp = listener;
    listeners.any = true;
  }

  /**
   * Asks for a wake-up at a GPU.
   *
   * @param timePs when, at least {@link #now()}; in a listener for a GPU elsewhere at least {@link
   *     #lookaheadPs()} later
   * @param token any number, which the listener gets
   */
  public void at(long timePs, int gpu, int token) {
    int node = fabric.node(gpu);
    checkTime(node, timePs);
    crew.add(node, timePs, Clock.WAKE, wakeUps.add(token));
  }

  /** The simulated time, picoseconds; in a listener that of the GPU it is called for. */
  public long now() {
    return crew.now();
  }

  /** Runs until nothing is pending, then {@link #verify verifies}. */
  public void run() {
    run(() -> false);
  }

  /**
   * Runs until told to stop or nothing is pending, then {@link #verify verifies}. It may be called
   * again and goes on from there.
   *
   * @param done asked at the start and, where something was delivered or somebody woken, at most
   *     {@link #lookaheadPs()} later
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   * @throws IllegalStateException if a conservation law is broken
   */
  public void run(BooleanSupplier done) {
    run(Long.MAX_VALUE - 1, done);
    verify();
  }

  /**
   * Runs until a time, what happens then included, so that {@link #now()} is that time and all
   * ports and queue pairs can be looked at as they stand. It does not {@link #verify}.
   *
   * @param timePs at least {@link #now()}
   */
  public void runUntil(long timePs) {
    if (timePs < now()) {
      throw new IllegalArgumentException(
          "time does not run backwards: it is %d ps, but a run until %d ps was asked for"
              .formatted(now(), timePs));
    }
    run(timePs, () -> false);
    faults.goOnUntil(crew, timePs);
  }

  /**
   * Runs until a time, or until nothing is pending if that is sooner. It does not {@link #verify}.
   *
   * @return whether anything is still pending, and {@link #now()} that time
   */
  boolean advance(long timePs) {
    run(timePs, () -> false);
    boolean more = crew.sum(Worker::pending) > 0 || faults.mayHelp();
    if (more) {
      crew.setTime(timePs);
    }
    return more;
  }

  private void run(long limit, BooleanSupplier done) {
    faults.run(crew, limit, done, this::runOn);
  }

  private void runOn(long limit, BooleanSupplier done) {
    if (crew.workers.length > 1 && !listeners.any) {
      crew.runTogether(limit, done);
    } else {
      crew.run(limit, done);
    }
  }

  /**
   * Checks the conservation laws: bytes injected = delivered + dropped + in flight, no port busy
   * for longer than time has passed, no loss where the network is lossless, no headroom overrun,
   * every buffer charged for just what lies in it, every byte received once.
   *
   * @throws IllegalStateException naming what broke
   */
  public void verify() {
    new Audit(fabric, shared, crew).check();
  }

  /** How many queue pairs have been opened. */
  public int queuePairs() {
    return pairs.count();
  }

  /**
   * The ports on the way of a queue pair's data, or of its answers; where packets are placed one by
   * one, the way that its 5-tuple would take.
   */
  public int[] way(int queuePair, boolean isData) {
    Check.index("queue pair", queuePair, pairs.count());
    return paths.way(queuePair, isData).map(port -> ports.number[port]).toArray();
  }

  /** The fabric's routes, around links that the network avoids. */
  public Routes routes() {
    return selectors.routes();
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
    return Check.index("message", message, messages.count());
  }

  /** Packets that have left a port, acknowledgements included, pause frames not. */
  public long packetHops() {
    return crew.sum(worker -> worker.network.hops);
  }

  /** Events handled. */
  public long events() {
    return crew.sum(worker -> worker.handled);
  }

  /** How many GPUs and storage nodes there are. */
  int gpus() {
    return fabric.endpoints();
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
    ports.port[ports.at[port]].log = log;
    return log;
  }

  /** Keeps, at each port, the headers of the first so many packets that do not get past it. */
  public void keepDrops(int most) {
    DropLog.putAt(ports, most);
  }

  /** What {@link #keepDrops} kept, in the order of time. */
  public List<DroppedPacket> drops() {
    return DropLog.packetsOf(ports);
  }

  /**
   * Samples of these ports at equal intervals, to be taken by {@link PortSamples#run}. The run's
   * bits are those of {@link #run()}.
   *
   * @param intervalPs above 0
   */
  public PortSamples samples(int[] which, long intervalPs) {
    return new PortSamples(this, ports, which, intervalPs);
  }

  /** Settings of single devices, to be made before anything is sent. */
  public DeviceSettings settings() {
    return shared.settings();
  }

  /** What a port has done so far. */
  public PortCounters port(int port) {
    return ports.counters(ports.at[port], now());
  }

  /** Data bytes that wait at a port now. */
  public long queueBytes(int port) {
    return ports.port[ports.at[port]].waiting();
  }

  /** What all ports have done so far. */
  public List<PortCounters> allPorts() {
    return IntStream.range(0, ports.count).mapToObj(this::port).toList();
  }

  /** What all ports have done so far for each of several traffic classes; empty for one class. */
  public List<ClassCounters> allClasses() {
    return IntStream.range(0, ports.count)
        .mapToObj(port -> ports.classes(ports.at[port], now()))
        .flatMap(List::stream)
        .toList();
  }

  /** What a queue pair has been through so far. */
  public QueuePairCounters counters(int queuePair) {
    Check.index("queue pair", queuePair, pairs.count());
    return pairs.counters(queuePair, controllers.rate(queuePair));
  }

  /** Whether a queue pair still works. */
  public Status status(int queuePair) {
    Check.index("queue pair", queuePair, pairs.count());
    return pairs.status[queuePair];
  }

  /** How many messages have been delivered. */
  public long delivered() {
    return crew.sum(worker -> worker.receiver.delivered);
  }

  /** How many queue pairs have given up, with {@link Status#RETRY_EXCEEDED}. */
  public int gaveUp() {
    return (int) crew.sum(worker -> worker.sender.gaveUp);
  }

  /**
   * A line for each message that is not delivered, with the reason; before them the circle where
   * switches wait for each other.
   */
  public List<String> stuck() {
    return new Stuck(fabric, now(), shared, faults).lines(deadlock());
  }

  /**
   * The names of the ports of a deadlock, each waiting for the next and the last for the first;
   * empty if there is none.
   */
  public List<String> deadlock() {
    return Deadlock.names(ports, transport);
  }
}
