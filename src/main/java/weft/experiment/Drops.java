package weft.experiment;

import java.util.BitSet;
import java.util.List;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.capture.Udp;
import weft.engine.packet.DroppedPacket;
import weft.engine.packet.PacketEngine;
import weft.engine.packet.PacketLog.Kind;
import weft.engine.packet.QueuePairCounters;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.report.Numbers;
import weft.report.Tabular;
import weft.routing.FiveTuple;
import weft.transport.RoceV2;
import weft.transport.Scheduling;
import weft.transport.Transport;

/**
 * The headers of packets that a run's switches dropped or trimmed and its cables destroyed: the
 * first 1,000 of the run, the others only counted.
 */
public final class Drops implements Tabular {
  static final int MOST = 1000;
  static final int PROTECTED_DSCP = 26;
  static final int UNPROTECTED_DSCP = 0;

  private final Fabric fabric;
  private final Transport transport;
  private final List<QueuePairCounters> queuePairs;
  private final List<DroppedPacket> kept;
  private final long count;
  private final String workload;
  private final BitSet unprotected = new BitSet(); // by GPU: sends data with another DSCP

  Drops(NetworkLoad load, PacketEngine engine, Transport transport, String workload) {
    this.fabric = load.fabric();
    this.transport = transport;
    this.queuePairs = load.queuePairs();
    this.kept = engine.drops().stream().limit(MOST).toList();
    this.count = load.drops() + load.trims() + load.lost() + load.watchdogDrops();
    this.workload = workload;
    for (int gpu = 0; gpu < fabric.endpoints(); gpu++) {
      unprotected.set(gpu, engine.settings().isUnprotected(gpu));
    }
  }

  /** How many packets were dropped, trimmed or destroyed in the run. */
  public long count() {
    return count;
  }

  /** How many of them have a row in {@link #table()}. */
  public int size() {
    return kept.size();
  }

  Transport transport() {
    return transport;
  }

  private int dscp(DroppedPacket packet) {
    int trafficClass = queuePairs.get(packet.queuePair()).trafficClass();
    return isData(packet) && isUnprotected(packet)
        ? UNPROTECTED_DSCP
        : Scheduling.dscp(trafficClass);
  }

  /** Whether a packet's DSCP is that of a priority without PFC. */
  boolean isUnprotected(DroppedPacket packet) {
    return unprotected.get(source(packet));
  }

  /** The device that a packet did not get past. */
  String device(DroppedPacket packet) {
    return end(packet.port(), true);
  }

  List<DroppedPacket> kept() {
    return kept;
  }

  /**
   * A row a packet, in the order of time: when, at which device and on the way from which neighbour
   * to which, why, whose and which, and how much waited at the port it was to leave by. The
   * addresses are those of a capture.
   */
  @Override
  public Table table() {
    var stations = new Stations(fabric);
    String title = "%,d packets dropped, %s".formatted(count, workload);
    return Table.create(
        count > kept.size() ? title + ", the first %,d".formatted(kept.size()) : title,
        Numbers.column("time (us)", kept.stream().mapToDouble(d -> d.timePs() / 1e6).toArray()),
        StringColumn.create("device", kept.stream().map(this::device)),
        StringColumn.create("path", kept.stream().map(d -> from(d) + ">" + end(d.port(), false))),
        StringColumn.create("reason", kept.stream().map(d -> d.reason().toString())),
        StringColumn.create("packet", kept.stream().map(d -> d.kind().toString())),
        StringColumn.create("source", kept.stream().map(d -> gpu(source(d)))),
        StringColumn.create("destination", kept.stream().map(d -> gpu(destination(d)))),
        StringColumn.create("UDP 5-tuple", kept.stream().map(d -> fiveTuple(stations, d))),
        IntColumn.create("DSCP", kept.stream().mapToInt(this::dscp).toArray()),
        LongColumn.create("PSN", kept.stream().mapToLong(DroppedPacket::psn).toArray()),
        Numbers.column(
            "queue (kB)", kept.stream().mapToDouble(d -> d.queueBytes() / 1e3).toArray()));
  }

  private String end(int port, boolean start) {
    Link link = fabric.links().get(port / 2);
    return fabric.nodes().get((port % 2 == 0) == start ? link.a() : link.b()).name();
  }

  private String from(DroppedPacket packet) {
    return packet.ingress() == DroppedPacket.NO_PORT ? "" : end(packet.ingress(), false);
  }

  private boolean isData(DroppedPacket packet) {
    return packet.kind() == Kind.DATA;
  }

  int source(DroppedPacket packet) {
    var pair = queuePairs.get(packet.queuePair());
    return isData(packet) ? pair.source() : pair.destination();
  }

  private int destination(DroppedPacket packet) {
    var pair = queuePairs.get(packet.queuePair());
    return isData(packet) ? pair.destination() : pair.source();
  }

  private String gpu(int number) {
    return fabric.nodes().get(fabric.node(number)).name();
  }

  /** Empty where packets are no UDP datagrams of known ports. */
  private String fiveTuple(Stations stations, DroppedPacket packet) {
    return transport instanceof RoceV2
        ? "%s:%d>%s:%d"
            .formatted(
                stations.gpu(source(packet)).v4(),
                FiveTuple.sourcePort(packet.queuePair()),
                stations.gpu(destination(packet)).v4(),
                Udp.ROCE)
        : "";
  }

  /** How many, and of how many the headers are kept. */
  @Override
  public String toString() {
    return "%,d packets dropped, %,d kept".formatted(count, kept.size());
  }
}
