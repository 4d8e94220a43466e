package weft.engine.packet;

import java.util.Arrays;
import weft.fabric.Fabric;
import weft.routing.LoadBalancing;
import weft.routing.PortChoice;
import weft.routing.Routes;
import weft.routing.Spray;
import weft.sim.RandomStreams;
import weft.transport.Connection;
import weft.transport.RoceV2;
import weft.units.DataSize;
import weft.units.Time;

/**
 * The port a packet takes next.
 *
 * <p>A hash gives a flow the same ports always, so they are worked out once, when its queue pair is
 * opened, and a packet carries a cursor into them; a sprayed packet draws at each switch.
 */
final class Paths {
  private final Fabric fabric;
  private final Routes routes;
  private final PortChoice choice;
  private final boolean spray;
  private int[] ports = new int[256]; // one path after the other
  private int used;
  private int[] data = new int[64]; // by queue pair: where its data's path starts, after the NIC
  private int[] answer = new int[64];

  Paths(Fabric fabric, LoadBalancing balancing, RandomStreams streams) {
    this.fabric = fabric;
    this.routes = Routes.of(fabric);
    this.choice = new PortChoice(streams, fabric.nodes().size());
    this.spray = balancing instanceof Spray;
  }

  /** Works out both ways of a queue pair. */
  void open(QueuePairs pairs, int qp) {
    if (qp >= data.length) {
      data = Arrays.copyOf(data, 2 * qp);
      answer = Arrays.copyOf(answer, 2 * qp);
    }
    int source = pairs.source[qp];
    int destination = pairs.destination[qp];
    int udpSource = PortChoice.sourcePort(qp);
    data[qp] = trace(source, destination, udpSource);
    pairs.sourcePort[qp] = ports[data[qp]++];
    answer[qp] = trace(destination, source, udpSource);
    pairs.answerPort[qp] = ports[answer[qp]++];
  }

  private int trace(int source, int destination, int udpSource) {
    int start = used;
    int end = fabric.node(destination);
    int node = fabric.node(source);
    do {
      int set = routes.towards(node, destination);
      int n = routes.count(set);
      if (n == 0 || (used > start && !fabric.nodes().get(node).role().forwards())) {
        throw new IllegalArgumentException(
            "GPU %d has no path to GPU %d outside other servers' NVSwitches: cable both to leaves"
                .formatted(source, destination));
      }
      int port = routes.port(set, choice.hashed(node, source, destination, udpSource, n));
      if (used == ports.length) {
        ports = Arrays.copyOf(ports, 2 * used);
      }
      ports[used++] = port;
      node = routes.endOf(port);
    } while (node != end);
    return start;
  }

  /** What the sender of an open queue pair may know of it. */
  Connection connection(QueuePairs pairs, int qp, Ports ports, DataSize mtu) {
    int first = pairs.sourcePort[qp];
    int switches = hops(data[qp], first, ports) - 1;
    int wire = (int) mtu.bytes() + RoceV2.OVERHEAD;
    long there = idlePs(data[qp], first, ports, wire);
    long back = idlePs(answer[qp], pairs.answerPort[qp], ports, RoceV2.ACK_WIRE);
    Time rtt = new Time(there + back);
    return new Connection(
        qp, pairs.source[qp], pairs.destination[qp], ports.rate[first], rtt, switches, mtu);
  }

  private int hops(int cursor, int first, Ports ports) {
    int hops = 1;
    for (int port = first; !ports.toHost[port]; port = this.ports[cursor++]) {
      hops++;
    }
    return hops;
  }

  /** Time for so many bytes along an idle path, ps. */
  private long idlePs(int cursor, int first, Ports ports, int wire) {
    long ps = 0;
    int port = first;
    while (!ports.toHost[port]) {
      ps += ports.rate[port].psFor(wire) + ports.flight[port];
      port = this.ports[cursor++];
    }
    return ps + ports.rate[port].psFor(wire) + ports.flight[port];
  }

  /** Sets a packet that leaves a host on its way. */
  void start(Packets packets, int packet) {
    int qp = packets.queuePair(packet);
    packets.setCursor(packet, packets.kind(packet) == Packets.DATA ? data[qp] : answer[qp]);
  }

  /** The port by which a packet leaves a switch. */
  int next(Packets packets, int packet, QueuePairs pairs, int node) {
    if (!spray) {
      int cursor = packets.cursor(packet);
      packets.setCursor(packet, cursor + 1);
      return ports[cursor];
    }
    int qp = packets.queuePair(packet);
    boolean forth = packets.kind(packet) == Packets.DATA;
    int set = routes.towards(node, forth ? pairs.destination[qp] : pairs.source[qp]);
    return routes.port(set, choice.drawn(routes.count(set)));
  }
}
