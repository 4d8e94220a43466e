package weft.engine.packet;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import weft.engine.packet.DroppedPacket.Reason;

/** The first packets that did not get past a port, as some longs each. */
final class DropLog {
  private static final int FIELDS = 4;

  private final int port;
  private final int most;
  private long[] entries = new long[FIELDS * 16];
  private int size;

  /**
   * @param port as the outside counts them
   */
  DropLog(int port, int most) {
    this.port = port;
    this.most = most;
  }

  /** Has each port keep so many. */
  static void putAt(Ports ports, int most) {
    for (Port port : ports.port) {
      port.dropLog = new DropLog(ports.number[port.index], most);
    }
  }

  /** What all ports kept, in the order of time. */
  static List<DroppedPacket> packetsOf(Ports ports) {
    return Arrays.stream(ports.port)
        .map(port -> port.dropLog)
        .filter(Objects::nonNull)
        .flatMap(log -> log.packets().stream())
        .sorted(Comparator.comparingLong(DroppedPacket::timePs)) // stable: then by port
        .toList();
  }

  /**
   * @param ingress the port it came in by, as the outside counts them, or {@link
   *     DroppedPacket#NO_PORT}
   */
  void add(long timePs, long owner, long head, long queueBytes, int ingress, Reason reason) {
    if (size == most) {
      return;
    }
    int at = FIELDS * size++;
    if (at == entries.length) {
      entries = Arrays.copyOf(entries, 2 * at);
    }
    entries[at] = timePs;
    entries[at + 1] = owner;
    entries[at + 2] = (long) ingress << 32 | (long) (reason.code() << 24) | (head & 0xFF_FFFF);
    entries[at + 3] = queueBytes;
  }

  List<DroppedPacket> packets() {
    return IntStream.range(0, size).mapToObj(this::packet).toList();
  }

  private DroppedPacket packet(int index) {
    int at = FIELDS * index;
    long owner = entries[at + 1];
    long what = entries[at + 2];
    return new DroppedPacket(
        entries[at],
        port,
        (int) (what >> 32),
        Reason.of((int) what >>> 24),
        Packet.queuePair(owner),
        Packet.psn(owner),
        PacketLog.KINDS[Packet.kind(what)],
        Packet.wire(what),
        Packet.has(what, Packet.MARKED),
        entries[at + 3]);
  }
}
