package weft.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import weft.cluster.Accelerator;
import weft.cluster.Placement;
import weft.experiment.Background;
import weft.experiment.Demands;
import weft.experiment.Experiment;
import weft.experiment.Fidelity;
import weft.experiment.JobNetwork;
import weft.experiment.JobSetup;
import weft.fabric.Fabric;
import weft.fault.Failover;
import weft.fault.Fault;
import weft.fault.FaultPlan;
import weft.report.Provenance;
import weft.routing.Demand;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.transport.Transport;
import weft.units.Check;

/**
 * An executed plan on a fabric: how long its steps take where every exchange travels. Numbers do
 * not depend on time, so one execution can be timed on any number of fabrics. Each step returns a
 * new value; nothing is simulated before {@link #run()}.
 *
 * <pre>{@code
 * var executed = job.plan(ParallelPlan.of(8).tensor(2).pipeline(4).microBatch(8)).run();
 * executed.across(fabric).at(flows()).run().table();
 * }</pre>
 *
 * <p>Every GPU does what its thread did, in the same order: it computes a layer for as long as the
 * roofline of its accelerator says, takes part in each collective transfer by transfer, receives
 * what other stages sent. A collective holds a GPU up until it has its result; sending to another
 * stage does not. Nothing overlaps a collective, whatever the plan's {@code overlapped()} says. A
 * block of layers makes its exchanges before its computing is counted; experts compute as if they
 * were chosen equally often, while their traffic is what the routers really chose.
 *
 * <p>Defaults: H100s, GPUs of the plan in order on those of the fabric, lossless RoCEv2 with DCQCN,
 * with direct data placement where packets are sprayed, 5-tuple ECMP, packets, seed 1.
 */
public final class PlanOnFabric {
  final ParallelRun executed;
  final Fabric fabric;

  // Assigned only while a copy is being made, before anybody else sees it.
  Accelerator accelerator = Accelerator.H100;
  Placement placement = Placement.packed();
  @Nullable Transport transport;
  LoadBalancing balancing = Ecmp.fiveTuple();
  List<Fault> faults = List.of();
  @Nullable Background background;
  Fidelity fidelity = Fidelity.PACKETS;
  long seed = 1;

  PlanOnFabric(ParallelRun executed, Fabric fabric) {
    this.executed = executed;
    this.fabric = Check.notNull("a fabric", fabric, "build one by Fabric.leafSpine()");
  }

  private PlanOnFabric with(Consumer<PlanOnFabric> change) {
    var copy = new PlanOnFabric(executed, fabric);
    copy.accelerator = accelerator;
    copy.placement = placement;
    copy.transport = transport;
    copy.balancing = balancing;
    copy.faults = faults;
    copy.background = background;
    copy.fidelity = fidelity;
    copy.seed = seed;
    change.accept(copy);
    return copy;
  }

  /** With accelerators of this kind; their compute time follows its roofline. */
  public PlanOnFabric on(Accelerator kind) {
    Check.notNull("an accelerator", kind, "write for example Accelerator.H100");
    return with(p -> p.accelerator = kind);
  }

  /** With the plan's GPUs on these of the fabric. */
  public PlanOnFabric placed(Placement ranks) {
    Check.notNull("a placement", ranks, "write Placement.packed()");
    return with(p -> p.placement = ranks);
  }

  /** With exchanges carried so. */
  public PlanOnFabric over(Transport carrier) {
    Check.notNull("a transport", carrier, "write RoceV2.lossless(Dcqcn.defaults())");
    return with(p -> p.transport = carrier);
  }

  /** With paths chosen so. */
  public PlanOnFabric balancing(LoadBalancing choice) {
    Check.notNull("load balancing", choice, "write Ecmp.fiveTuple() or Spray.perPacket()");
    return with(p -> p.balancing = choice);
  }

  /** With these faults, in place of those given before. */
  public PlanOnFabric during(Fault... what) {
    Check.noneNull("faults", what, "write for example during(Fault.slowHost(3, 0.5))");
    return with(p -> p.faults = List.of(what));
  }

  /** With this traffic of others on the fabric from start to end. */
  public PlanOnFabric sharing(Background others) {
    Check.notNull("background traffic", others, "write for example incast(8, mib(4), us(200))");
    return with(p -> p.background = others);
  }

  /** Simulated so closely: {@code at(packets())}, the default, or {@code at(flows())}. */
  public PlanOnFabric at(Fidelity closeness) {
    Check.notNull("a fidelity", closeness, "write for example at(Fidelity.flows())");
    return with(p -> p.fidelity = closeness);
  }

  /** The seed of ECMP, marking and background traffic. */
  public PlanOnFabric seed(long value) {
    return with(p -> p.seed = value);
  }

  Transport transport() {
    return transport != null ? transport : Experiment.defaultTransport(balancing);
  }

  /**
   * Times all steps.
   *
   * @throws IllegalArgumentException if the plan's GPUs do not fit the fabric, or the fidelity does
   *     not know what is asked for; nothing was simulated then
   * @throws IllegalStateException if the network comes to rest before all is done
   * @throws java.util.concurrent.CancellationException if the reader interrupts
   */
  public PlanTime run() {
    List<PlanWorker> workers = executed.workers();
    int[] gpus = placement.place(workers.size(), fabric.gpus());
    if (workers.size() > 1) {
      transport().checkControl();
      transport().check(fabric, List.of(gpus));
    }
    List<PlanLog> logs = workers.stream().map(PlanWorker::log).toList();
    Map<Object, Meeting> meetings = PlanClock.meetings(logs);
    JobNetwork network = network(meetings, gpus);
    int bytes = executed.precision().bytes();
    var clock = new PlanClock(logs, compute(workers), gpus, meetings, network, bytes);
    return new PlanTime(this, facts(gpus), clock.run(), network.load());
  }

  private JobNetwork network(Map<Object, Meeting> meetings, int[] gpus) {
    var demands = new ArrayList<Demand>();
    for (Meeting meeting : meetings.values()) {
      var schedules = List.copyOf(meeting.schedules());
      demands.addAll(Demands.of(schedules, meeting.gpus(gpus), executed.precision().bytes()));
    }
    var plan = FaultPlan.of(fabric, faults, Failover.DEFAULT);
    var setup = new JobSetup(fabric, transport(), balancing, plan, seed);
    JobNetwork network = fidelity.network(setup, demands);
    if (background != null) {
      network.share(background.burst(gpus, fabric, seed), background.every(), flow -> 0);
    }
    return network;
  }

  private Provenance facts(int[] gpus) {
    var facts = new LinkedHashMap<>(executed.facts());
    facts.put("accelerator", accelerator.name());
    facts.putAll(fabric.facts());
    facts.put("GPU of each rank", Arrays.toString(gpus));
    facts.putAll(transport().facts());
    facts.put("load balancing", balancing.toString());
    facts.put("background", background == null ? "none" : background.name());
    facts.putAll(FaultPlan.of(fabric, faults, Failover.DEFAULT).facts());
    facts.put("fidelity", fidelity.toString());
    facts.put("seed of the network", String.valueOf(seed));
    return Provenance.of(facts);
  }

  private List<List<PlanCompute>> compute(List<PlanWorker> workers) {
    int update = ComputeModel.updateBytes(executed.optimizer(), executed.precision());
    return workers.stream()
        .map(
            worker ->
                worker.parts().stream()
                    .map(p -> new PlanCompute(p, executed.precision(), accelerator, update))
                    .toList())
        .toList();
  }
}
