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

  final int[] controlHead;
  final int[] controlTail;
  final int[] dataHead;
  final int[] dataTail;
  final int[] flightHead;
  final int[] flightTail;
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
    controlHead = noPackets();
    controlTail = noPackets();
    dataHead = noPackets();
    dataTail = noPackets();
    flightHead = noPackets();
    flightTail = noPackets();
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

  private int[] noPackets() {
    int[] list = new int[count];
    Arrays.fill(list, NONE);
    return list;
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
    flight[port] = delay[port] + (toHost[port] ? 0 : fabric.switchLatency().ps());
    long bitsPerSecond = link.rate().bitsPerSecond();
    long common = greatestCommonDivisor(BITS_PS, bitsPerSecond);
    psNumerator[port] = BITS_PS / common;
    psDenominator[port] = bitsPerSecond / common;
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
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
