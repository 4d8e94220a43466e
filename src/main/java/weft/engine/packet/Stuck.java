package weft.engine.packet;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import weft.engine.packet.QueuePairCounters.Status;
import weft.fabric.Fabric;
import weft.units.DataSize;
import weft.units.Time;

/** Why messages have not been delivered, in the reader's words. */
final class Stuck {
  private final Fabric fabric;
  private final long now;
  private final Ports ports;
  private final QueuePairs pairs;
  private final Messages messages;
  private final Paths paths;
  private final Grants grants;
  private final Faults faults;

  Stuck(Fabric fabric, long now, Shared all, Faults faults) {
    this.fabric = fabric;
    this.now = now;
    this.ports = all.ports();
    this.pairs = all.pairs();
    this.messages = all.messages();
    this.paths = all.paths();
    this.grants = all.grants();
    this.faults = faults;
  }

  List<String> lines(List<String> deadlock) {
    Stream<String> undelivered =
        IntStream.range(0, messages.count())
            .filter(m -> messages.delivered[m] == PacketEngine.NOT_YET)
            .mapToObj(this::line);
    return Stream.of(circle(deadlock), faults.storms(), undelivered)
        .flatMap(lines -> lines)
        .toList();
  }

  private static Stream<String> circle(List<String> deadlock) {
    return deadlock.isEmpty()
        ? Stream.empty()
        : Stream.of(
            "deadlock: %s waits for %s: each may send once the next has, so none ever will; break the circle by routes that go up and then down, or by Pfc's watchdog"
                .formatted(String.join(" waits for ", deadlock), deadlock.get(0)));
  }

  private String line(int message) {
    int qp = messages.queuePair[message];
    int packets = messages.endPsn[message] - messages.firstPsn[message];
    int received = Math.min(packets, Math.max(0, pairs.expected[qp] - messages.firstPsn[message]));
    return "message %d (%s > %s, %s): %d of %d packets received; %s"
        .formatted(
            message,
            gpu(pairs.source[qp]),
            gpu(pairs.destination[qp]),
            new DataSize(messages.bytes[message]),
            received,
            packets,
            reason(message, qp) + fault(qp));
  }

  /** A port that loses packets, on the way of a queue pair's data or back. */
  private String fault(int qp) {
    String why = faults.why(IntStream.concat(paths.way(qp, true), paths.way(qp, false)).toArray());
    return why.isEmpty() ? "" : ", because " + why;
  }

  private String gpu(int number) {
    return fabric.nodes().get(fabric.node(number)).name();
  }

  private String reason(int message, int qp) {
    int port = pairs.sourcePort[qp];
    if (pairs.status[qp] == Status.RETRY_EXCEEDED) {
      return "its queue pair gave up after %d timeouts (%s)"
          .formatted(pairs.retries[qp], pairs.status[qp].verbs());
    }
    if (messages.notBefore[message] > now) {
      return "not to start before " + new Time(messages.notBefore[message]);
    }
    if (pairs.nextPsn[qp] < messages.firstPsn[message]) {
      return "waits for earlier messages of its queue pair";
    }
    Lane lane = ports.port[port].lane(pairs.trafficClass[qp]);
    if (lane.paused) {
      return "%s is paused since %s".formatted(ports.name[port], new Time(lane.pausedAt));
    }
    if (grants.areUsed() && !pairs.outstanding(qp)) {
      return "its receiver grants it no credit";
    }
    return pairs.outstanding(qp)
        ? "%d packets are not acknowledged".formatted(pairs.sent[qp] - pairs.unacked[qp])
        : "waits for its turn at " + ports.name[port];
  }
}
