package weft.experiment;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.engine.packet.ClassCounters;
import weft.engine.packet.PacketEngine;
import weft.engine.packet.PortCounters;
import weft.engine.packet.QueuePairCounters;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.report.Numbers;
import weft.report.Picture;
import weft.report.Tabular;

/**
 * What the ports of a fabric did in a run.
 *
 * @param fabric the fabric
 * @param elapsedPs simulated time of the run, picoseconds
 * @param packetHops packets that left a port, acknowledgements included
 * @param ports counters of each port
 * @param classes counters of each port for each of several traffic classes; none for one class
 * @param queuePairs counters of each queue pair
 */
public record NetworkLoad(
    Fabric fabric,
    long elapsedPs,
    long packetHops,
    List<PortCounters> ports,
    List<ClassCounters> classes,
    List<QueuePairCounters> queuePairs)
    implements Tabular {

  /** The counters of an engine as they stand. */
  public static NetworkLoad of(Fabric fabric, PacketEngine engine) {
    var queuePairs = IntStream.range(0, engine.queuePairs()).mapToObj(engine::counters).toList();
    return new NetworkLoad(
        fabric,
        engine.now(),
        engine.packetHops(),
        engine.allPorts(),
        engine.allClasses(),
        queuePairs);
  }

  /** Packets that got the ECN mark. */
  public long marks() {
    return ports.stream().mapToLong(PortCounters::marks).sum();
  }

  /** Pause frames sent by switches outside the servers; NVLink's credits are no pauses. */
  public long pauses() {
    return ports.stream()
        .filter(p -> !fabric.isScaleUp(fabric.links().get(p.link())))
        .mapToLong(PortCounters::pausesSent)
        .sum();
  }

  /** Packets dropped for want of buffer. */
  public long drops() {
    return ports.stream().mapToLong(PortCounters::drops).sum();
  }

  /** Packets cut to their headers for want of buffer. */
  public long trims() {
    return ports.stream().mapToLong(PortCounters::trims).sum();
  }

  /** Packets that cables destroyed and nobody repaired on the link. */
  public long lost() {
    return ports.stream().mapToLong(PortCounters::lost).sum();
  }

  /** Packets that the PFC watchdog dropped. */
  public long watchdogDrops() {
    return ports.stream().mapToLong(PortCounters::watchdogDrops).sum();
  }

  /** Packets sent again. */
  public long retransmissions() {
    return queuePairs.stream().mapToLong(QueuePairCounters::retransmittedPackets).sum();
  }

  /** Times that a sender's acknowledgement timer ran out. */
  public long timeouts() {
    return queuePairs.stream().mapToLong(QueuePairCounters::timeouts).sum();
  }

  /** Congestion notification packets that reached senders. */
  public long cnps() {
    return queuePairs.stream().mapToLong(QueuePairCounters::cnps).sum();
  }

  /** Share of the time that a port was sending, in [0, 1]. */
  public double utilisation(PortCounters port) {
    return elapsedPs == 0 ? 0 : (double) port.busyPs() / elapsedPs;
  }

  /** A row a port outside the servers that sent anything, the busiest first. */
  @Override
  public Table table() {
    return table(
        "Ports of " + fabric.name(),
        p -> p.bytes() > 0 && !fabric.isScaleUp(fabric.links().get(p.link())));
  }

  /**
   * A row a port by which a switch sends to one above, the busiest first and idle ones too: what
   * load balancing had to choose from.
   */
  public Table uplinks() {
    return table("Uplinks of " + fabric.name(), this::isUplink);
  }

  private boolean isUplink(PortCounters port) {
    Link link = fabric.links().get(port.link());
    boolean fromA = port.port() % 2 == 0;
    int from = fabric.nodes().get(fromA ? link.a() : link.b()).tier();
    int to = fabric.nodes().get(fromA ? link.b() : link.a()).tier();
    return from >= 1 && to > from;
  }

  private Table table(String title, Predicate<PortCounters> which) {
    List<PortCounters> rows =
        ports.stream()
            .filter(which)
            .sorted((a, b) -> Double.compare(utilisation(b), utilisation(a)))
            .toList();
    return Table.create(
        title,
        StringColumn.create("port", rows.stream().map(PortCounters::name).toList()),
        Numbers.column("busy (%)", rows.stream().mapToDouble(p -> 100 * utilisation(p)).toArray()),
        longs("packets", rows, PortCounters::packets),
        longs("ECN marks", rows, PortCounters::marks),
        longs("pauses received", rows, PortCounters::pausesReceived),
        Numbers.column("paused (us)", rows.stream().mapToDouble(p -> p.pausedPs() / 1e6).toArray()),
        Numbers.column(
            "longest queue (kB)",
            rows.stream().mapToDouble(p -> p.maxQueueBytes() / 1e3).toArray()),
        longs("drops", rows, PortCounters::drops));
  }

  /** A row a queue pair: what its sender was told, and what it sent again. */
  public Table queuePairTable() {
    return Table.create(
        "Queue pairs of " + fabric.name(),
        longs("queue pair", queuePairs, QueuePairCounters::queuePair),
        longs("source", queuePairs, QueuePairCounters::source),
        longs("destination", queuePairs, QueuePairCounters::destination),
        longs("NAKs", queuePairs, QueuePairCounters::naks),
        longs("timeouts", queuePairs, QueuePairCounters::timeouts),
        longs("sent again", queuePairs, QueuePairCounters::retransmittedPackets),
        longs("CNPs", queuePairs, QueuePairCounters::cnps),
        StringColumn.create("status", queuePairs.stream().map(q -> q.status().verbs()).toList()));
  }

  private static <T> LongColumn longs(String title, List<T> rows, ToLongFunction<T> counter) {
    return LongColumn.create(title, rows.stream().mapToLong(counter).toArray());
  }

  /** The fabric, each cable coloured by its busier direction. */
  public Picture picture() {
    double[] load = new double[fabric.links().size()];
    for (PortCounters port : ports) {
      load[port.link()] = Math.max(load[port.link()], utilisation(port));
    }
    return fabric.picture(load);
  }
}
