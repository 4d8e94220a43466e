package weft.experiment;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weft.cluster.Placement;
import weft.collective.SizedCollective;
import weft.fabric.Fabric;
import weft.fault.Failover;
import weft.fault.Fault;
import weft.fault.FaultPlan;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.routing.LoadBalancing.Granularity;
import weft.sim.Parallel;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.RoceV2;
import weft.transport.Scheduling;
import weft.transport.Transport;
import weft.units.Check;
import weft.units.Time;

/**
 * One run of a collective or of any traffic over a fabric. Each step returns a new experiment;
 * nothing starts before {@link #run()} or {@link #compare}.
 *
 * <p>Defaults: all GPUs of the fabric as ranks, packed; lossless RoCEv2 with DCQCN, with direct
 * data placement where packets are sprayed; 5-tuple ECMP; seed 1.
 */
public final class Experiment {
  final Fabric fabric;

  // Assigned only while a copy is being made, before anybody else sees it.
  @Nullable Traffic traffic;
  @Nullable SizedCollective collective;
  int ranks;
  Placement placement = Placement.packed();
  @Nullable Transport transport;
  double loss;
  @Nullable String name; // what tells it from others in a comparison, where not load balancing
  String what = Comparison.LOAD_BALANCING; // the name tells
  Fidelity fidelity = Fidelity.PACKETS;
  LoadBalancing balancing = Ecmp.fiveTuple();
  Scheduling scheduling = Scheduling.ONE_CLASS;
  long seed = 1;
  List<Tap> taps = List.of();
  List<Misconfiguration> misconfigurations = List.of();
  @Nullable Time sampling; // how often, where asked for
  List<Fault> faults = List.of();
  Failover failover = Failover.DEFAULT;
  @Nullable Background background;

  private Experiment(Fabric fabric) {
    this.fabric = fabric;
    this.ranks = fabric.gpus();
  }

  private Experiment with(Consumer<Experiment> change) {
    var copy = new Experiment(fabric);
    copy.traffic = traffic;
    copy.collective = collective;
    copy.ranks = ranks;
    copy.placement = placement;
    copy.transport = transport;
    copy.loss = loss;
    copy.name = name;
    copy.what = what;
    copy.fidelity = fidelity;
    copy.balancing = balancing;
    copy.scheduling = scheduling;
    copy.seed = seed;
    copy.taps = taps;
    copy.misconfigurations = misconfigurations;
    copy.sampling = sampling;
    copy.faults = faults;
    copy.failover = failover;
    copy.background = background;
    change.accept(copy);
    return copy;
  }

  /** An experiment on this fabric. */
  public static Experiment on(Fabric fabric) {
    Check.notNull(
        "a fabric", fabric, "write Experiment.on(Fabric.leafSpine().servers(8, DGX_H100).build())");
    return new Experiment(fabric);
  }

  /** With these flows. */
  public Experiment run(Traffic flows) {
    Check.notNull("traffic", flows, "write for example Traffic.permutation(16, mb(1), 1)");
    return with(
        e -> {
          e.traffic = flows;
          e.collective = null;
        });
  }

  /** With this collective on all ranks' arrays. */
  public Experiment run(SizedCollective what) {
    Check.notNull("a collective", what, "write for example AllReduce.ring().of(mb(64))");
    return with(
        e -> {
          e.collective = what;
          e.traffic = null;
        });
  }

  /**
   * Beside this traffic of others, which goes on until all of its own has arrived, in place of that
   * given before: {@code sharing(incast(8, mib(4), us(200)))}, {@code
   * sharing(Traffic.permutation(16, mb(1), 1).every(us(100)))}. It is in the network's counters,
   * but neither in {@link Run#flows} nor in the run's times.
   *
   * <p>On packets and on flows; closed forms know no moment at which others send. On flows a link's
   * rate is divided evenly among whoever sends over it, packets share as their congestion control
   * lets them.
   */
  public Experiment sharing(Background others) {
    Check.notNull("background traffic", others, "write for example incast(8, mib(4), us(200))");
    return with(e -> e.background = others);
  }

  /** With so many ranks in place of one a GPU. */
  public Experiment ranks(int count) {
    Check.atLeast(2, "ranks", count, "one rank has nobody to send to");
    return with(e -> e.ranks = count);
  }

  /** With ranks on these GPUs. */
  public Experiment placed(Placement where) {
    Check.notNull("a placement", where, "write Placement.packed()");
    return with(e -> e.placement = where);
  }

  /**
   * With bytes carried so: {@code RoceV2.lossless(Dcqcn.defaults())}, {@code Uet.defaults()},
   * {@code InfiniBand.defaults()}, {@code Tcp.cubic()}.
   */
  public Experiment over(Transport carrier) {
    Check.notNull("a transport", carrier, "write RoceV2.lossless(Dcqcn.defaults())");
    return with(e -> e.transport = carrier);
  }

  /**
   * With traffic classes that share ports so, each flow being in one of them and a collective in
   * the first: {@code run(training.inClass("training").and(backup.inClass("storage")))}.
   */
  public Experiment scheduling(Scheduling classes) {
    Check.notNull("a scheduling", classes, "write Scheduling.strict(\"training\", \"storage\")");
    return with(e -> e.scheduling = classes);
  }

  /** With paths chosen so. */
  public Experiment balancing(LoadBalancing choice) {
    Check.notNull("load balancing", choice, "write Ecmp.fiveTuple() or Spray.perPacket()");
    return with(e -> e.balancing = choice);
  }

  /**
   * Keeping the packets that pass these points, in place of those given before; {@link Run#capture}
   * has them afterwards.
   *
   * @throws IllegalArgumentException if this fabric has no such network link
   */
  public Experiment capturing(Tap... where) {
    Check.noneNull("taps", where, "write capturing(Tap.gpu(0))");
    for (Tap tap : where) {
      tap.links(fabric);
    }
    return with(e -> e.taps = List.of(where));
  }

  /**
   * Looking at every network port at equal intervals; {@link Run#telemetry} has the samples
   * afterwards. It changes no bit of the run.
   *
   * @param interval above 0, {@code us(10)}; it grows in a run too long for it
   */
  public Experiment sampling(Time interval) {
    Check.notNull("a sampling interval", interval, "write sampling(us(10))");
    if (interval.ps() <= 0) {
      throw new IllegalArgumentException(
          "a sampling interval is above 0, but was %s: us(10) is usual".formatted(interval));
    }
    return with(e -> e.sampling = interval);
  }

  /**
   * With devices that are set up wrong, in place of those given before; {@link Run#diagnosis} finds
   * them by what they do.
   *
   * @throws IllegalArgumentException if this fabric has no such device
   */
  public Experiment misconfigured(Misconfiguration... devices) {
    Check.noneNull("misconfigurations", devices, "write Misconfiguration.withoutPfc(\"leaf1\")");
    return with(e -> e.misconfigurations = List.of(devices));
  }

  /** The seed of ECMP, marking and spraying. */
  public Experiment seed(long value) {
    return with(e -> e.seed = value);
  }

  /**
   * With cables outside servers that destroy packets.
   *
   * @param probability of each packet on each cable, from 0 to below 1; about the bit error rate
   *     after correction times the bits of a packet
   */
  public Experiment losing(double probability) {
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "a loss probability lies from 0 to below 1, but was %s: 1e-4 loses one packet in 10,000"
              .formatted(probability));
    }
    return with(e -> e.loss = probability);
  }

  /**
   * With these faults, in place of those given before: {@code during(Fault.linkDown("leaf0",
   * "spine1").at(us(50)).until(us(400)))}. {@link Run#faults} tells afterwards what became of them.
   *
   * @throws IllegalArgumentException if this fabric has not what they name, or their times do not
   *     fit
   */
  public Experiment during(Fault... what) {
    Check.noneNull(
        "faults", what, "write during(Fault.linkDown(\"leaf0\", \"spine1\").at(us(50)))");
    FaultPlan.of(fabric, List.of(what), failover);
    return with(e -> e.faults = List.of(what));
  }

  /**
   * With a network that reacts so soon to links that go down or come back; {@link Failover#DEFAULT}
   * unless set.
   *
   * @param hold how long a port waits until it takes a change for true
   * @param reroute how much later all routes are new
   */
  public Experiment convergingIn(Time hold, Time reroute) {
    var times = new Failover(hold, reroute);
    return with(e -> e.failover = times);
  }

  /** At this fidelity: {@code at(flows())} is faster and knows no packets. */
  public Experiment at(Fidelity level) {
    Check.notNull("a fidelity", level, "write at(flows()) or at(packets())");
    return with(e -> e.fidelity = level);
  }

  Transport transport() {
    return transport != null ? transport : defaultTransport(balancing);
  }

  /**
   * What carries bytes unless the reader says so: lossless RoCEv2 with DCQCN; packets that are
   * placed one by one arrive in any order, so their receivers place them directly.
   */
  public static RoceV2 defaultTransport(LoadBalancing choice) {
    RoceV2 transport = RoceV2.lossless(Dcqcn.defaults());
    return choice.granularity() == Granularity.PACKET ? transport.directDataPlacement() : transport;
  }

  /**
   * Runs it.
   *
   * @throws IllegalArgumentException if nothing was given to run or a flow names a GPU that does
   *     not exist
   * @throws IllegalStateException if the network comes to rest before everything has arrived, with
   *     what is stuck, why, and what went wrong
   * @throws java.util.concurrent.CancellationException if the reader interrupts
   */
  public Run run() {
    Run run = attempt();
    if (run.ending().isEarly()) {
      throw new IllegalStateException(unfinished(run));
    }
    return run;
  }

  /**
   * Runs it as {@link #run} does, and keeps what happened also where the network comes to rest
   * before everything has arrived: {@link Run#unfinished} then says which messages are stuck and
   * why, {@link Run#diagnosis} what went wrong; what has not arrived has no time in {@link
   * Run#flows}.
   *
   * @throws IllegalArgumentException as {@link #run} does
   * @throws java.util.concurrent.CancellationException if the reader interrupts
   */
  public Run attempt() {
    return fidelity.run(new Setup(this));
  }

  private String unfinished(Run run) {
    Ending ending = run.ending();
    boolean isBrief = faults.isEmpty() || ending.why().size() == 1;
    return "the network has come to rest, but %s%s\nattempt() in place of run() keeps what happened until then"
        .formatted(isBrief ? ending.briefly() : ending.inLines(), ending.findings(run.diagnosis()));
  }

  /** What is to be run, on what, and how; to run it, add {@code .run()}. */
  @Override
  public String toString() {
    Object what = traffic != null ? traffic : collective;
    return "%s%s on %s over %s with %s: add .run()"
        .formatted(
            what == null ? "nothing yet" : what,
            background == null ? "" : " beside " + background,
            fabric.name(),
            transport(),
            balancing);
  }

  /** Runs it once with each load balancing, on all cores. */
  public Comparison compare(LoadBalancing... choices) {
    Check.noneNull("load balancings", choices, "write Ecmp.fiveTuple() or Spray.perPacket()");
    return compare(
        Comparison.LOAD_BALANCING,
        Arrays.stream(choices).map(this::balancing).toList(),
        "compare(Ecmp.fiveTuple(), Spray.perPacket())");
  }

  /** Runs it once over each transport, on all cores. */
  public Comparison compare(Transport... carriers) {
    Check.noneNull("transports", carriers, "write Uet.defaults() or Tcp.cubic()");
    return compare(
        "transport",
        Arrays.stream(carriers).map(c -> over(c).named("transport", c.toString())).toList(),
        "compare(RoceV2.lossless(Dcqcn.defaults()), Uet.defaults())");
  }

  /**
   * Runs each collective once, on all cores, in place of what was to be run: {@code
   * compare(AllReduce.ring().of(mib(16)), AllReduce.halvingDoubling().of(mib(16)))}.
   */
  public Comparison compare(SizedCollective... collectives) {
    Check.noneNull("collectives", collectives, "write for example AllReduce.ring().of(mb(64))");
    return compare(
        Comparison.COLLECTIVE,
        Arrays.stream(collectives)
            .map(c -> run(c).named(Comparison.COLLECTIVE, c.toString()))
            .toList(),
        "compare(AllReduce.ring().of(mb(64)), AllReduce.tree().of(mb(64)))");
  }

  /** Runs it once with ranks placed each way, on all cores. */
  public Comparison compare(Placement... placements) {
    Check.noneNull("placements", placements, "write packed() or scattered(7)");
    return compare(
        "placement",
        Arrays.stream(placements).map(p -> placed(p).named("placement", nameOf(p))).toList(),
        "compare(packed(), scattered(7))");
  }

  private static String nameOf(Placement placement) {
    return placement.getClass().isSynthetic() ? "unnamed placement" : placement.toString();
  }

  /**
   * Runs it once at every fidelity, on all cores, so that their answers lie side by side.
   *
   * @throws IllegalArgumentException if it asks for what not all of them know, as faults
   */
  public Comparison atEveryFidelity() {
    return compare(Fidelity.values());
  }

  /**
   * Runs it once at each of these fidelities, on all cores: {@code compare(packets(), flows())}.
   *
   * @throws IllegalArgumentException if it asks for what one of them does not know
   */
  public Comparison compare(Fidelity... levels) {
    Check.noneNull("fidelities", levels, "write packets() or flows()");
    return compare(
        Comparison.FIDELITY,
        Arrays.stream(levels).map(f -> at(f).named(Comparison.FIDELITY, f.toString())).toList(),
        "compare(packets(), flows())");
  }

  /**
   * Runs it once with each congestion control, on all cores; all else that its transport does stays
   * the same, except for the marking, which goes with the control.
   *
   * @throws IllegalArgumentException if the transport is neither RoCEv2 nor UET, or does not carry
   *     what a control listens to
   */
  public Comparison compareControls(CongestionControl... controls) {
    Check.noneNull("congestion controls", controls, "write Dcqcn.defaults() or Swift.defaults()");
    return compare(
        "congestion control",
        Controls.of(transport(), controls).entrySet().stream()
            .map(e -> over(e.getValue()).named("congestion control", e.getKey()))
            .toList(),
        "compareControls(Dcqcn.defaults(), Swift.defaults())");
  }

  private Experiment named(String difference, String value) {
    return with(
        e -> {
          e.what = difference;
          e.name = value;
        });
  }

  private static Comparison compare(String what, List<Experiment> variants, String remedy) {
    if (variants.isEmpty()) {
      throw new IllegalArgumentException("a comparison needs something to compare: " + remedy);
    }
    List<Setup> checked = variants.stream().map(Setup::new).toList();
    List<Callable<Run>> runs =
        checked.stream().map(s -> (Callable<Run>) () -> s.experiment.fidelity.run(s)).toList();
    return new Comparison(what, Parallel.run(runs));
  }
}
