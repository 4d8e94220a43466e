package weft.experiment;

import static weft.experiment.Symptoms.count;
import static weft.experiment.Symptoms.names;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import weft.engine.packet.PortCounters;
import weft.engine.packet.QueuePairCounters;
import weft.engine.packet.QueuePairCounters.Status;
import weft.fault.FaultPlan;
import weft.fault.FaultStep.State;
import weft.units.Time;

/** What stands still in a network, or lies dead: ports without a link, circles, timers. */
final class Outages {
  private final NetworkLoad load;
  private final Map<Integer, Long> downSince = new TreeMap<>(); // by port, ps

  /**
   * @param faults whose dead ports an engineer sees as down
   */
  Outages(NetworkLoad load, FaultPlan faults) {
    this.load = load;
    faults.steps().stream()
        .filter(step -> step.state() == State.DEAD && step.value() > 0)
        .filter(step -> step.timePs() <= load.elapsedPs())
        .forEach(step -> downSince.putIfAbsent(step.port(), step.timePs()));
  }

  /** Whether a port was without a link for a while. */
  boolean wasDown(PortCounters port) {
    return downSince.containsKey(port.port());
  }

  /**
   * @param circle the names of ports each of which waits for the next
   */
  static Optional<Finding> deadlock(List<String> circle) {
    return circle.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                "deadlock",
                names(circle.stream().map(port -> port.substring(0, port.indexOf('>'))).toList()),
                "%s waits for %s".formatted(String.join(" waits for ", circle), circle.get(0)),
                "use routes that go up and then down; under PFC a watchdog breaks the circle for a while, Pfc.dynamic().watchdog(ms(200))"));
  }

  /** Ports that sent while they had no link. */
  Optional<Finding> linksDown() {
    List<PortCounters> down =
        load.ports().stream().filter(port -> wasDown(port) && port.lost() > 0).toList();
    return down.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                "link down",
                "cable of " + names(down.stream().map(PortCounters::name).toList()),
                "lost %s, down since %s"
                    .formatted(
                        count(down.stream().mapToLong(PortCounters::lost).sum(), "packet"),
                        new Time(
                            down.stream().mapToLong(p -> downSince.get(p.port())).min().orElse(0))),
                "see what is at its other end; where there is another path, have it noticed and routes converge sooner"));
  }

  /** To be asked only where nothing else explains timeouts: nothing is lost, nobody is paused. */
  Optional<Finding> timerTooShort() {
    List<QueuePairCounters> late =
        load.queuePairs().stream().filter(qp -> qp.timeouts() > 0).toList();
    boolean lost = load.drops() + load.trims() + load.lost() + load.watchdogDrops() > 0;
    if (late.isEmpty() || lost || load.pauses() > 0) {
      return Optional.empty();
    }
    long gaveUp = late.stream().filter(qp -> qp.status() == Status.RETRY_EXCEEDED).count();
    return Optional.of(
        new Finding(
            "timeout too short",
            "NIC of " + names(late.stream().map(qp -> gpu(qp.source())).toList()),
            "%s, though nothing was lost; %s sent %,d packets again in vain%s"
                .formatted(
                    count(late.stream().mapToLong(QueuePairCounters::timeouts).sum(), "timeout"),
                    count(late.size(), "queue pair"),
                    late.stream().mapToLong(QueuePairCounters::retransmittedPackets).sum(),
                    gaveUp == 0
                        ? ""
                        : ", %,d gave up (%s)".formatted(gaveUp, Status.RETRY_EXCEEDED.verbs())),
            "raise the timeout above a round trip with full queues"));
  }

  private String gpu(int number) {
    return load.fabric().nodes().get(load.fabric().node(number)).name();
  }
}
