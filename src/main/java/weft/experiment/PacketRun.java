package weft.experiment;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import weft.collective.Schedule;
import weft.collective.SizedCollective;
import weft.engine.packet.PacketEngine;
import weft.engine.packet.PortSamples;
import weft.fabric.Fabric;
import weft.fault.FaultPlan;
import weft.report.Digits;
import weft.report.Progress;
import weft.report.Provenance;
import weft.routing.Demand;
import weft.routing.LoadBalancing;
import weft.routing.QueuePairSplit;
import weft.routing.QueuePairSplit.Dealing;
import weft.transport.RoceV2;
import weft.transport.Transport;

/** An experiment that was checked, about to run on the packet engine. */
final class PacketRun {
  private static final int LINES = 10; // of messages that are stuck

  private final Experiment experiment;
  private final Fabric fabric;
  private final @Nullable Schedule schedule;
  private final int[] gpuOfRank;
  private final FaultPlan faults;

  PacketRun(Experiment experiment) {
    this.experiment = experiment;
    this.fabric = experiment.fabric;
    Traffic traffic = experiment.traffic;
    SizedCollective collective = experiment.collective;
    if (traffic == null && collective == null) {
      throw new IllegalArgumentException(
          "an experiment runs something: call run(AllReduce.ring().of(mb(64))) or run(traffic)"
              + " first");
    }
    if (traffic != null) {
      for (Flow flow : traffic.flows()) {
        fabric.node(flow.source()); // refuses a GPU that does not exist
        fabric.node(flow.destination());
      }
    }
    experiment.transport().checkControl();
    this.schedule =
        collective == null
            ? null
            : collective.collective().plan(experiment.ranks, collective.elements());
    this.gpuOfRank =
        collective == null
            ? new int[0]
            : experiment.placement.place(experiment.ranks, fabric.gpus());
    experiment.transport().check(fabric, talking(traffic));
    this.faults = FaultPlan.of(fabric, experiment.faults, experiment.failover);
    checkTaps();
    experiment.misconfigurations.forEach(m -> m.check(fabric, experiment.transport().link()));
  }

  private List<int[]> talking(@Nullable Traffic traffic) {
    return traffic == null
        ? List.of(gpuOfRank)
        : traffic.flows().stream().map(f -> new int[] {f.source(), f.destination()}).toList();
  }

  private void checkTaps() {
    Transport transport = experiment.transport();
    boolean plain = transport.onTheWire().equals(transport.framing());
    if (!experiment.taps.isEmpty() && !(plain && transport instanceof RoceV2)) {
      throw new IllegalArgumentException(
          "captures are made of RoCEv2 frames without in-band telemetry, but the transport is %s: leave capturing(...) out, or run over RoceV2 with for example Dcqcn.defaults()"
              .formatted(transport));
    }
  }

  Run run() {
    LoadBalancing balancing = experiment.balancing.planned(fabric, demands());
    var engine = new PacketEngine(fabric, experiment.transport(), balancing, experiment.seed);
    loseAtNetworkLinks(engine);
    experiment.misconfigurations.forEach(
        m -> m.make(engine.settings(), fabric, experiment.transport().link()));
    engine.during(faults);
    var taps = new Taps(fabric, engine, experiment.taps);
    Lanes lanes =
        schedule != null
            ? runCollective(engine, balancing, schedule)
            : post(engine, balancing, requireNonNull(experiment.traffic));
    engine.keepDrops(Drops.MOST);
    PortSamples samples = simulate(engine);
    if (!engine.stuck().isEmpty()) {
      throw new IllegalStateException("the network has come to rest, but " + stuck(engine));
    }
    int mtu = (int) experiment.transport().mtu().bytes();
    var load = NetworkLoad.of(fabric, engine);
    return Run.of(
        this,
        engine,
        lanes,
        load,
        taps.capture(engine, mtu),
        new Drops(load, engine, experiment.transport(), workload()),
        samples == null ? null : new Telemetry(load, samples, workload(), Provenance.of(facts())));
  }

  /** What has not arrived: where things were to break, several lines of it. */
  private String stuck(PacketEngine engine) {
    List<String> all = engine.stuck();
    if (faults.isEmpty() || all.size() == 1) {
      return engine.stuckBriefly();
    }
    String more = all.size() > LINES ? "\nand %,d more".formatted(all.size() - LINES) : "";
    return "%,d of %,d messages have not arrived:\n%s%s"
        .formatted(
            IntStream.range(0, engine.messages())
                .filter(m -> engine.deliveredPs(m) == PacketEngine.NOT_YET)
                .count(),
            engine.messages(),
            String.join("\n", all.subList(0, Math.min(LINES, all.size()))),
            more);
  }

  private void loseAtNetworkLinks(PacketEngine engine) {
    for (int port = 0; experiment.loss > 0 && port < engine.ports(); port++) {
      if (!fabric.isScaleUp(fabric.links().get(port / 2))) {
        engine.settings().loseAt(port, experiment.loss);
      }
    }
  }

  /** Runs to the end and tells meanwhile how many messages have arrived. */
  private @Nullable PortSamples simulate(PacketEngine engine) {
    long messages =
        schedule != null ? (long) schedule.size() * partsOfMessage() : engine.messages();
    try (var progress = Progress.of(name(), 0, messages)) {
      Runnable report =
          () -> {
            long count = Math.min(messages, engine.delivered());
            if (progress.isDue()) {
              progress.report(count, "%,d of %,d messages arrived".formatted(count, messages));
            }
          };
      if (experiment.sampling != null) {
        PortSamples samples = Telemetry.sampler(fabric, engine, experiment.sampling);
        samples.run(report);
        return samples;
      }
      engine.run(
          () -> {
            report.run();
            return false;
          });
      return null;
    }
  }

  private int partsOfMessage() {
    QueuePairSplit split = experiment.balancing.queuePairs();
    return split.dealing() == Dealing.MESSAGES_SPLIT ? split.count() : 1;
  }

  private List<Demand> demands() {
    return schedule != null
        ? Demands.of(List.of(schedule), gpuOfRank, SizedCollective.BYTES_PER_ELEMENT)
        : Demands.of(requireNonNull(experiment.traffic));
  }

  private Lanes runCollective(PacketEngine engine, LoadBalancing balancing, Schedule plan) {
    var traffic =
        new JobTraffic(
            engine,
            balancing.queuePairs(),
            gpuOfRank,
            SizedCollective.BYTES_PER_ELEMENT,
            (run, rank, time) -> {});
    CollectiveRun run = traffic.start(plan);
    for (int rank = 0; rank < plan.ranks(); rank++) {
      run.ready(rank);
    }
    return traffic.lanes();
  }

  private static Lanes post(PacketEngine engine, LoadBalancing balancing, Traffic traffic) {
    var lanes = new Lanes(engine, balancing.queuePairs());
    for (Flow flow : traffic.flows()) {
      int queuePairs = lanes.open(flow.source(), flow.destination());
      lanes.send(queuePairs, flow.size().bytes(), flow.start().ps());
    }
    return lanes;
  }

  String name() {
    return experiment.name != null ? experiment.name : balancingName();
  }

  private String balancingName() {
    LoadBalancing balancing = experiment.balancing;
    return balancing.getClass().isSynthetic() ? "unnamed load balancing" : balancing.toString();
  }

  /** What the name tells. */
  String what() {
    return experiment.name != null ? "transport" : Comparison.LOAD_BALANCING;
  }

  String workload() {
    return experiment.traffic != null
        ? experiment.traffic.name()
        : "%s on %d ranks".formatted(experiment.collective, experiment.ranks);
  }

  /**
   * What turns bytes over time into bus bandwidth; 0 for traffic that is no collective.
   *
   * @see weft.collective.Collective#busBandwidthFactor
   */
  double busBytes() {
    SizedCollective collective = experiment.collective;
    return collective == null
        ? 0
        : collective.collective().busBandwidthFactor(experiment.ranks) * collective.size().bytes();
  }

  FaultPlan faults() {
    return faults;
  }

  Fabric fabric() {
    return fabric;
  }

  Map<String, String> facts() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("workload", workload());
    facts.putAll(fabric.facts());
    if (schedule != null) {
      facts.put("GPU of each rank", Arrays.toString(gpuOfRank));
    }
    facts.putAll(experiment.transport().facts());
    facts.put("load balancing", balancingName());
    if (experiment.loss > 0) {
      facts.put("loss of each network link", Digits.of(experiment.loss));
    }
    if (!experiment.misconfigurations.isEmpty()) {
      facts.put("misconfigured", experiment.misconfigurations.toString());
    }
    facts.putAll(faults.facts());
    facts.put("seed", String.valueOf(experiment.seed));
    facts.put("fidelity", "packets");
    return facts;
  }
}
