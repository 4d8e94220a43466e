package weft.experiment;

import static weft.experiment.Symptoms.count;
import static weft.experiment.Symptoms.names;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import weft.engine.packet.DroppedPacket;
import weft.engine.packet.DroppedPacket.Reason;
import weft.engine.packet.PortCounters;
import weft.fabric.Fabric;
import weft.fault.FaultPlan;
import weft.report.Digits;
import weft.transport.BufferCells;
import weft.transport.CongestionControl.Signal;
import weft.transport.Pfc;
import weft.transport.Transport;
import weft.units.Time;

/** Goes through a run's symptoms and names whose setting explains them. */
final class Examination {
  private final Symptoms symptoms;
  private final Fabric fabric;
  private final Transport transport;
  private final long largest; // packet on the wire
  private final Outages outages;

  private Examination(NetworkLoad load, Drops drops, FaultPlan faults) {
    this.symptoms = new Symptoms(load, drops);
    this.fabric = load.fabric();
    this.transport = drops.transport();
    this.largest = transport.onTheWire().largest(transport.mtu());
    this.outages = new Outages(load, faults);
  }

  static Diagnosis of(NetworkLoad load, Drops drops, Ending ending, FaultPlan faults) {
    var examination = new Examination(load, drops, faults);
    var findings = new ArrayList<Finding>();
    Outages.deadlock(ending.circle()).ifPresent(findings::add);
    examination.outages.linksDown().ifPresent(findings::add);
    if (drops.transport().link() instanceof Pfc pfc) {
      examination.examinePausing(findings, pfc);
    }
    if (examination.listensToMarks()) {
      examination.each(Symptoms::switches, examination::lateMarks, findings);
    }
    examination.bitErrors().ifPresent(findings::add);
    if (findings.isEmpty()) {
      examination.outages.timerTooShort().ifPresent(findings::add);
    }
    return new Diagnosis(findings);
  }

  private interface Devices {
    int[] of(Symptoms symptoms);
  }

  private interface Rule {
    Optional<Finding> at(int device);
  }

  private void each(Devices devices, Rule rule, List<Finding> findings) {
    Arrays.stream(devices.of(symptoms)).forEach(d -> rule.at(d).ifPresent(findings::add));
  }

  private void examinePausing(List<Finding> findings, Pfc pfc) {
    Map<Integer, List<DroppedPacket>> strangers = unprotected();
    each(Symptoms::switches, this::pfcOff, findings);
    strangers.forEach((gpu, packets) -> findings.add(priorityMismatch(gpu, packets)));
    for (int device : symptoms.endpoints()) {
      boolean explained = strangers.keySet().stream().anyMatch(g -> fabric.node(g) == device);
      if (!explained) {
        pausesIgnored(device).ifPresent(findings::add);
      }
    }
    each(Symptoms::endpoints, this::pauseStorm, findings);
    each(Symptoms::switches, this::headroomTooSmall, findings);
    each(Symptoms::switches, this::queueTooShort, findings);
    if (listensToMarks()) {
      thresholdsSwapped(pfc).ifPresent(findings::add);
    }
  }

  private boolean listensToMarks() {
    var signals = transport.control().signals();
    return signals.contains(Signal.NOTIFICATION) || signals.contains(Signal.ECN_ECHO);
  }

  private static long sum(List<PortCounters> ports, ToLongFunction<PortCounters> of) {
    return ports.stream().mapToLong(of).sum();
  }

  private Optional<Finding> pfcOff(int device) {
    List<PortCounters> ports = symptoms.ports(device);
    List<DroppedPacket> dropped =
        symptoms.droppedAt(device).filter(d -> !symptoms.drops.isUnprotected(d)).toList();
    boolean silent = sum(ports, PortCounters::pausesSent) == 0 && !dropped.isEmpty();
    List<PortCounters> deaf = symptoms.deaf(device);
    if (!silent && deaf.isEmpty()) {
      return Optional.empty();
    }
    var evidence = new ArrayList<String>();
    if (silent) {
      evidence.add(
          "dropped %s and sent no pause%s"
              .formatted(
                  count(sum(ports, PortCounters::drops), "packet"),
                  symptoms.cost(dropped.stream())));
    }
    if (!deaf.isEmpty()) {
      evidence.add(received(deaf) + ", but was never stopped" + overrun(deaf));
    }
    return Optional.of(
        new Finding(
            silent ? "PFC off" : "pauses ignored",
            symptoms.node(device).name(),
            String.join("; ", evidence),
            "switch PFC on for the lossless priority at each of its ports, as its neighbours have it"));
  }

  private String received(List<PortCounters> deaf) {
    return "received %s from %s"
        .formatted(
            count(sum(deaf, PortCounters::pausesReceived), "pause"),
            names(deaf.stream().map(p -> symptoms.neighbour(p).name()).toList()));
  }

  /** What came of it at the neighbours. */
  private String overrun(List<PortCounters> deaf) {
    List<PortCounters> inputs =
        deaf.stream().map(symptoms::peer).filter(p -> p.overruns() > 0).toList();
    return inputs.isEmpty()
        ? ""
        : "; %s of its packets overran the headroom there"
            .formatted("%,d".formatted(sum(inputs, PortCounters::overruns)));
  }

  private Optional<Finding> pausesIgnored(int device) {
    List<PortCounters> deaf = symptoms.deaf(device);
    return deaf.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                "pauses ignored",
                nic(device),
                received(deaf) + ", but was never stopped" + overrun(deaf),
                "switch PFC on at the NIC for the lossless priority, and check that it sends in it"));
  }

  /** Hosts take in what their links bring, so a NIC has no reason to pause for long. */
  private Optional<Finding> pauseStorm(int device) {
    List<PortCounters> stopped =
        symptoms.ports(device).stream()
            .map(symptoms::peer)
            .filter(p -> p.pausedPs() > symptoms.load.elapsedPs() / 2)
            .toList();
    return stopped.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                "pause storm",
                nic(device),
                "kept %s from sending for %.0f %% of the time, by %s"
                    .formatted(
                        names(
                            stopped.stream()
                                .map(p -> symptoms.neighbour(symptoms.peer(p)).name())
                                .toList()),
                        100.0
                            * sum(stopped, PortCounters::pausedPs)
                            / stopped.size()
                            / symptoms.load.elapsedPs(),
                        count(sum(stopped, PortCounters::pausesReceived), "pause")),
                "take the NIC out of service, or see why its host takes data in slowly; have switches drop what is held for long, Pfc.dynamic().watchdog(ms(200))"));
  }

  private String nic(int device) {
    return "NIC of " + symptoms.node(device).name();
  }

  /** Dropped packets of a priority that the network does not protect, by the GPU they are from. */
  private Map<Integer, List<DroppedPacket>> unprotected() {
    return symptoms.drops.kept().stream()
        .filter(symptoms.drops::isUnprotected)
        .collect(Collectors.groupingBy(symptoms.drops::source, TreeMap::new, Collectors.toList()));
  }

  private Finding priorityMismatch(int gpu, List<DroppedPacket> packets) {
    return new Finding(
        "priority mismatch",
        nic(fabric.node(gpu)),
        "%s of its data, DSCP %d, dropped at %s, which protect%s DSCP %d%s"
            .formatted(
                count(packets.size(), "packet"),
                Drops.UNPROTECTED_DSCP,
                names(packets.stream().map(symptoms.drops::device).toList()),
                packets.stream().map(symptoms.drops::device).distinct().count() == 1 ? "s" : "",
                Drops.PROTECTED_DSCP,
                symptoms.cost(packets.stream())),
        "let the NIC send its data with DSCP %d, priority 3".formatted(Drops.PROTECTED_DSCP));
  }

  /** A queue that drops at its own length does not wait for pauses. */
  private Optional<Finding> queueTooShort(int device) {
    List<PortCounters> ports = symptoms.portsThatDropped(device, Reason.QUEUE_FULL);
    return ports.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                "queue too short",
                symptoms.node(device).name(),
                "dropped %s at %s, where no more than %s kB ever waited, though it sends pauses"
                    .formatted(
                        count(sum(ports, PortCounters::drops), "packet"),
                        names(ports.stream().map(PortCounters::name).toList()),
                        Digits.of(
                            ports.stream().mapToLong(PortCounters::maxQueueBytes).max().orElse(0)
                                / 1e3,
                            3)),
                "let the queue of a lossless class be as long as its inputs may fill it before they pause"));
  }

  /** What overruns a neighbour's headroom after having stopped did nothing wrong. */
  private Optional<Finding> headroomTooSmall(int device) {
    List<PortCounters> inputs =
        symptoms.ports(device).stream()
            .filter(p -> p.overruns() > 0 && p.pausesSent() > 0)
            .filter(p -> symptoms.peer(p).pausedPs() > 0)
            .toList();
    return inputs.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Finding(
                "headroom too small",
                symptoms.node(device).name(),
                "dropped %s that came from %s after %s, which stopped them%s"
                    .formatted(
                        count(sum(inputs, PortCounters::overruns), "packet"),
                        names(inputs.stream().map(p -> symptoms.neighbour(p).name()).toList()),
                        count(sum(inputs, PortCounters::pausesSent), "pause"),
                        symptoms.cost(symptoms.droppedAt(device))),
                "reserve %s kB at each input, what its cables and rates need"
                    .formatted(Digits.of(needed(device, inputs) / 1e3, 3))));
  }

  /**
   * Headroom in bytes of buffer, whose cells small packets do not fill. The switch's own latency
   * delays what it notices, so it counts like cable.
   */
  private long needed(int device, List<PortCounters> inputs) {
    long half = fabric.latencyOf(device).ps() / 2;
    return inputs.stream()
        .map(p -> fabric.links().get(p.link()))
        .mapToLong(l -> Pfc.headroom(l.rate(), new Time(l.delay().ps() + half), largest))
        .map(BufferCells.of(fabric.bufferCell(), transport)::most)
        .max()
        .orElse(0);
  }

  /**
   * A queue that has been longer than Kmax and two packets leaves more than Kmax behind as it
   * drains, so that at least one packet must have been marked.
   */
  private Optional<Finding> lateMarks(int device) {
    List<PortCounters> late =
        symptoms.ports(device).stream()
            .filter(p -> p.marks() == 0 && p.maxQueueBytes() - 2 * largest > kmax(p))
            .toList();
    if (late.isEmpty()) {
      return Optional.empty();
    }
    PortCounters worst =
        late.stream().max(Comparator.comparingLong(PortCounters::maxQueueBytes)).get();
    long pauses = sum(symptoms.ports(device), PortCounters::pausesSent);
    return Optional.of(
        new Finding(
            "ECN marks too late",
            symptoms.node(device).name(),
            "%s kB waited at %s, where Kmax is %s kB, and nothing was marked%s"
                .formatted(
                    Digits.of(worst.maxQueueBytes() / 1e3, 4),
                    worst.name(),
                    Digits.of(kmax(worst) / 1e3, 4),
                    pauses == 0 ? "" : "; it sent %s instead".formatted(count(pauses, "pause"))),
            "set its ECN thresholds to the network's: %s".formatted(transport.marking())));
  }

  private long kmax(PortCounters port) {
    return transport.marking().kmax(fabric.links().get(port.link()).rate());
  }

  /** Switches that pause and do not mark, because one input is paused before Kmin is reached. */
  private Optional<Finding> thresholdsSwapped(Pfc pfc) {
    int[] found =
        Arrays.stream(symptoms.switches())
            .filter(d -> sum(symptoms.ports(d), PortCounters::pausesSent) > 0)
            .filter(d -> sum(symptoms.ports(d), PortCounters::marks) == 0)
            .filter(d -> pausesAt(d, pfc) < kmin(d))
            .toArray();
    if (found.length == 0) {
      return Optional.empty();
    }
    long pauses =
        Arrays.stream(found).mapToLong(d -> sum(symptoms.ports(d), PortCounters::pausesSent)).sum();
    return Optional.of(
        new Finding(
            "ECN threshold above the PFC threshold",
            names(Arrays.stream(found).mapToObj(d -> symptoms.node(d).name()).toList()),
            "%s and no mark: an input is paused at %s kB at most, Kmin is %s kB"
                .formatted(
                    count(pauses, "pause"),
                    Digits.of(
                        IntStream.of(found).mapToLong(d -> pausesAt(d, pfc)).max().orElse(0) / 1e3,
                        4),
                    Digits.of(IntStream.of(found).mapToLong(this::kmin).min().orElse(0) / 1e3, 4)),
            "lower Kmin below the PFC threshold, or raise the buffer or alpha"));
  }

  /** What an input alone on a switch may hold before it is paused: alpha x what it leaves free. */
  private long pausesAt(int device, Pfc pfc) {
    return (long) (pfc.alpha() / (1 + pfc.alpha()) * fabric.bufferOf(device).bytes());
  }

  private long kmin(int device) {
    return symptoms.ports(device).stream()
        .mapToLong(p -> transport.marking().kmin(fabric.links().get(p.link()).rate()))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private Optional<Finding> bitErrors() {
    List<PortCounters> bad =
        symptoms.load.ports().stream()
            .filter(p -> p.lost() + p.linkRetries() > 0 && !outages.wasDown(p))
            .toList();
    if (bad.isEmpty()) {
      return Optional.empty();
    }
    long repaired = sum(bad, PortCounters::linkRetries);
    return Optional.of(
        new Finding(
            "bit errors",
            "cable of " + names(bad.stream().map(PortCounters::name).toList()),
            "%s lost that no switch dropped%s"
                .formatted(
                    count(sum(bad, PortCounters::lost), "packet"),
                    repaired == 0
                        ? ""
                        : ", %s repaired on the link".formatted(count(repaired, "more"))),
            "clean or replace the optics and the fibre; see the ports' FEC counters"));
  }
}
