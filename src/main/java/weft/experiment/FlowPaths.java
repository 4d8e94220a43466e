package weft.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import weft.engine.flow.FlowEngine;
import weft.engine.flow.Route;
import weft.engine.packet.PacketEngine;
import weft.engine.packet.PortCounters;
import weft.experiment.PathFinder.Way;
import weft.fabric.Fabric;
import weft.fault.FaultPlan;
import weft.routing.Demand;
import weft.routing.LoadBalancing;
import weft.transport.KernelCost;
import weft.transport.Scheduling;
import weft.transport.Transport;

/**
 * The ways of all flows of a run, for engines without packets, and what they carried: each pair of
 * GPUs in a traffic class is a flow.
 */
final class FlowPaths {
  private final Fabric fabric;
  private final Transport transport;
  private final PacketEngine packets; // idle
  private final PathFinder finder;
  private final Partners partners;
  private final int packetBytes;
  private final @Nullable KernelCost kernel;

  private final Map<Long, Integer> numbers = new HashMap<>(); // by pair and class
  private final List<Way> ways = new ArrayList<>();
  private int[] queuePair = new int[64]; // by flow: its first
  private double[] earlier = new double[64]; // by flow: bytes that took other ways before

  private double[] bytes = {}; // by port, then by bundle, of each port: those

  FlowPaths(Setup setup) {
    this(
        setup.fabric,
        setup.experiment.transport(),
        setup.experiment.balancing,
        setup.demands(),
        setup.experiment.scheduling,
        setup.experiment.seed);
  }

  /**
   * @param balancing load balancing as the reader wrote it
   * @param demands what will be sent, as far as it is known
   */
  FlowPaths(
      Fabric fabric,
      Transport transport,
      LoadBalancing balancing,
      List<Demand> demands,
      Scheduling scheduling,
      long seed) {
    this.transport = transport;
    this.fabric = fabric;
    LoadBalancing planned = balancing.planned(fabric, demands);
    this.packets = new PacketEngine(fabric, transport, planned, scheduling, seed);
    this.finder = new PathFinder(fabric, transport, packets, balancing);
    this.partners = new Partners(fabric.endpoints(), demands);
    this.packetBytes = (int) (transport.mtu().bytes() + transport.onTheWire().data());
    this.kernel = transport.kernel().orElse(null);
  }

  /** Has faults happen to this network's ways. */
  PathFinder during(FaultPlan plan) {
    packets.during(plan);
    return finder;
  }

  /** A message's bytes on the wire: with the headers of all its packets. */
  long wire(long bytes) {
    long mtu = transport.mtu().bytes();
    return bytes
        + (bytes + mtu - 1) / mtu * transport.onTheWire().data()
        + transport.onTheWire().first();
  }

  /** Bytes of acknowledgements for one of data. */
  double answers() {
    return finder.answers();
  }

  /** What each port carries, bit/s. */
  double[] rates() {
    double[] rates = new double[packets.ports()];
    Arrays.setAll(rates, port -> (double) rate(port));
    return rates;
  }

  private long rate(int port) {
    return fabric.links().get(port >> 1).rate().bitsPerSecond();
  }

  /** What a port is called. */
  String name(int port) {
    return packets.port(port).name();
  }

  /** What a GPU, or a switch that adds, is called. */
  String nameOfEnd(int end) {
    return fabric.nodes().get(Aggregation.nodeOf(fabric, end)).name();
  }

  /** The number of a pair's flow in the first class, from 0 in the order of asking. */
  int flow(int source, int destination) {
    return flow(source, destination, 0);
  }

  private int flow(int source, int destination, int inClass) {
    long pair = (long) inClass << 60 | (long) source << 30 | destination;
    Integer known = numbers.get(pair);
    if (known != null) {
      return known;
    }
    int flow = ways.size();
    numbers.put(pair, flow);
    if (flow == queuePair.length) {
      queuePair = Arrays.copyOf(queuePair, 2 * flow);
      earlier = Arrays.copyOf(earlier, 2 * flow);
    }
    queuePair[flow] = finder.connect(source, destination, inClass);
    ways.add(finder.find(source, destination, queuePair[flow]));
    return flow;
  }

  /** The flow of a pair in a class, opened in an engine whose flows are all asked for here. */
  int open(FlowEngine engine, int source, int destination, int inClass) {
    int flow = flow(source, destination, inClass);
    if (flow == engine.flows()) {
      Way way = way(flow);
      tellBundles(engine);
      engine.open(inClass, route(way), 1, mostBitsPerSecond());
      engine.storeAndForward(flow, packetBytes, hopPsPerByte(way));
    }
    return flow;
  }

  /** The engine gives bundles the same numbers, in the same order. */
  private void tellBundles(FlowEngine engine) {
    while (engine.bundles() < bundles().size()) {
      engine.bundle(bundles().ports(-1 - engine.bundles()));
    }
  }

  /** What the ways' bundles are. */
  PortBundles bundles() {
    return finder.bundles();
  }

  private Route route(Way way) {
    double part = partners.part(way.source(), way.destination());
    double[] backParts = Arrays.stream(way.answerParts()).map(a -> a / answers()).toArray();
    return new Route(way.ports(), way.parts(), way.answerPorts(), backParts, part, latencyPs(way));
  }

  /** A flow is a connection, and a core at each end works for it, a packet after the other. */
  double mostBitsPerSecond() {
    return kernel == null
        ? Double.POSITIVE_INFINITY
        : 8e12 * packetBytes / kernel.ps((int) transport.mtu().bytes());
  }

  /** With the receiver's kernel, but without what that needs for each byte. */
  private long latencyPs(Way way) {
    return way.latencyPs() + (kernel == null ? 0 : kernel.wakeUp().ps() + kernel.perPacket().ps());
  }

  private double hopPsPerByte(Way way) {
    return way.hopPsPerByte() + (kernel == null ? 0 : 1e3 * kernel.nsPerByte());
  }

  /** What a flow takes. */
  Way way(int flow) {
    return ways.get(flow);
  }

  /** A flow's ports and those of its acknowledgements. */
  int[] everyPort(int flow) {
    Way way = ways.get(flow);
    return IntStream.concat(Arrays.stream(way.ports()), Arrays.stream(way.answerPorts()))
        .flatMap(listed -> Arrays.stream(bundles().ports(listed)))
        .toArray();
  }

  /**
   * Looks for a flow's way as the network now is, and has the engine take it.
   *
   * @return the new way
   */
  Way renew(FlowEngine engine, int flow) {
    Way before = ways.get(flow);
    Way now = finder.find(before.source(), before.destination(), queuePair[flow]);
    if (!now.takesThePortsOf(before)) {
      double carried = engine.carriedBytes(flow);
      bytes = add(bytes, before, carried - earlier[flow]);
      earlier[flow] = carried;
      tellBundles(engine);
      engine.reroute(flow, route(now));
      engine.storeAndForward(flow, packetBytes, hopPsPerByte(now));
    }
    ways.set(flow, now);
    return now;
  }

  /** Adds what a way's ports and bundles carried; says where the sums are then. */
  private double[] add(double[] sums, Way way, double sent) {
    int size = packets.ports() + bundles().size();
    double[] all = sums.length < size ? Arrays.copyOf(sums, size) : sums;
    add(all, way.ports(), way.parts(), sent);
    add(all, way.answerPorts(), way.answerParts(), sent);
    return all;
  }

  private void add(double[] sums, int[] listed, double[] parts, double sent) {
    for (int i = 0; i < listed.length; i++) {
      sums[listed[i] < 0 ? packets.ports() - 1 - listed[i] : listed[i]] += parts[i] * sent;
    }
  }

  /** How long a message's last packet is under way after its last bit was sent, ps. */
  long latencyPs(Way way, long wireBytes) {
    return latencyPs(way) + (long) (Math.min(wireBytes, packetBytes) * hopPsPerByte(way));
  }

  /** How long its ends' cores need for a message, ps: 0 where NICs do all the work. */
  long atEndsPs(long wireBytes) {
    return Math.round(wireBytes * 8e12 / mostBitsPerSecond());
  }

  /** What the ports did that carried so many wire bytes of each flow. */
  NetworkLoad load(long[] sent, long elapsedPs) {
    double[] all = Arrays.copyOf(bytes, packets.ports() + bundles().size());
    for (int f = 0; f < ways.size(); f++) {
      all = add(all, ways.get(f), sent[f] - earlier[f]);
    }
    for (int b = 0; b < bundles().size(); b++) {
      for (int port : bundles().ports(-1 - b)) {
        all[port] += all[packets.ports() + b];
      }
    }
    List<PortCounters> ports = new ArrayList<>();
    for (PortCounters port : packets.allPorts()) {
      double each = all[port.port()];
      ports.add(port.having(Math.round(each), Math.round(each * 8e12 / rate(port.port()))));
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
}
