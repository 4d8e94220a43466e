package weft.experiment;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import weft.collective.Rounds;
import weft.collective.Schedule;
import weft.collective.SizedCollective;
import weft.fabric.Fabric;
import weft.fault.FaultPlan;
import weft.report.Digits;
import weft.routing.Demand;
import weft.routing.LoadBalancing;
import weft.transport.Scheduling;

/** An experiment that was checked, about to run: what each engine needs to know of it. */
final class Setup {
  /** So many transfers of a collective are told one by one where there are no packets. */
  private static final long MOST_TRANSFERS = 1 << 20;

  /** Of so many ranks the places are told. */
  private static final int MOST_PLACES = 4096;

  final Experiment experiment;
  final Fabric fabric;
  final @Nullable Schedule schedule; // of a collective
  final @Nullable Rounds rounds; // in place of a schedule
  final int[] gpuOfRank;
  final PlacedCollectives collectives; // those with a schedule
  final FaultPlan faults;
  final @Nullable Traffic burst; // of background traffic

  Setup(Experiment experiment) {
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
        classOf(flow); // refuses a class that does not exist
      }
    }
    experiment.transport().checkControl();
    this.rounds = collective == null ? null : rounds(collective);
    this.gpuOfRank =
        collective == null
            ? new int[0]
            : experiment.placement.place(experiment.ranks, fabric.gpus());
    List<Schedule> plan =
        collective == null || rounds != null
            ? List.of()
            : List.of(collective.collective().plan(experiment.ranks, collective.elements()));
    this.collectives =
        PlacedCollectives.of(fabric, gpuOfRank, plan, SizedCollective.BYTES_PER_ELEMENT);
    this.schedule = plan.isEmpty() ? null : collectives.schedules().get(0);
    this.burst =
        experiment.background == null
            ? null
            : experiment.background.burst(busy(), fabric, experiment.seed);
    if (burst != null) {
      burst.flows().forEach(this::classOf); // refuses a class that does not exist
    }
    experiment.transport().check(fabric, talking(traffic));
    this.faults = FaultPlan.of(fabric, experiment.faults, experiment.failover);
    checkTaps();
    experiment.fidelity.check(experiment);
    experiment.misconfigurations.forEach(m -> m.check(fabric, experiment.transport().link()));
  }

  /** Those of a collective that has too many transfers to be told one by one. */
  private @Nullable Rounds rounds(SizedCollective collective) {
    return experiment.fidelity != Fidelity.PACKETS
            && experiment.faults.isEmpty()
            && experiment.background == null
        ? collective
            .collective()
            .rounds(experiment.ranks, collective.elements())
            .filter(all -> all.transfers() > MOST_TRANSFERS)
            .orElse(null)
        : null;
  }

  /** GPUs at work, first that of rank 0, or that the first flow is for. */
  private int[] busy() {
    return experiment.traffic == null
        ? gpuOfRank
        : experiment.traffic.flows().stream()
            .flatMapToInt(flow -> IntStream.of(flow.destination(), flow.source()))
            .distinct()
            .toArray();
  }

  /** How many messages there are, those of others not counted. */
  int messages() {
    return schedule != null ? schedule.size() : traffic().flows().size();
  }

  /** Lets background traffic on a network, if there is any. */
  void shareWithOthers(JobNetwork network) {
    if (burst != null && experiment.background != null) {
      network.share(burst, experiment.background.every(), this::classOf);
    }
  }

  /** The place of a flow's class among those of the scheduling. */
  int classOf(Flow flow) {
    Scheduling scheduling = experiment.scheduling;
    if (flow.trafficClass().isPresent()) {
      return scheduling.named(flow.trafficClass().get());
    }
    if (scheduling.classes().size() > 1) {
      throw new IllegalArgumentException(
          "where there are several traffic classes each flow is in one of %s, but that from GPU %d to %d is in none: add inClass(\"%s\") to its traffic"
              .formatted(
                  String.join(", ", scheduling.classes()),
                  flow.source(),
                  flow.destination(),
                  scheduling.classes().get(0)));
    }
    return 0;
  }

  private List<int[]> talking(@Nullable Traffic traffic) {
    return traffic == null
        ? List.of(gpuOfRank)
        : traffic.flows().stream().map(f -> new int[] {f.source(), f.destination()}).toList();
  }

  private void checkTaps() {
    if (!experiment.taps.isEmpty()) {
      Envelope.of(experiment.transport());
    }
  }

  /** Load balancing that knows what will be sent. */
  LoadBalancing balancing() {
    return experiment.balancing.planned(fabric, demands());
  }

  /** What will be sent. */
  List<Demand> demands() {
    if (rounds != null) {
      return Demands.of(rounds, gpuOfRank, SizedCollective.BYTES_PER_ELEMENT);
    }
    return schedule != null ? collectives.demands() : Demands.of(traffic());
  }

  /**
   * What is sent if it is no collective.
   *
   * @throws IllegalStateException if it is one
   */
  Traffic traffic() {
    if (experiment.traffic == null) {
      throw new IllegalStateException("a collective has a schedule and no list of flows");
    }
    return experiment.traffic;
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
    return experiment.what;
  }

  String workload() {
    return what().equals(Comparison.COLLECTIVE) // which the name tells
        ? experiment.ranks + " ranks"
        : wholeWorkload();
  }

  private String wholeWorkload() {
    String what =
        experiment.traffic != null
            ? experiment.traffic.name()
            : "%s on %d ranks".formatted(experiment.collective, experiment.ranks);
    return experiment.background == null ? what : what + " beside " + experiment.background;
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

  Map<String, String> facts() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("workload", wholeWorkload());
    facts.putAll(collectives.facts());
    if (burst != null) {
      facts.put("background", burst.name());
    }
    facts.putAll(fabric.facts());
    if (gpuOfRank.length > MOST_PLACES) {
      facts.put("placement", experiment.placement.toString());
    } else if (gpuOfRank.length > 0) {
      facts.put("GPU of each rank", Arrays.toString(gpuOfRank));
    }
    facts.putAll(experiment.transport().facts());
    facts.put("load balancing", balancingName());
    if (!experiment.scheduling.toString().equals(Scheduling.ONE_CLASS.toString())) {
      facts.put("traffic classes", experiment.scheduling.toString());
    }
    if (experiment.loss > 0) {
      facts.put("loss of each network link", Digits.of(experiment.loss));
    }
    if (!experiment.misconfigurations.isEmpty()) {
      facts.put("misconfigured", experiment.misconfigurations.toString());
    }
    facts.putAll(faults.facts());
    facts.put("seed", String.valueOf(experiment.seed));
    facts.put("fidelity", experiment.fidelity.toString());
    return facts;
  }
}
