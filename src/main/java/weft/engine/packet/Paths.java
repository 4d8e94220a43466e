package weft.engine.packet;

import java.util.Arrays;
import java.util.stream.IntStream;
import weft.fabric.Fabric;
import weft.routing.LoadBalancing.Granularity;
import weft.transport.Connection;
import weft.transport.Framing;
import weft.units.DataSize;
import weft.units.Time;

/**
 * The port a packet takes next.
 *
 * <p>What is chosen by flow, and not sprayed by the sender, is worked out once, when its queue pair
 * is opened, and a packet carries a cursor into it; other policies are asked at each switch, and
 * the first port, where a GPU has several, is the 5-tuple's.
 */
final class Paths {
  private final Fabric fabric;
  private final Selectors selectors;
  private final Ports links;
  private final Header header = new Header();
  private final boolean byFlow;
  private final Framing framing;
  private int[] ports = new int[256]; // one path after the other; or ~ where it goes on instead
  private int used;
  private int[] data = new int[64]; // by queue pair: where its data's path starts, after the NIC
  private int[] answer = new int[64];

  /**
   * @param sprays whether senders give each packet an entropy value of its own
   */
  Paths(
      Fabric fabric,
      Granularity granularity,
      Selectors selectors,
      Framing framing,
      boolean sprays) {
    this.framing = framing;
    this.links = selectors.ports;
    this.fabric = fabric;
    this.selectors = selectors;
    this.byFlow = granularity == Granularity.FLOW && !sprays;
  }

  /** Works out both ways of a queue pair. */
  void open(QueuePairs pairs, int qp) {
    if (qp >= data.length) {
      data = Arrays.copyOf(data, 2 * qp);
      answer = Arrays.copyOf(answer, 2 * qp);
    }
    data[qp] = trace(header.of(pairs, qp, true, 0));
    pairs.sourcePort[qp] = ports[data[qp]++];
    answer[qp] = trace(header.of(pairs, qp, false, 0));
    pairs.answerPort[qp] = ports[answer[qp]++];
  }

  /**
   * Works both ways of a queue pair out anew. Packets under way turn to the new way where the old
   * one meets it, because its node's table is new.
   */
  void renew(QueuePairs pairs, int qp) {
    data[qp] = renewed(header.of(pairs, qp, true, 0), data[qp]);
    pairs.sourcePort[qp] = ports[data[qp] - 1];
    answer[qp] = renewed(header.of(pairs, qp, false, 0), answer[qp]);
    pairs.answerPort[qp] = ports[answer[qp] - 1];
  }

  /** Where the new way goes on after the first port, which is as before if the way is. */
  private int renewed(Header packet, int before) {
    int start = trace(packet);
    if (Arrays.equals(ports, start, used, ports, before - 1, before - 1 + used - start)) {
      used = start;
      return before;
    }
    boolean more = !links.toHost[ports[before - 1]];
    for (int old = before; more; old++) {
      int port = ports[old];
      more = !links.toHost[port];
      for (int i = start; i < used; i++) {
        if (links.node[ports[i]] == links.node[port]) {
          ports[old] = ~i;
        }
      }
    }
    return start + 1;
  }

  /** A step of a path, or what has replaced it. */
  int current(int cursor) {
    int at = cursor;
    while (ports[at] < 0) {
      at = ~ports[at];
    }
    return at;
  }

  /** The ports on the way of a queue pair's data, or of its answers. */
  IntStream way(int qp, boolean isData) {
    int first = start(qp, isData) - 1;
    return IntStream.range(first, first + hops(first + 1, ports[first])).map(i -> ports[i]);
  }

  void checkEnds(int sourceGpu, int destinationGpu) {
    if (fabric.node(sourceGpu) == fabric.node(destinationGpu)) {
      throw new IllegalArgumentException(
          "a queue pair joins two GPUs, but both ends are GPU " + sourceGpu);
    }
  }

  private int trace(Header packet) {
    int source = packet.source();
    int destination = packet.destination();
    int start = used;
    int end = fabric.node(destination);
    int node = fabric.node(source);
    do {
      if (!selectors.leads(node, destination)
          || (used > start && !fabric.nodes().get(node).role().forwards())) {
        throw new IllegalArgumentException(
            "GPU %d has no path to GPU %d outside other servers' NVSwitches: cable both to leaves"
                .formatted(source, destination));
      }
      int port = byFlow ? selectors.choose(node, packet) : selectors.hash(node, packet);
      if (used == ports.length) {
        ports = Arrays.copyOf(ports, 2 * used);
      }
      ports[used++] = port;
      node = links.node[links.peer[port]];
    } while (node != end);
    return start;
  }

  /** What the sender of an open queue pair may know of it. */
  Connection connection(QueuePairs pairs, int qp, DataSize mtu) {
    int first = pairs.sourcePort[qp];
    int switches = hops(data[qp], first) - 1;
    int wire = (int) mtu.bytes() + framing.data();
    long there = idlePs(data[qp], first, wire);
    long back = idlePs(answer[qp], pairs.answerPort[qp], framing.acknowledgement());
    Time rtt = new Time(there + back);
    return new Connection(
        qp, pairs.source[qp], pairs.destination[qp], links.rate[first], rtt, switches, mtu);
  }

  private int hops(int cursor, int first) {
    int hops = 1;
    for (int port = first; !links.toHost[port]; port = ports[cursor++]) {
      hops++;
    }
    return hops;
  }

  /** Time for so many bytes along an idle path, ps. */
  private long idlePs(int cursor, int first, int wire) {
    long ps = 0;
    int port = first;
    while (!links.toHost[port]) {
      ps += links.port[port].arrival(0, links.rate[port].psFor(wire));
      port = ports[cursor++];
    }
    return ps + links.port[port].arrival(0, links.rate[port].psFor(wire));
  }

  /** Where the path of a queue pair's data, or of its answers, goes on after the first port. */
  int start(int qp, boolean isData) {
    return isData ? data[qp] : answer[qp];
  }

  /** Whether every packet carries its path as a cursor for {@link #port}. */
  boolean areFixed() {
    return byFlow;
  }

  /** The port at a step of a path. */
  int port(int cursor) {
    return ports[cursor];
  }

  /** The port by which a packet leaves a switch where each packet is asked for. */
  int choose(int node, Header packet) {
    return selectors.choose(node, packet);
  }
}
