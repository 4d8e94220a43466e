package weft.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import weft.engine.packet.DroppedPacket;
import weft.engine.packet.DroppedPacket.Reason;
import weft.engine.packet.PortCounters;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;

/** A run's counters by device: what an engineer would look at on each and at its neighbours. */
final class Symptoms {
  final NetworkLoad load;
  final Drops drops;
  private final Fabric fabric;
  private final List<List<PortCounters>> portsOf = new ArrayList<>(); // by node

  Symptoms(NetworkLoad load, Drops drops) {
    this.load = load;
    this.drops = drops;
    this.fabric = load.fabric();
    fabric.nodes().forEach(node -> portsOf.add(new ArrayList<>()));
    for (PortCounters port : load.ports()) {
      if (!fabric.isScaleUp(link(port))) {
        portsOf.get(device(port)).add(port);
      }
    }
  }

  private Link link(PortCounters port) {
    return fabric.links().get(port.link());
  }

  /** The node that a port belongs to. */
  private int device(PortCounters port) {
    return port.port() % 2 == 0 ? link(port).a() : link(port).b();
  }

  /** The network ports of a device. */
  List<PortCounters> ports(int device) {
    return portsOf.get(device);
  }

  /** The other end's port of the same cable. */
  PortCounters peer(PortCounters port) {
    return load.ports().get(port.port() ^ 1);
  }

  Node node(int device) {
    return fabric.nodes().get(device);
  }

  /** The device at the other end of a port's cable. */
  Node neighbour(PortCounters port) {
    return node(device(peer(port)));
  }

  /** The nodes that are switches of the network. */
  int[] switches() {
    return nodes(node -> node.role() == Node.Role.SWITCH);
  }

  /** The nodes with network ports that are no switches. */
  int[] endpoints() {
    return nodes(node -> node.role() != Node.Role.SWITCH);
  }

  private int[] nodes(Predicate<Node> which) {
    return IntStream.range(0, portsOf.size())
        .filter(n -> !portsOf.get(n).isEmpty() && which.test(fabric.nodes().get(n)))
        .toArray();
  }

  /** Ports of a device that were asked to stop and did not. */
  List<PortCounters> deaf(int device) {
    return ports(device).stream()
        .filter(port -> port.pausesReceived() > 0 && port.pausedPs() == 0)
        .toList();
  }

  /** What a switch dropped and cables did not. */
  Stream<DroppedPacket> droppedAt(int device) {
    return drops.kept().stream()
        .filter(d -> d.reason() == Reason.BUFFER_FULL || d.reason() == Reason.HEADROOM_FULL)
        .filter(d -> device(load.ports().get(d.port())) == device);
  }

  /** Ports of a device in front of which packets were dropped for this reason. */
  List<PortCounters> portsThatDropped(int device, Reason reason) {
    var where =
        drops.kept().stream()
            .filter(d -> d.reason() == reason)
            .map(DroppedPacket::port)
            .collect(Collectors.toSet());
    return ports(device).stream().filter(port -> where.contains(port.port())).toList();
  }

  /** What the loss of these packets cost: the queue pairs they belong to. */
  String cost(Stream<DroppedPacket> dropped) {
    var hit = new TreeSet<Integer>();
    dropped.forEach(d -> hit.add(d.queuePair()));
    long again =
        hit.stream().mapToLong(qp -> load.queuePairs().get(qp).retransmittedPackets()).sum();
    return hit.isEmpty()
        ? ""
        : "; %s sent %,d packets again".formatted(count(hit.size(), "queue pair"), again);
  }

  /** {@code 1 pause}, {@code 2,000 pauses}. */
  static String count(long number, String what) {
    return "%,d %s%s".formatted(number, what, number == 1 ? "" : "s");
  }

  /** {@code leaf0, leaf1, leaf2 and 5 more}. */
  static String names(List<String> all) {
    List<String> distinct = all.stream().distinct().toList();
    return distinct.size() <= 4
        ? String.join(", ", distinct)
        : String.join(", ", distinct.subList(0, 3)) + " and %d more".formatted(distinct.size() - 3);
  }
}
