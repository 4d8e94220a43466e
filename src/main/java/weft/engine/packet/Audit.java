package weft.engine.packet;

import static weft.engine.packet.Packets.NONE;

import java.util.function.Supplier;
import weft.fabric.Fabric;
import weft.transport.RoceV2;

/** The conservation laws, checked against what actually lies in queues and on cables. */
final class Audit {
  private final Fabric fabric;
  private final Events events;
  private final Packets packets;
  private final Ports ports;
  private final QueuePairs pairs;
  private final SharedBuffers buffers;

  Audit(
      Fabric fabric,
      Events events,
      Packets packets,
      Ports ports,
      QueuePairs pairs,
      SharedBuffers buffers) {
    this.fabric = fabric;
    this.events = events;
    this.packets = packets;
    this.ports = ports;
    this.pairs = pairs;
    this.buffers = buffers;
  }

  void check() {
    long[] heldBy = new long[ports.count];
    long dropped = 0;
    long underWay = 0;
    int found = 0;
    for (int p = 0; p < ports.count; p++) {
      checkPort(p);
      dropped += ports.droppedBytes[p];
      long queued = 0;
      for (int k = ports.first(p, Ports.DATA); k != NONE; k = packets.next(k)) {
        queued += packets.wire(k);
        heldBy[packets.ingress(k)] += packets.wire(k);
        found++;
      }
      require(
          queued == ports.queueBytes[p],
          p,
          "counts %d waiting bytes, but holds %d",
          ports.queueBytes[p],
          queued);
      underWay +=
          queued
              + bytesFrom(ports.first(p, Ports.CONTROL))
              + bytesFrom(ports.first(p, Ports.FLIGHT));
      found += lengthFrom(ports.first(p, Ports.CONTROL)) + lengthFrom(ports.first(p, Ports.FLIGHT));
    }
    checkTotals(dropped, underWay, found);
    checkBuffers(heldBy);
    for (int qp = 0; qp < pairs.count(); qp++) {
      checkPair(qp);
    }
  }

  private void checkTotals(long dropped, long underWay, int found) {
    require(
        packets.created() == packets.consumed() + dropped + underWay,
        () ->
            "bytes injected must equal delivered + dropped + in flight, but %d != %d + %d + %d"
                .formatted(packets.created(), packets.consumed(), dropped, underWay));
    require(
        found == packets.inUse(),
        () -> "%d packets exist, but %d were found".formatted(packets.inUse(), found));
  }

  private void checkPort(int p) {
    long sentUntilNow = ports.busyPs[p] - Math.max(0, ports.busyUntil[p] - events.now);
    require(sentUntilNow <= events.now, p, "was busy for %d ps of %d", sentUntilNow, events.now);
    checkRate(p);
    require(
        ports.drops[p] == 0 || buffers.isLossy(ports.from[p]),
        p,
        "dropped %d packets (%d B), but its switch is lossless",
        ports.drops[p],
        ports.droppedBytes[p]);
    require(
        buffers.maxHeadroom(p) <= buffers.headroomLimit(p),
        p,
        "filled %d B of a headroom of %d B",
        buffers.maxHeadroom(p),
        buffers.headroomLimit(p));
  }

  /** By the link's own rate, not by the times that sending was booked with. */
  private void checkRate(int p) {
    double frames = ports.bytes[p] + (double) ports.pausesSent[p] * RoceV2.PAUSE_WIRE;
    double leastPs = frames * 8e12 / ports.rate[p].bitsPerSecond();
    double underWay = Math.max(0, ports.busyUntil[p] - events.now);
    require(
        leastPs <= events.now + underWay + 1e-9 * leastPs + ports.pausesSent[p] + 1,
        () ->
            "%s sent %.0f B until %d ps, more than its rate of %s allows"
                .formatted(ports.name[p], frames, events.now, ports.rate[p]));
  }

  private long bytesFrom(int packet) {
    long sum = 0;
    for (int k = packet; k != NONE; k = packets.next(k)) {
      sum += packets.wire(k);
    }
    return sum;
  }

  private int lengthFrom(int packet) {
    int n = 0;
    for (int k = packet; k != NONE; k = packets.next(k)) {
      n++;
    }
    return n;
  }

  private void checkBuffers(long[] heldBy) {
    long[] shared = new long[fabric.nodes().size()];
    for (int p = 0; p < ports.count; p++) {
      require(
          heldBy[p] == buffers.held(p),
          p,
          "is charged %d B of buffer, but holds %d",
          buffers.held(p),
          heldBy[p]);
      shared[ports.to[p]] += buffers.shared(p);
    }
    for (int n = 0; n < shared.length; n++) {
      int node = n;
      require(
          shared[n] == buffers.usedShared(n),
          () ->
              "%s counts %d B of shared buffer in use, but its inputs hold %d"
                  .formatted(
                      fabric.nodes().get(node).name(), buffers.usedShared(node), shared[node]));
    }
  }

  private void checkPair(int qp) {
    long received = pairs.receivedBytes[qp];
    long posted = pairs.postedBytes[qp];
    boolean all = pairs.expected[qp] == pairs.endPsn[qp];
    require(
        all ? received == posted : received <= posted,
        () ->
            "queue pair %d received %d of %d bytes in %s packets"
                .formatted(qp, received, posted, all ? "all its" : "some"));
    require(
        pairs.unacked[qp] <= pairs.expected[qp] && pairs.expected[qp] <= pairs.sent[qp],
        () ->
            "queue pair %d acknowledged %d, received %d, sent %d packets"
                .formatted(qp, pairs.unacked[qp], pairs.expected[qp], pairs.sent[qp]));
  }

  private void require(boolean holds, int port, String what, long a, long b) {
    if (!holds) {
      throw new IllegalStateException(ports.name[port] + " " + what.formatted(a, b));
    }
  }

  private static void require(boolean holds, Supplier<String> what) {
    if (!holds) {
      throw new IllegalStateException(what.get());
    }
  }
}
