package weft.experiment;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.util.FastMath;
import weft.engine.packet.PacketEngine;
import weft.fabric.Fabric;
import weft.fabric.Forwarding;
import weft.fabric.Link;
import weft.fabric.Node;
import weft.fault.FaultStep;
import weft.routing.LoadBalancing;
import weft.routing.LoadBalancing.Granularity;
import weft.routing.QueuePairSplit;
import weft.routing.Routes;
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
  private final Routes healthy;
  private final Recovery recovery;
  private final double answer; // bytes of an acknowledgement for a byte of data
  private final int packetBytes;
  private final boolean stopsUnheard; // whether data waits for acknowledgements

  // By port.
  private final BitSet dead = new BitSet();
  private final BitSet noticed = new BitSet(); // by its own node
  private final Map<Integer, Double> bitErrors = new HashMap<>();

  /**
   * What a flow takes.
   *
   * @param source its GPU
   * @param destination the GPU it writes to
   * @param ports that its bytes leave by
   * @param parts by port, wire bytes for each byte of its own
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

    /** Its own ports and those of acknowledgements. */
    int[] everyPort() {
      return IntStream.concat(Arrays.stream(ports), Arrays.stream(answerPorts)).toArray();
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
    this.healthy = packets.routes();
    this.recovery = transport.recovery();
    this.stopsUnheard = Retrials.haveWindows(transport);
    this.packetBytes = (int) (transport.mtu().bytes() + transport.onTheWire().data());
    this.answer = (double) transport.onTheWire().acknowledgement() / packetBytes;
  }

  /** Bytes of acknowledgements for one of data. */
  double answers() {
    return answer;
  }

  /** What happens to a port. */
  void happen(FaultStep step) {
    boolean begins = step.value() > 0;
    switch (step.state()) {
      case DEAD -> dead.set(step.port(), begins);
      case NOTICED -> noticed.set(step.port(), begins);
      case BIT_ERRORS -> bitErrors.put(step.port(), step.value());
      default -> {}
    }
  }

  /** Has the network know what it knows of faults at a time. */
  void advance(long timePs) {
    packets.runUntil(timePs);
  }

  boolean isDead(int port) {
    return dead.get(port);
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
      return findCables(source, destination);
    }
    var parts = new TreeMap<Integer, Double>();
    var answers = new TreeMap<Integer, Double>();
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
        ports(parts),
        parts(parts, again),
        ports(answers),
        parts(answers, again),
        latency(way),
        hopPsPerByte(way),
        isCut);
  }

  private static int[] ports(Map<Integer, Double> parts) {
    return parts.keySet().stream().mapToInt(Integer::intValue).toArray();
  }

  private static double[] parts(Map<Integer, Double> parts, double times) {
    return parts.values().stream().mapToDouble(part -> part * times).toArray();
  }

  /** Between neighbours of which one is a switch: all cables that join them, or a NIC between. */
  private Way findCables(int source, int destination) {
    int[][] ways =
        cables(Aggregation.nodeOf(fabric, source), Aggregation.nodeOf(fabric, destination));
    var parts = new TreeMap<Integer, Double>();
    var answers = new TreeMap<Integer, Double>();
    for (int[] way : ways) {
      for (int port : way) {
        parts.merge(port, 1.0 / ways.length, Double::sum);
        answers.merge(port ^ 1, answer / ways.length, Double::sum);
      }
    }
    return new Way(
        source,
        destination,
        ports(parts),
        parts(parts, 1),
        ports(answers),
        parts(answers, 1),
        latency(ways[0]) + latencyAt(destination),
        hopPsPerByte(ways[0]),
        isSomeDead(parts, answers));
  }

  private long latencyAt(int end) {
    return end < fabric.endpoints() ? 0 : fabric.latencyOf(Aggregation.nodeOf(fabric, end)).ps();
  }

  private int[][] cables(int from, int to) {
    int[][] direct =
        out(from)
            .filter(port -> healthy.endOf(port) == to)
            .mapToObj(p -> new int[] {p})
            .toArray(int[][]::new);
    return direct.length > 0
        ? direct
        : out(from)
            .filter(port -> fabric.nodes().get(healthy.endOf(port)).role() != Node.Role.SWITCH)
            .boxed()
            .flatMap(
                port ->
                    out(healthy.endOf(port))
                        .filter(p -> healthy.endOf(p) == to)
                        .mapToObj(p -> new int[] {port, p}))
            .toArray(int[][]::new);
  }

  private IntStream out(int node) {
    return fabric.linksAt(node).stream()
        .mapToInt(l -> fabric.links().get(l).a() == node ? 2 * l : 2 * l + 1);
  }

  private boolean goesBack() {
    return recovery.repeat() != Repeat.SELECTIVE;
  }

  private boolean isSomeDead(Map<Integer, Double> parts, Map<Integer, Double> answers) {
    return !dead.isEmpty()
        && (parts.keySet().stream().anyMatch(dead::get)
            || answers.keySet().stream().anyMatch(dead::get));
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
  private double addLanes(Map<Integer, Double> parts, Map<Integer, Double> answers, int first) {
    double share = 1.0 / split.count();
    double kept = 1;
    for (int queuePair = first; queuePair < first + split.count(); queuePair++) {
      double lane = 1;
      for (int port : packets.way(queuePair, true)) {
        parts.merge(port, share, Double::sum);
        lane *= kept(port);
      }
      for (int port : packets.way(queuePair, false)) {
        answers.merge(port, share * answer, Double::sum);
        lane *= stopsUnheard && dead.get(port) ? 0 : 1;
      }
      kept = Math.min(kept, lane); // a message waits for all its parts
    }
    return kept;
  }

  private double kept(int port) {
    Double rate = bitErrors.get(port);
    double healthy = rate == null ? 1 : FastMath.exp(8 * packetBytes * FastMath.log1p(-rate));
    return dead.get(port) ? 0 : healthy;
  }

  private double addAll(
      Map<Integer, Double> parts, Map<Integer, Double> answers, int source, int destination) {
    double kept = spread(parts, source, destination, 1);
    double heard = spread(answers, destination, source, answer);
    return stopsUnheard && heard == 0 ? 0 : kept;
  }

  /**
   * Each node deals what reaches it evenly to the ports that lead on. Says which share of all
   * arrives.
   */
  private double spread(Map<Integer, Double> parts, int source, int destination, double amount) {
    Map<Integer, Double> here = new LinkedHashMap<>(Map.of(fabric.node(source), amount));
    double arrived = 0;
    while (!here.isEmpty()) {
      Map<Integer, Double> next = new LinkedHashMap<>();
      for (var each : here.entrySet()) {
        int[] ports = ahead(each.getKey(), destination);
        double share = each.getValue() / ports.length;
        for (int port : ports) {
          parts.merge(port, share, Double::sum);
          if (healthy.isAt(healthy.endOf(port), destination)) {
            arrived += share * kept(port);
          } else if (kept(port) > 0) {
            next.merge(healthy.endOf(port), share * kept(port), Double::sum);
          }
        }
      }
      here = next;
    }
    return Math.abs(arrived - amount) < 1e-12 * amount ? 1 : arrived / amount;
  }

  /** As a node chooses: what it knows to be down it leaves out, unless that is all. */
  private int[] ahead(int node, int destination) {
    Routes routes = packets.routes();
    if (routes.count(routes.towards(node, destination)) == 0) {
      routes = healthy;
    }
    int set = routes.towards(node, destination);
    int[] all = new int[routes.count(set)];
    for (int i = 0; i < all.length; i++) {
      all[i] = routes.port(set, i);
    }
    int[] up = noticed.isEmpty() ? all : Arrays.stream(all).filter(p -> !noticed.get(p)).toArray();
    return up.length == 0 ? all : up;
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
