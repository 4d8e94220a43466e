package weft.experiment;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import weft.engine.packet.PacketEngine;
import weft.fabric.Fabric;
import weft.fabric.Forwarding;
import weft.fabric.Link;
import weft.fault.FaultStep;
import weft.routing.LoadBalancing;
import weft.routing.LoadBalancing.Granularity;
import weft.routing.QueuePairSplit;
import weft.transport.Recovery;
import weft.transport.Recovery.Repeat;
import weft.transport.Transport;

/**
 * Finds the ports that the bytes between two GPUs take, for engines without packets: those of the
 * packets' own queue pairs where load balancing is by flow, otherwise all shortest paths in even
 * shares. Faults that have happened count: what the network knows of them leads elsewhere, and what
 * is lost must be sent again.
 */
final class PathFinder {
  private static final int NO_QUEUE_PAIR = -1; // where an end is a switch that adds

  private final Fabric fabric;
  private final PacketEngine packets; // idle: it knows the paths
  private final QueuePairSplit split;
  private final boolean isFixed;
  private final PortStates states;
  private final PortBundles bundles = new PortBundles();
  private @Nullable EvenSpread spread; // made when it is needed
  private final Recovery recovery;
  private final double answer; // bytes of an acknowledgement for a byte of data
  private final int packetBytes;
  private final boolean stopsUnheard; // whether data waits for acknowledgements

  /**
   * What a flow takes.
   *
   * @param source its GPU
   * @param destination the GPU it writes to
   * @param ports that its bytes leave by, and bundles of them: see {@link PortBundles}
   * @param parts by port, and by each port of a bundle, wire bytes for each byte of its own
   * @param answerPorts that their acknowledgements leave by
   * @param answerParts by port of these, wire bytes for each byte of its own
   * @param latencyPs of its last bit, switches' latency included
   * @param hopPsPerByte what a byte takes to be sent at all hops after the first, ps
   * @param isCut whether nothing arrives
   */
  @SuppressWarnings("ArrayRecordComponent") // inside this package, compared by content
  record Way(
      int source,
      int destination,
      int[] ports,
      double[] parts,
      int[] answerPorts,
      double[] answerParts,
      long latencyPs,
      double hopPsPerByte,
      boolean isCut) {
    boolean takesThePortsOf(Way other) {
      return Arrays.equals(ports, other.ports)
          && Arrays.equals(parts, other.parts)
          && Arrays.equals(answerPorts, other.answerPorts)
          && Arrays.equals(answerParts, other.answerParts);
    }
  }

  /**
   * @param packets idle, the same that would carry the packets
   * @param asked load balancing as the reader wrote it
   */
  PathFinder(Fabric fabric, Transport transport, PacketEngine packets, LoadBalancing asked) {
    this.fabric = fabric;
    this.packets = packets;
    this.split = asked.queuePairs();
    this.isFixed = asked.granularity() == Granularity.FLOW && transport.spraying().isEmpty();
    this.recovery = transport.recovery();
    this.stopsUnheard = Retrials.haveWindows(transport);
    this.packetBytes = (int) (transport.mtu().bytes() + transport.onTheWire().data());
    this.answer = (double) transport.onTheWire().acknowledgement() / packetBytes;
    this.states = new PortStates(packets, packetBytes);
  }

  /** What the ways' bundles are. */
  PortBundles bundles() {
    return bundles;
  }

  /** Bytes of acknowledgements for one of data. */
  double answers() {
    return answer;
  }

  /** What happens to a port. */
  void happen(FaultStep step) {
    states.happen(step);
    forget();
  }

  /** Has the network know what it knows of faults at a time. */
  void advance(long timePs) {
    packets.runUntil(timePs);
    forget();
  }

  private void forget() {
    if (spread != null) {
      spread.forget();
    }
  }

  boolean isDead(int port) {
    return states.isDead(port);
  }

  /** Opens a flow's queue pairs; says their first. */
  int connect(int source, int destination, int inClass) {
    if (Math.max(source, destination) >= fabric.endpoints()) {
      return NO_QUEUE_PAIR;
    }
    int first = packets.connect(source, destination, inClass);
    for (int lane = 1; isFixed && lane < split.count(); lane++) {
      packets.connect(source, destination, inClass);
    }
    return first;
  }

  /** The way of queue pairs that were opened. */
  Way find(int source, int destination, int firstQueuePair) {
    if (firstQueuePair == NO_QUEUE_PAIR) {
      return findCable(source, destination);
    }
    var parts = new PortParts();
    var answers = new PortParts();
    double kept =
        isFixed
            ? addLanes(parts, answers, firstQueuePair)
            : addAll(parts, answers, source, destination);
    int[] way = packets.way(firstQueuePair, true);
    boolean isCut = kept == 0 || (!isFixed && isSomeDead(parts, answers) && goesBack());
    double again = isCut ? 1 : sentForOne(kept, way);
    return new Way(
        source,
        destination,
        parts.listed(),
        parts.parts(again),
        answers.listed(),
        answers.parts(again),
        latency(way),
        hopPsPerByte(way),
        isCut);
  }

  /**
   * Between neighbours of which one is a switch that adds: by one cable, whose rate packets have
   * too; which of several parallel ones these take, load balancing chooses.
   */
  private Way findCable(int source, int destination) {
    int[] way =
        Aggregation.cable(
            fabric, Aggregation.nodeOf(fabric, source), Aggregation.nodeOf(fabric, destination));
    var parts = new PortParts();
    var answers = new PortParts();
    for (int port : way) {
      parts.add(port, 1);
      answers.add(port ^ 1, answer);
    }
    return new Way(
        source,
        destination,
        parts.listed(),
        parts.parts(1),
        answers.listed(),
        answers.parts(1),
        latency(way) + latencyAt(destination),
        hopPsPerByte(way),
        isSomeDead(parts, answers));
  }

  private long latencyAt(int end) {
    return end < fabric.endpoints() ? 0 : fabric.latencyOf(Aggregation.nodeOf(fabric, end)).ps();
  }

  private boolean goesBack() {
    return recovery.repeat() != Repeat.SELECTIVE;
  }

  private boolean isSomeDead(PortParts parts, PortParts answers) {
    return states.isAnyDead()
        && IntStream.concat(Arrays.stream(parts.listed()), Arrays.stream(answers.listed()))
            .flatMap(listed -> Arrays.stream(bundles.ports(listed)))
            .anyMatch(states::isDead);
  }

  /**
   * Packets sent for one that arrives, the share of those that are not lost being known. Where the
   * sender goes back, each loss costs what it sends until it hears of it (Bertsekas and Gallager,
   * "Data Networks", section 2.4.1), here as if it had its slowest port for itself.
   */
  private double sentForOne(double kept, int[] way) {
    if (kept == 1 || !goesBack()) {
      return 1 / kept;
    }
    double slowest =
        Arrays.stream(way).mapToDouble(p -> link(p).rate().bitsPerSecond()).min().orElseThrow();
    double untilHeard = 2.0 * latency(way) + packetBytes * hopPsPerByte(way);
    if (recovery.repeat() == Repeat.GO_BACK_N_AFTER_TIMEOUT) {
      untilHeard += recovery.firstTimeout().ps();
    }
    double packets = 1 + untilHeard * slowest / 8e12 / packetBytes;
    return 1 + packets * (1 - kept) / kept;
  }

  /** Says which share of what is sent arrives. */
  private double addLanes(PortParts parts, PortParts answers, int first) {
    double share = 1.0 / split.count();
    double kept = 1;
    for (int queuePair = first; queuePair < first + split.count(); queuePair++) {
      double lane = 1;
      for (int port : packets.way(queuePair, true)) {
        parts.merge(port, share);
        lane *= states.kept(port);
      }
      for (int port : packets.way(queuePair, false)) {
        answers.merge(port, share * answer);
        lane *= stopsUnheard && states.isDead(port) ? 0 : 1;
      }
      kept = Math.min(kept, lane); // a message waits for all its parts
    }
    return kept;
  }

  private double addAll(PortParts parts, PortParts answers, int source, int destination) {
    if (spread == null) {
      spread = new EvenSpread(fabric, states, bundles);
    }
    double kept = spread.add(parts, source, destination, 1);
    double heard = spread.add(answers, destination, source, answer);
    return stopsUnheard && heard == 0 ? 0 : kept;
  }

  private long latency(int[] way) {
    long ps = 0;
    for (int i = 0; i < way.length; i++) {
      ps += link(way[i]).delay().ps();
      ps += i == 0 ? 0 : fabric.latencyOf(start(way[i])).ps();
    }
    return ps;
  }

  /** Switches that cut through wait for headers only, which are too few to count. */
  private double hopPsPerByte(int[] way) {
    double ps = 0;
    for (int i = 1; i < way.length && fabric.forwarding() != Forwarding.CUT_THROUGH; i++) {
      ps += 8e12 / link(way[i]).rate().bitsPerSecond();
    }
    return ps;
  }

  private Link link(int port) {
    return fabric.links().get(port >> 1);
  }

  private int start(int port) {
    return (port & 1) == 0 ? link(port).a() : link(port).b();
  }
}
