package weft.engine.packet;

import static weft.engine.packet.Packets.NONE;

import java.util.Arrays;
import java.util.List;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;
import weft.units.Rate;

/**
 * Ports, each one direction of a link: what it is, what waits there, what flies behind it.
 *
 * <p>Three lists of packets a port: control (acknowledgements and notifications, strictly first),
 * data, and the packets under way on the cable.
 */
final class Ports {
  /** What a pending pause frame says. */
  static final byte NO_FRAME = 0;

  static final byte SAY_PAUSE = 1;
  static final byte SAY_RESUME = 2;

  /** The list of acknowledgements and notifications that wait. */
  static final int CONTROL = 0;

  /** The list of data packets that wait. */
  static final int DATA = 2;

  /** The list of packets on the cable. */
  static final int FLIGHT = 4;

  private static final int LIST_BITS = 3;

  private static final long BITS_PS = 8_000_000_000_000L; // 8 bits a byte, 10^12 ps a second

  final int count;
  final String[] name;
  final Rate[] rate;
  final int[] from;
  final int[] to;
  final boolean[] fromHost;
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
  final byte[] frame; // a pause or resume frame that waits to be sent

  private final int[] lists; // eight ints a port: head and tail of each list
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
    name = new String[count];
    rate = new Rate[count];
    from = new int[count];
    to = new int[count];
    fromHost = new boolean[count];
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
    frame = new byte[count];
    lists = new int[count << LIST_BITS];
    Arrays.fill(lists, NONE);
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
    for (int l = 0; l < fabric.links().size(); l++) {
      Link link = fabric.links().get(l);
      describe(fabric, 2 * l, link, link.a(), link.b());
      describe(fabric, 2 * l + 1, link, link.b(), link.a());
    }
  }

  private void describe(Fabric fabric, int port, Link link, int start, int end) {
    List<Node> nodes = fabric.nodes();
    name[port] = nodes.get(start).name() + ">" + nodes.get(end).name();
    rate[port] = link.rate();
    from[port] = start;
    to[port] = end;
    fromHost[port] = nodes.get(start).role() == Node.Role.GPU;
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

  /** The first packet of a port's list, or {@link Packets#NONE}. */
  int first(int port, int list) {
    return lists[port << LIST_BITS | list];
  }

  boolean isEmpty(int port, int list) {
    return lists[port << LIST_BITS | list] == NONE;
  }

  void append(Packets packets, int port, int list, int packet) {
    int head = port << LIST_BITS | list;
    packets.setNext(packet, NONE);
    if (lists[head] == NONE) {
      lists[head] = packet;
    } else {
      packets.setNext(lists[head + 1], packet);
    }
    lists[head + 1] = packet;
  }

  /** Takes the first packet off a list that is not empty. */
  int removeFirst(Packets packets, int port, int list) {
    int head = port << LIST_BITS | list;
    int packet = lists[head];
    lists[head] = packets.next(packet);
    return packet;
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
}
