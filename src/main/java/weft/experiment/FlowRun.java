package weft.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import weft.collective.Schedule;
import weft.collective.SizedCollective;
import weft.engine.flow.FlowEngine;
import weft.engine.packet.PacketEngine;
import weft.engine.packet.PortCounters;
import weft.fabric.Fabric;
import weft.report.Progress;
import weft.transport.Transport;

/** An experiment that was checked, about to run on the flow engine. */
final class FlowRun {
  private final Setup setup;
  private final Fabric fabric;
  private final Transport transport;
  private final PacketEngine packets; // stays idle: it knows the paths and what ports are called
  private final FlowPaths paths;
  private final FlowEngine engine;
  private final Map<Long, Integer> flows = new HashMap<>(); // by pair of GPUs
  private final List<Opened> opened = new ArrayList<>(); // by flow
  private long[] payload = new long[64]; // by message, bytes
  private int[] transferOf = new int[64]; // by message

  /** Between whom a flow is, and what its bytes take. */
  private record Opened(int source, int destination, FlowPaths.Way way) {}

  FlowRun(Setup setup) {
    this.setup = setup;
    this.fabric = setup.fabric;
    this.transport = setup.experiment.transport();
    this.packets = new PacketEngine(fabric, transport, setup.balancing(), setup.experiment.seed);
    this.paths = new FlowPaths(setup, packets);
    double[] capacity = new double[2 * fabric.links().size()];
    Arrays.setAll(capacity, p -> fabric.links().get(p / 2).rate().bitsPerSecond());
    this.engine = new FlowEngine(capacity);
  }

  Run run() {
    Schedule schedule = setup.schedule;
    if (schedule != null) {
      start(schedule);
    } else {
      for (Flow flow : setup.traffic().flows()) {
        int by = open(flow.source(), flow.destination());
        send(by, flow.size().bytes(), flow.start().ps());
      }
    }
    simulate(schedule == null ? engine.messages() : schedule.size());
    NetworkLoad load = load();
    return new Run(
        setup,
        messages(),
        load,
        new Taps(fabric, packets, List.of()).capture(packets, (int) transport.mtu().bytes()),
        new Drops(load, packets, transport, setup.workload()),
        null);
  }

  private void start(Schedule schedule) {
    var run =
        new CollectiveRun(
            schedule,
            (collective, transfer) -> {
              int source = setup.gpuOfRank[schedule.from(transfer)];
              int destination = setup.gpuOfRank[schedule.to(transfer)];
              long bytes = (long) schedule.length(transfer) * SizedCollective.BYTES_PER_ELEMENT;
              int message = send(open(source, destination), bytes, engine.now());
              transferOf[message] = transfer;
            });
    engine.onDelivery((message, time) -> run.arrived(transferOf[message]));
    for (int rank = 0; rank < schedule.ranks(); rank++) {
      run.ready(rank);
    }
  }

  private int open(int source, int destination) {
    return flows.computeIfAbsent(
        (long) source << 32 | destination,
        pair -> {
          FlowPaths.Way way = paths.of(source, destination);
          opened.add(new Opened(source, destination, way));
          int flow =
              engine.open(way.ports(), way.parts(), 1, Double.POSITIVE_INFINITY, way.latencyPs());
          engine.storeAndForward(flow, paths.packetBytes(), way.hopPsPerByte());
          return flow;
        });
  }

  /** A message's bytes with the headers of all its packets. */
  private int send(int flow, long bytes, long notBeforePs) {
    long mtu = transport.mtu().bytes();
    long headers = (bytes + mtu - 1) / mtu * transport.onTheWire().data();
    int message = engine.send(flow, bytes + headers + transport.onTheWire().first(), notBeforePs);
    if (message >= payload.length) {
      payload = Arrays.copyOf(payload, 2 * message);
      transferOf = Arrays.copyOf(transferOf, 2 * message);
    }
    payload[message] = bytes;
    return message;
  }

  private void simulate(long messages) {
    try (var progress = Progress.of(setup.name(), 0, messages)) {
      engine.run(
          () -> {
            if (progress.isDue()) {
              progress.report(
                  engine.delivered(),
                  "%,d of %,d messages arrived".formatted(engine.delivered(), messages));
            }
            return false;
          });
    }
  }

  /** An acknowledgement takes the way back, and no time to be sent. */
  private Messages messages() {
    var messages = new Messages(engine.messages());
    for (int m = 0; m < engine.messages(); m++) {
      Opened flow = opened.get(engine.flow(m));
      long received = engine.deliveredPs(m);
      messages.add(
          flow.source,
          flow.destination,
          payload[m],
          engine.postedPs(m),
          received,
          received + flow.way.latencyPs());
    }
    return messages;
  }

  private NetworkLoad load() {
    double[] bytes = new double[packets.ports()];
    for (int f = 0; f < opened.size(); f++) {
      FlowPaths.Way way = opened.get(f).way;
      for (int i = 0; i < way.ports().length; i++) {
        bytes[way.ports()[i]] += way.parts()[i] * engine.sentBytes(f);
      }
    }
    List<PortCounters> ports = new ArrayList<>();
    for (PortCounters port : packets.allPorts()) {
      double rate = fabric.links().get(port.link()).rate().bitsPerSecond();
      long sent = Math.round(bytes[port.port()]);
      ports.add(port.having(sent, Math.round(bytes[port.port()] * 8e12 / rate)));
    }
    return new NetworkLoad(fabric, engine.now(), 0, ports, List.of());
  }
}
