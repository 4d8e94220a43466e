package weft.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import weft.engine.flow.FlowEngine;
import weft.engine.packet.PacketEngine;
import weft.engine.packet.PortCounters;
import weft.fabric.Fabric;
import weft.fabric.Forwarding;
import weft.fabric.Link;
import weft.routing.LoadBalancing;
import weft.routing.LoadBalancing.Granularity;
import weft.routing.QueuePairSplit;
import weft.routing.Routes;
import weft.transport.Scheduling;
import weft.transport.Transport;

/**
 * The ports that the bytes between two GPUs take, for engines without packets: those of the
 * packets' own queue pairs where load balancing is by flow, otherwise all shortest paths in even
 * shares.
 */
final class FlowPaths {
  private final Fabric fabric;
  private final Transport transport;
  private final PacketEngine packets; // idle: it knows the paths
  private final QueuePairSplit split;
  private final boolean isFixed;
  private final Routes routes;
  private final double answer; // bytes of an acknowledgement for a byte of data
  private final int packetBytes;

  private final Map<Long, Integer> numbers = new HashMap<>(); // by pair
  private final List<Way> ways = new ArrayList<>();

  /**
   * What a flow takes.
   *
   * @param source its GPU
   * @param destination the GPU it writes to
   * @param ports that its bytes and their acknowledgements leave by
   * @param parts by port, wire bytes for each byte of its own
   * @param latencyPs of its last bit, switches' latency included
   * @param hopPsPerByte what a byte takes to be sent at all hops after the first, ps
   */
  @SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
  record Way(
      int source,
      int destination,
      int[] ports,
      double[] parts,
      long latencyPs,
      double hopPsPerByte) {}

  FlowPaths(Setup setup) {
    this(
        setup.fabric,
        setup.experiment.transport(),
        setup.experiment.balancing,
        setup.balancing(),
        setup.experiment.scheduling,
        setup.experiment.seed);
  }

  /**
   * @param asked load balancing as the reader wrote it
   * @param planned the same, knowing what will be sent
   */
  FlowPaths(
      Fabric fabric,
      Transport transport,
      LoadBalancing asked,
      LoadBalancing planned,
      Scheduling scheduling,
      long seed) {
    this.transport = transport;
    this.fabric = fabric;
    this.packets = new PacketEngine(fabric, transport, planned, scheduling, seed);
    this.split = asked.queuePairs();
    this.isFixed = asked.granularity() == Granularity.FLOW && transport.spraying().isEmpty();
    this.routes = packets.routes();
    this.packetBytes = (int) (transport.mtu().bytes() + transport.onTheWire().data());
    this.answer = (double) transport.onTheWire().acknowledgement() / packetBytes;
  }

  /** A message's bytes on the wire: with the headers of all its packets. */
  long wire(long bytes) {
    long mtu = transport.mtu().bytes();
    return bytes
        + (bytes + mtu - 1) / mtu * transport.onTheWire().data()
        + transport.onTheWire().first();
  }

  /** What each port carries, bit/s. */
  double[] rates() {
    double[] rates = new double[packets.ports()];
    Arrays.setAll(rates, port -> (double) link(port).rate().bitsPerSecond());
    return rates;
  }

  /** The number of a pair's flow, from 0 in the order of asking. */
  int flow(int source, int destination) {
    Integer known = numbers.get((long) source << 32 | destination);
    if (known != null) {
      return known;
    }
    numbers.put((long) source << 32 | destination, ways.size());
    ways.add(find(source, destination));
    return ways.size() - 1;
  }

  /** The same, opened in an engine whose flows are all asked for here. */
  int open(FlowEngine engine, int source, int destination) {
    int flow = flow(source, destination);
    if (flow == engine.flows()) {
      Way way = way(flow);
      engine.open(way.ports, way.parts, 1, Double.POSITIVE_INFINITY, way.latencyPs);
      engine.storeAndForward(flow, packetBytes, way.hopPsPerByte);
    }
    return flow;
  }

  /** What a flow takes. */
  Way way(int flow) {
    return ways.get(flow);
  }

  private Way find(int source, int destination) {
    Map<Integer, Double> parts = new TreeMap<>();
    int queuePair = packets.connect(source, destination, 0);
    int[] way = packets.way(queuePair, true);
    if (isFixed) {
      addLanes(parts, source, destination, queuePair);
    } else {
      spread(parts, source, destination, 1);
      spread(parts, destination, source, answer);
    }
    return new Way(
        source,
        destination,
        parts.keySet().stream().mapToInt(Integer::intValue).toArray(),
        parts.values().stream().mapToDouble(Double::doubleValue).toArray(),
        latency(way),
        hopPsPerByte(way));
  }

  /** How long a message's last packet is under way after its last bit was sent, ps. */
  long latencyPs(Way way, long wireBytes) {
    return way.latencyPs + (long) (Math.min(wireBytes, packetBytes) * way.hopPsPerByte);
  }

  /** What the ports did that carried so many wire bytes of each flow. */
  NetworkLoad load(long[] sent, long elapsedPs) {
    double[] bytes = new double[packets.ports()];
    for (int f = 0; f < ways.size(); f++) {
      Way way = ways.get(f);
      for (int i = 0; i < way.ports.length; i++) {
        bytes[way.ports[i]] += way.parts[i] * sent[f];
      }
    }
    List<PortCounters> ports = new ArrayList<>();
    for (PortCounters port : packets.allPorts()) {
      double each = bytes[port.port()];
      double ps = each * 8e12 / link(port.port()).rate().bitsPerSecond();
      ports.add(port.having(Math.round(each), Math.round(ps)));
    }
    return new NetworkLoad(fabric, elapsedPs, 0, ports, List.of(), List.of());
  }

  /** A run without packets. */
  Run run(Setup setup, Messages messages, NetworkLoad load) {
    return new Run(
        setup,
        messages,
        load,
        new Taps(fabric, packets, List.of()).capture(packets, transport),
        new Drops(load, packets, transport, setup.workload()),
        null,
        Ending.ALL_ARRIVED);
  }

  private void addLanes(Map<Integer, Double> parts, int source, int destination, int first) {
    double share = 1.0 / split.count();
    for (int lane = 0; lane < split.count(); lane++) {
      int queuePair = lane == 0 ? first : packets.connect(source, destination, 0);
      for (int port : packets.way(queuePair, true)) {
        parts.merge(port, share, Double::sum);
      }
      for (int port : packets.way(queuePair, false)) {
        parts.merge(port, share * answer, Double::sum);
      }
    }
  }

  /** Each node deals what reaches it evenly to the ports that lead on. */
  private void spread(Map<Integer, Double> parts, int source, int destination, double amount) {
    Map<Integer, Double> here = new LinkedHashMap<>(Map.of(fabric.node(source), amount));
    while (!here.isEmpty()) {
      Map<Integer, Double> next = new LinkedHashMap<>();
      here.forEach(
          (node, share) -> {
            int set = routes.towards(node, destination);
            int count = routes.count(set);
            for (int i = 0; i < count; i++) {
              int port = routes.port(set, i);
              parts.merge(port, share / count, Double::sum);
              if (!routes.isAt(routes.endOf(port), destination)) {
                next.merge(routes.endOf(port), share / count, Double::sum);
              }
            }
          });
      here = next;
    }
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
