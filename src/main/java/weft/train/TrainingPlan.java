package weft.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weft.experiment.JobNetwork;
import weft.experiment.JobSetup;
import weft.experiment.PlacedCollectives;
import weft.experiment.Traffic;
import weft.fabric.Fabric;
import weft.fault.Failover;
import weft.fault.FaultPlan;
import weft.nn.LayerCost;
import weft.nn.Precision;
import weft.nn.Split;
import weft.nn.compute.Blas;
import weft.report.Digits;
import weft.units.Time;

/** A training job that was checked: what numbers and clock, however synchronised, start from. */
final class TrainingPlan {
  final Training job;
  final Split data;

  /** How many samples each worker's share of each step has: {@code [step][worker]}. */
  final int[][] samples;

  /** Where the workers run, and after them the parameter server if there is one. */
  final int[] gpuOfRank;

  /** One burst of background traffic, if there is any. */
  final @Nullable Traffic burst;

  final List<LayerCost> layers;

  private TrainingPlan(Training job, Split data) {
    this.job = job;
    this.data = data;
    this.samples = Shards.sizes(data.train().size(), job.batch, job.epochs, job.workers);
    this.layers = job.network.costs();
    Fabric fabric = job.fabric;
    int ranks = job.workers + job.synchrony.servers();
    this.gpuOfRank = fabric == null ? new int[] {0} : job.placement.place(ranks, fabric.gpus());
    this.burst =
        fabric == null || job.background == null
            ? null
            : job.background.burst(gpuOfRank, fabric, job.seed);
  }

  /**
   * @throws IllegalArgumentException if the parts of the job do not fit together
   */
  static TrainingPlan of(Training job) {
    var plan = new TrainingPlan(job, TrainingCheck.samplesOf(job));
    if (job.fabric != null && job.usesNetwork()) {
      job.transport().check(job.fabric, List.of(plan.gpuOfRank));
      plan.faults(job.fabric);
    }
    plan.checkClock();
    plan.checkShares();
    return plan;
  }

  private void checkShares() {
    for (int[] step : samples) {
      for (int share : step) {
        if (share > 0) {
          job.network.checkShare(share / Math.min(job.parts, share));
        }
      }
    }
  }

  /** The network may take as long again, so computing has half of what the clock counts. */
  private void checkClock() {
    var compute = compute();
    double slowest = 1 / job.throttled.values().stream().min(Double::compare).orElse(1.0);
    double busy = slowest * (compute.passes(samples[0][0], job.parts) + compute.update());
    if (busy * samples.length > Long.MAX_VALUE / 2.0) {
      throw new IllegalArgumentException(
          "simulated time lasts 106 days, of which computing may take half, but %d steps of %s take longer: lower epochs or the step's compute time"
              .formatted(samples.length, new Time((long) busy)));
    }
  }

  /**
   * The job's network before anything of the job is sent, shared with others.
   *
   * @param collectives what the job will send
   * @throws IllegalArgumentException if the job's fidelity does not know what it asks for
   */
  JobNetwork network(Fabric fabric, PlacedCollectives collectives) {
    var setup = new JobSetup(fabric, job.transport(), job.balancing, faults(fabric), job.seed);
    var network = job.fidelity.network(setup, collectives);
    if (burst != null && job.background != null) {
      network.share(burst, job.background.every(), flow -> 0);
    }
    return network;
  }

  Pace pace() {
    return new Pace(job.workers, job.jitter, job.throttled, job.seed);
  }

  private FaultPlan faults(Fabric fabric) {
    return FaultPlan.of(fabric, job.faults, Failover.DEFAULT);
  }

  ComputeModel compute() {
    return new ComputeModel(
        layers,
        (long) job.network.inputs() * job.network.precision().bytes(),
        job.accelerator,
        ComputeModel.updateBytes(job.optimizer, stored()),
        job.stepTime,
        (job.batch + job.workers - 1) / job.workers);
  }

  /** What gradients and master weights are kept in. */
  Precision stored() {
    return job.network.precision().stored();
  }

  /** What tables and legends call the run. */
  String name() {
    return (job.workers == 1 ? "1 worker" : job.workers + " workers")
        + job.synchrony.suffix()
        + (job.background == null ? "" : " beside " + job.background.name());
  }

  /** What provenance tells. */
  Map<String, String> facts() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("network", job.network.toString());
    facts.put("weights", job.network.start());
    facts.put("data", data.toString());
    String parts = job.parts == 1 ? "" : ", each worker's part in " + job.parts;
    facts.put("batch", job.batch + parts);
    facts.put("epochs", String.valueOf(job.epochs));
    facts.put("optimiser", job.optimizer.toString());
    facts.put("workers", job.workers + " on " + job.accelerator.name());
    Time measured = job.stepTime;
    facts.put("step's compute time", measured == null ? "by roofline" : measured + " as measured");
    if (job.jitter > 0) {
      facts.put("jitter", "log-normal, coefficient of variation " + Digits.of(job.jitter));
    }
    job.throttled.forEach(
        (rank, share) -> facts.put("rank " + rank, "computes at " + Digits.of(share)));
    facts.put("seed", String.valueOf(job.seed));
    facts.put("matrix products", Blas.description());
    if (job.workers > 1 && job.network.toString().contains("batchNorm()")) {
      facts.put(
          "batch normalisation",
          "over each worker's part of a batch; the trained network has the running statistics of"
              + " rank 0");
    }
    Fabric fabric = job.fabric;
    if (fabric != null && job.usesNetwork()) {
      facts.put("synchronised", job.synchrony.toString());
      facts.putAll(fabric.facts());
      facts.put("GPU of each rank", Arrays.toString(gpuOfRank));
      facts.putAll(job.transport().facts());
      facts.put("load balancing", job.balancing.toString());
      facts.put("exchange", job.synchrony.exchange(job.exchange));
      facts.put("background", burst == null ? "none" : burst.name());
      facts.putAll(faults(fabric).facts());
      facts.put("fidelity", job.fidelity.toString());
    }
    return facts;
  }
}
