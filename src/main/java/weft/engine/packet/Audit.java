package weft.engine.packet;

import java.util.function.Supplier;
import weft.fabric.Fabric;

/** The conservation laws, checked against what actually lies in queues and on cables. */
final class Audit {
  private final Fabric fabric;
  private final Crew crew;
  private final long now;
  private final Ports ports;
  private final QueuePairs pairs;
  private final SharedBuffers buffers;
  private final DeviceSettings settings;
  private final long[] heldBy; // by port: bytes of its packets found in its switch's buffer
  private long underWay; // bytes found
  private long found; // packets

  Audit(Fabric fabric, Shared all, Crew crew) {
    this.fabric = fabric;
    this.crew = crew;
    this.now = crew.now();
    this.ports = all.ports();
    this.pairs = all.pairs();
    this.buffers = all.buffers();
    this.settings = all.settings();
    heldBy = new long[ports.count];
  }

  void check() {
    long dropped = 0;
    for (int p = 0; p < ports.count; p++) {
      checkPort(p);
      Port port = ports.port[p];
      dropped += port.tally.droppedBytes;
      for (int c = 0; c < ports.classes; c++) {
        checkQueue(port.lane(c));
      }
      count(port.control.slots, port.control.head, port.control.tail, false);
      count(port.inward.slots, port.inward.head, port.inward.tail, false);
      if (port.inbox != null) {
        Ring inbox = port.inbox.waiting;
        count(inbox.slots, inbox.head, inbox.tail, false);
      }
    }
    crew.underWay().forEach(this::count);
    checkTotals(dropped);
    checkBuffers();
    for (int qp = 0; qp < pairs.count(); qp++) {
      checkPair(qp);
    }
  }

  private void checkQueue(Lane lane) {
    long queued = count(lane.data.slots, lane.data.head, lane.data.tail, true);
    require(
        queued == lane.queueBytes,
        lane.index,
        "counts %d waiting bytes, but holds %d",
        lane.queueBytes,
        queued);
    require(
        lane.maxHeadroom <= buffers.headroomLimit(lane.index),
        lane.index,
        "filled %d B of a headroom of %d B",
        lane.maxHeadroom,
        buffers.headroomLimit(lane.index));
  }

  /** Bytes of the packets of a ring, which are counted as under way. */
  private long count(long[] ring, int head, int tail, boolean buffered) {
    long sum = 0;
    for (int k = head; k != tail; k++) {
      int i = k << Ring.BITS & ring.length - 1;
      int wire = Packet.wire(ring[i + 2]);
      sum += wire;
      if (buffered) {
        heldBy[(int) ring[i]] += buffers.room(wire);
      }
    }
    underWay += sum;
    found += tail - head;
    return sum;
  }

  private void count(Stream stream) {
    for (int i = 0; i < stream.size; i++) {
      if (stream.isPacket(i)) {
        underWay += Packet.wire(stream.words[(i << Ring.BITS) + 2]);
        found++;
      }
    }
  }

  private void checkTotals(long dropped) {
    long made = crew.sum(worker -> worker.sender.madeBytes);
    long taken = crew.sum(worker -> worker.hosts.takenBytes);
    require(
        made == taken + dropped + underWay,
        () ->
            "bytes injected must equal delivered + dropped + in flight, but %d != %d + %d + %d"
                .formatted(made, taken, dropped, underWay));
    long inUse =
        crew.sum(
            worker ->
                worker.sender.madePackets
                    - worker.hosts.takenPackets
                    - worker.network.droppedPackets);
    require(found == inUse, () -> "%d packets exist, but %d were found".formatted(inUse, found));
  }

  private void checkPort(int p) {
    Port port = ports.port[p];
    long sentUntilNow = port.busyPs(now);
    require(sentUntilNow <= now, p, "was busy for %d ps of %d", sentUntilNow, now);
    checkRate(p);
    require(
        port.tally.drops == 0
            || buffers.isLossy(ports.node[p])
            || buffers.hasLongestQueue(p)
            || settings.any(),
        p,
        "dropped %d packets (%d B), but its switch is lossless",
        port.tally.drops,
        port.tally.droppedBytes);
  }

  /** By the link's own rate, not by the times that sending was booked with. */
  private void checkRate(int p) {
    Port port = ports.port[p];
    double frames = port.bytes + (double) port.tally.frameBytes;
    double leastPs = frames * 8e12 / ports.rate[p].bitsPerSecond();
    double underWay = Math.max(0, port.busyUntil - now);
    require(
        leastPs <= now + underWay + 1e-9 * leastPs + 1,
        () ->
            "%s sent %.0f B until %d ps, more than its rate of %s allows"
                .formatted(ports.name[p], frames, now, ports.rate[p]));
  }

  private void checkBuffers() {
    long[] shared = new long[fabric.nodes().size()];
    for (int p = 0; p < ports.count; p++) {
      long held = 0;
      for (int c = 0; c < ports.classes; c++) {
        Lane lane = ports.port[p].lane(c);
        held += lane.shared + lane.headroom;
        shared[lane.node] += buffers.charged(lane);
      }
      require(heldBy[p] == held, p, "is charged %d B of buffer, but holds %d", held, heldBy[p]);
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
