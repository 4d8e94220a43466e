package weft.engine.packet;

import java.util.List;
import org.jspecify.annotations.Nullable;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;
import weft.transport.RoceV2;
import weft.units.Rate;

/**
 * Ports: what each is, how it stands, what it has done.
 *
 * <p>Ports are numbered node by node, so that what one node uses lies together in memory; {@link
 * #number} is the number that the outside knows, twice the link's index and the direction. A port
 * stands for both directions at its node: what leaves by it and what comes in.
 */
final class Ports {
  /** What a pending pause frame says. */
  static final byte NO_FRAME = 0;

  static final byte SAY_PAUSE = 1;
  static final byte SAY_RESUME = 2;

  private static final long BITS_PS = 8_000_000_000_000L; // 8 bits a byte, 10^12 ps a second

  final int count;
  final int[] first; // by node, and one more: its first port
  final int[] number;
  final int[] at; // by number: the port
  final int[] node; // it belongs to
  final int[] peer; // at the cable's other end
  final String[] name;
  final Rate[] rate;
  final boolean[] ofHost;
  final boolean[] toHost;
  final long[] delay; // of the cable, ps
  final long[] flight; // cable, and the latency of the switch it leads to, ps

  // A byte takes psNumerator / psDenominator ps; carry holds what a whole number of ps left over.
  private final long[] psNumerator;
  private final long[] psDenominator;
  private final long[] carry;

  final long[] busyUntil;
  final boolean[] freePending;
  final boolean[] paused;
  final long[] pausedAt;
  final @Nullable PacketLog[] log; // of what leaves, where one was asked for
  final byte[] frame; // a pause or resume frame that waits to be sent
  final long[] queueBytes; // of waiting data

  final long[] bytes;
  final long[] packets;
  final long[] marks;
  final long[] drops;
  final long[] droppedBytes;
  final long[] pausesSent;
  final long[] pausesReceived;
  final long[] pausedPs;
  final long[] maxQueueBytes;
  final long[] busyPs;

  Ports(Fabric fabric) {
    count = 2 * fabric.links().size();
    first = firstPorts(fabric);
    number = new int[count];
    at = new int[count];
    node = new int[count];
    peer = new int[count];
    name = new String[count];
    rate = new Rate[count];
    ofHost = new boolean[count];
    toHost = new boolean[count];
    delay = new long[count];
    flight = new long[count];
    psNumerator = new long[count];
    psDenominator = new long[count];
    carry = new long[count];
    busyUntil = new long[count];
    freePending = new boolean[count];
    paused = new boolean[count];
    pausedAt = new long[count];
    log = new @Nullable PacketLog[count];
    frame = new byte[count];
    queueBytes = new long[count];
    bytes = new long[count];
    packets = new long[count];
    marks = new long[count];
    drops = new long[count];
    droppedBytes = new long[count];
    pausesSent = new long[count];
    pausesReceived = new long[count];
    pausedPs = new long[count];
    maxQueueBytes = new long[count];
    busyPs = new long[count];
    describeAll(fabric);
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
    ofHost[port] = nodes.get(start).role() == Node.Role.GPU;
    toHost[port] = nodes.get(end).role() == Node.Role.GPU;
    delay[port] = link.delay().ps();
    flight[port] = delay[port] + (toHost[port] ? 0 : fabric.latencyOf(end).ps());
    long bitsPerSecond = link.rate().bitsPerSecond();
    long common = greatestCommonDivisor(BITS_PS, bitsPerSecond);
    psNumerator[port] = BITS_PS / common;
    psDenominator[port] = bitsPerSecond / common;
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  int nodes() {
    return first.length - 1;
  }

  /** Nothing that begins to leave by a port is at its other end sooner than after this, ps. */
  long leastTransit(int port) {
    return delay[port] + RoceV2.PAUSE_WIRE * psNumerator[port] / psDenominator[port];
  }

  /**
   * Picoseconds that so many bytes take, exact over any number of packets: what a rate like 3.6
   * Tb/s leaves of a picosecond is carried over to the port's next packet.
   */
  long serialise(int port, int wireBytes) {
    long ps = wireBytes * psNumerator[port];
    if (psDenominator[port] == 1) {
      return ps;
    }
    long total = ps + carry[port];
    carry[port] = total % psDenominator[port];
    return total / psDenominator[port];
  }

  /** What a port has done so far. */
  PortCounters counters(int port, long now) {
    long stopped = paused[port] ? now - pausedAt[port] : 0;
    return new PortCounters(
        number[port],
        number[port] / 2,
        name[port],
        bytes[port],
        packets[port],
        marks[port],
        drops[port],
        pausesSent[port],
        pausesReceived[port],
        pausedPs[port] + stopped,
        maxQueueBytes[port],
        busyPs[port]);
  }
}
