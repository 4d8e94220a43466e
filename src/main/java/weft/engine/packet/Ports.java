package weft.engine.packet;

import java.util.ArrayList;
import java.util.List;
import weft.fabric.Fabric;
import weft.fabric.Forwarding;
import weft.fabric.Link;
import weft.fabric.Node;
import weft.transport.Credits;
import weft.transport.Framing;
import weft.transport.LinkControl;
import weft.transport.RoceV2;
import weft.transport.Transport;
import weft.units.Rate;

/**
 * Ports: what each is; how it stands and what it has done is in its {@link Port}.
 *
 * <p>Ports are numbered node by node, so that what one node uses lies together in memory; {@link
 * #number} is the number that the outside knows, twice the link's index and the direction. A port
 * stands for both directions at its node: what leaves by it and what comes in.
 */
final class Ports {
  private static final long BITS_PS = 8_000_000_000_000L; // 8 bits a byte, 10^12 ps a second

  final int count;
  private final int leastWire;
  final int classes;
  final int[] first; // by node, and one more: its first port
  final int[] number;
  final int[] at; // by number: the port
  final int[] node; // it belongs to
  final int[] peer; // at the cable's other end
  final String[] name;
  final Rate[] rate;
  final boolean[] ofHost;
  final boolean[] toHost;
  final boolean[] isInside; // a switch
  final long[] delay; // of the cable, ps
  final long[] flight; // cable, and the latency of the switch it leads to, ps

  final Port[] port;

  /**
   * @param leastWire no packet or frame is shorter, bytes
   * @param classes how many traffic classes there are, at least 1
   */
  Ports(Fabric fabric, int leastWire, int classes) {
    this.leastWire = leastWire;
    this.classes = classes;
    count = 2 * fabric.links().size();
    if (count > Stream.MOST_PORTS) {
      throw new IllegalArgumentException(
          "packets are simulated on at most %,d ports, but this fabric has %,d: take fewer GPUs"
              .formatted(Stream.MOST_PORTS, count));
    }
    first = firstPorts(fabric);
    number = new int[count];
    at = new int[count];
    node = new int[count];
    peer = new int[count];
    name = new String[count];
    rate = new Rate[count];
    ofHost = new boolean[count];
    toHost = new boolean[count];
    isInside = new boolean[count];
    delay = new long[count];
    flight = new long[count];
    port = new Port[count];
    describeAll(fabric);
    if (fabric.forwarding() == Forwarding.CUT_THROUGH) {
      cutThrough(fabric);
    }
  }

  /** What comes in slower than some port of the switch sends would overtake its own last bit. */
  private void cutThrough(Fabric fabric) {
    for (Port each : port) {
      int next = node[each.peer];
      Node.Role role = fabric.nodes().get(next).role();
      boolean cuts = role == Node.Role.SWITCH || role == Node.Role.NVSWITCH;
      for (int p = first[next]; p < first[next + 1]; p++) {
        cuts &= rate[p].compareTo(rate[each.index]) <= 0;
      }
      if (cuts) {
        each.cutThrough();
      }
    }
  }

  /** The shortest that any packet or frame may be on the wire, bytes. */
  static int leastWire(Transport transport) {
    Framing framing = transport.onTheWire();
    int least = Math.min(framing.acknowledgement(), framing.notification());
    least = Math.min(least, Math.min(framing.data() + 1, RoceV2.PAUSE_WIRE));
    if (transport.link() instanceof LinkControl.Trim trim) {
      least = Math.min(least, trim.wireBytes());
    }
    return transport.link() instanceof Credits ? Math.min(least, Credits.UPDATE_WIRE) : least;
  }

  private static int[] firstPorts(Fabric fabric) {
    int[] first = new int[fabric.nodes().size() + 1];
    for (Link link : fabric.links()) {
      first[link.a() + 1]++;
      first[link.b() + 1]++;
    }
    for (int n = 1; n < first.length; n++) {
      first[n] += first[n - 1];
    }
    return first;
  }

  private void describeAll(Fabric fabric) {
    int[] next = first.clone();
    for (int l = 0; l < fabric.links().size(); l++) {
      Link link = fabric.links().get(l);
      int a = next[link.a()]++;
      int b = next[link.b()]++;
      peer[a] = b;
      peer[b] = a;
      describe(fabric, a, 2 * l, link, link.a(), link.b());
      describe(fabric, b, 2 * l + 1, link, link.b(), link.a());
    }
  }

  private void describe(Fabric fabric, int port, int outside, Link link, int start, int end) {
    List<Node> nodes = fabric.nodes();
    number[port] = outside;
    at[outside] = port;
    node[port] = start;
    name[port] = nodes.get(start).name() + ">" + nodes.get(end).name();
    rate[port] = link.rate();
    ofHost[port] = nodes.get(start).role().isEndpoint();
    toHost[port] = nodes.get(end).role().isEndpoint();
    delay[port] = link.delay().ps();
    isInside[port] =
        nodes.get(start).role() == Node.Role.ADDER || nodes.get(end).role() == Node.Role.ADDER;
    boolean passes = !toHost[port] && !isInside[port]; // which takes a switch's time
    flight[port] = delay[port] + (passes ? fabric.latencyOf(end).ps() : 0);
    long bitsPerSecond = link.rate().bitsPerSecond();
    long common = greatestCommonDivisor(BITS_PS, bitsPerSecond);
    this.port[port] =
        new Port(
            port,
            start,
            peer[port],
            ofHost[port],
            flight[port],
            BITS_PS / common,
            bitsPerSecond / common,
            classes);
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  int nodes() {
    return first.length - 1;
  }

  /** Nothing that begins to leave by a port is at its other end sooner than after this, ps. */
  long leastTransit(int port) {
    return this.port[port].leastTransit(delay[port], leastWire);
  }

  /** What begins to leave by a port is in the next node not later than after this, ps. */
  long mostTransit(int port) {
    return this.port[port].mostTransit();
  }

  /** What a port has done so far for each of several classes; none for one class. */
  List<ClassCounters> classes(int index, long now) {
    Port p = port[index];
    var counters = new ArrayList<ClassCounters>();
    for (int c = 0; p.tallies != null && c < p.tallies.length; c++) {
      ClassTally tally = p.tallies[c];
      counters.add(
          new ClassCounters(
              number[index],
              c,
              tally.bytes,
              tally.packets,
              tally.marks,
              tally.drops,
              tally.pausesSent,
              tally.pausesReceived,
              p.lane(c).pausedFor(now),
              tally.maxQueueBytes));
    }
    return counters;
  }

  /** What a port has done so far. */
  PortCounters counters(int index, long now) {
    Port p = port[index];
    return new PortCounters(
        number[index],
        number[index] / 2,
        name[index],
        p.bytes,
        p.packets,
        p.tally.marks,
        p.tally.drops,
        p.tally.trims,
        p.tally.overruns,
        p.tally.lost,
        p.tally.linkRetries,
        p.tally.watchdogDrops,
        p.tally.pausesSent,
        p.tally.pausesReceived,
        p.pausedPs(now),
        Math.max(p.maxQueueBytes, p.tally.maxQueueBefore),
        p.busyPs);
  }
}
