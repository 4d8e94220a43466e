package weft.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import weft.cluster.Placement;
import weft.experiment.Experiment;
import weft.experiment.Traffic;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.units.Check;
import weft.units.Rate;
import weft.units.Time;

/**
 * Large jobs side by side on a concrete fabric: what the network's own links, and each other's
 * traffic, add to their steps.
 *
 * <pre>{@code
 * Jobs.on(fabric)
 *     .add("A", job, packed())
 *     .add("B", job, packed())
 *     .run()
 * }</pre>
 *
 * <p>5-tuple ECMP and seed 1 unless said otherwise.
 */
public final class Jobs {
  private final Fabric fabric;
  private final List<Tenant> tenants;
  private final List<Background> background;
  private final LoadBalancing balancing;
  private final long seed;

  private record Tenant(String name, TrainingJob job, Placement placement) {}

  /** Traffic that is no job's, again and again. */
  record Background(Traffic traffic, Time every) {}

  private Jobs(
      Fabric fabric,
      List<Tenant> tenants,
      List<Background> background,
      LoadBalancing balancing,
      long seed) {
    this.fabric = fabric;
    this.tenants = List.copyOf(tenants);
    this.background = List.copyOf(background);
    this.balancing = balancing;
    this.seed = seed;
  }

  /** Jobs on this fabric. */
  public static Jobs on(Fabric fabric) {
    Check.notNull(
        "a fabric", fabric, "write Jobs.on(Fabric.leafSpine().servers(16, DGX_H100).build())");
    return new Jobs(fabric, List.of(), List.of(), Ecmp.fiveTuple(), 1);
  }

  /**
   * With this job, its ranks tensor first and pipeline last.
   *
   * @param name what tables call it
   * @param placement of its ranks on the GPUs that no job before has, numbered anew from 0
   * @throws IllegalArgumentException if these are too few, or their NICs not those of its servers
   */
  public Jobs add(String name, TrainingJob job, Placement placement) {
    Check.notNull("a job's name", name, "write for example \"A\"");
    Check.notNull("a job", job, "write Job.training(LLAMA3_70B)");
    Check.notNull("a placement", placement, "write packed()");
    if (tenants.stream().anyMatch(t -> t.name.equals(name))) {
      throw new IllegalArgumentException(
          "each job has a name of its own, but two are called %s: rename one".formatted(name));
    }
    checkNics(job);
    var all = new ArrayList<>(tenants);
    all.add(new Tenant(name, job, placement));
    var more = new Jobs(fabric, all, background, balancing, seed);
    more.placed(); // refuses what does not fit
    return more;
  }

  /** With this job, packed onto the first GPUs that are free. */
  public Jobs add(String name, TrainingJob job) {
    return add(name, job, Placement.packed());
  }

  private void checkNics(TrainingJob job) {
    int node = fabric.node(0);
    long bits =
        fabric.linksAt(node).stream()
            .map(fabric.links()::get)
            .filter(link -> !fabric.isScaleUp(link))
            .mapToLong(link -> link.rate().bitsPerSecond())
            .sum();
    long expected = job.server().nic().bitsPerSecond();
    if (bits > 0 && Math.abs(bits - expected) > expected / 1000) {
      throw new IllegalArgumentException(
          "a job's servers have the fabric's NICs, but a %s has %s and GPU 0 of %s %s: write for example DGX_H100.nic(gbps(200)) for the job or nic(gbps(400)) for the fabric"
              .formatted(job.server().name(), job.server().nic(), fabric.name(), new Rate(bits)));
    }
  }

  /**
   * With traffic that comes again and again beside the jobs, as storage on the backend does.
   *
   * @param every from one start to the next, above 0; what has not ended by then waits its turn
   */
  public Jobs beside(Traffic traffic, Time every) {
    Check.notNull("traffic", traffic, "write for example Traffic.of(new Flow(...))");
    Check.notNull("an interval", every, "write for example seconds(10)");
    if (every.ps() <= 0) {
      throw new IllegalArgumentException(
          "traffic that comes again does so after a while, but every was %s: write for example seconds(10)"
              .formatted(every));
    }
    traffic
        .flows()
        .forEach(
            flow -> {
              fabric.node(flow.source()); // refuses a GPU that does not exist
              fabric.node(flow.destination());
            });
    var all = new ArrayList<>(background);
    all.add(new Background(traffic, every));
    return new Jobs(fabric, tenants, all, balancing, seed);
  }

  /** With paths chosen so. */
  public Jobs balancing(LoadBalancing choice) {
    Check.notNull("load balancing", choice, "write Ecmp.fiveTuple() or Spray.perPacket()");
    return new Jobs(fabric, tenants, background, choice, seed);
  }

  /** The seed of ECMP. */
  public Jobs seed(long value) {
    return new Jobs(fabric, tenants, background, balancing, value);
  }

  /**
   * Runs each job alone and all together.
   *
   * @throws IllegalArgumentException if there is no job, or a plan does not fit its job
   * @throws java.util.concurrent.CancellationException if the reader interrupts
   */
  public JobsRun run() {
    if (tenants.isEmpty()) {
      throw new IllegalArgumentException(
          "a run has at least one job, but there is none: add(\"A\", Job.training(LLAMA3_70B)...)");
    }
    tenants.forEach(tenant -> tenant.job.run()); // refuses what does not fit
    var network = new JobsNetwork(fabric, balancing, seed, Experiment.defaultTransport(balancing));
    return JobsRun.of(network, placed(), background);
  }

  private List<PlacedJob> placed() {
    Set<Integer> taken = new HashSet<>();
    var placed = new ArrayList<PlacedJob>();
    for (Tenant tenant : tenants) {
      int[] free = IntStream.range(0, fabric.gpus()).filter(gpu -> !taken.contains(gpu)).toArray();
      int ranks = tenant.job.plan().gpus();
      if (ranks > free.length) {
        throw new IllegalArgumentException(
            "job %s needs %d GPUs, but %s has %d, of which %d are free: add servers or make the job smaller"
                .formatted(tenant.name, ranks, fabric.name(), fabric.gpus(), free.length));
      }
      int[] gpus = tenant.placement.place(ranks, free.length);
      Arrays.setAll(gpus, r -> free[gpus[r]]);
      Arrays.stream(gpus).forEach(taken::add);
      String how = tenant.placement.getClass().isSynthetic() ? "" : tenant.placement.toString();
      placed.add(new PlacedJob(tenant.name, tenant.job, how, gpus, fabric));
    }
    return placed;
  }

  @Override
  public String toString() {
    return "%d jobs on %s".formatted(tenants.size(), fabric.name());
  }
}
