package weft.train;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weft.collective.Schedule;
import weft.engine.packet.PacketEngine;
import weft.experiment.Demands;
import weft.experiment.NetworkLoad;
import weft.fabric.Fabric;
import weft.nn.LayerCost;
import weft.nn.Precision;
import weft.nn.Split;
import weft.nn.compute.Blas;
import weft.routing.LoadBalancing;
import weft.units.Time;

/** A training job that was checked: what both of its halves, numbers and clock, start from. */
final class TrainingPlan {
  /** Values of a parameter that an update touches: the weight read and written, its gradient. */
  private static final int UPDATE_VALUES = 3;

  /** Entries of the table of every step's shares. */
  private static final int MOST_SHARES = 1 << 26;

  final Training job;
  final Split data;
  final int[][] samples;
  private final List<LayerCost> layers;
  private final Buckets buckets;
  private final Schedule[] schedules;
  private final int[] gpuOfRank;
  private final int[] senders;

  /**
   * What the simulated half came to.
   *
   * @param times clock of every step
   * @param load port counters, {@code null} when one worker trained without a network
   */
  record Timing(StepTimes times, @Nullable NetworkLoad load) {}

  private TrainingPlan(Training job, Split data) {
    this.job = job;
    this.data = data;
    this.samples = Shards.sizes(data.train().size(), job.batch, job.epochs, job.workers);
    this.layers = job.network.costs();
    this.buckets = Buckets.of(job.exchange, layers, stored().bytes());
    this.schedules = new Schedule[buckets.count()];
    for (int b = 0; b < schedules.length; b++) {
      schedules[b] = job.exchange.collective().plan(job.workers, buckets.length()[b]).onGpusAlone();
    }
    Fabric fabric = job.fabric;
    this.gpuOfRank =
        fabric == null ? new int[] {0} : job.placement.place(job.workers, fabric.gpus());
    this.senders =
        fabric == null || job.background == null
            ? new int[0]
            : job.background.drawSenders(gpuOfRank, fabric, job.seed);
  }

  static TrainingPlan of(Training job) {
    Split data = job.data;
    if (data == null) {
      throw new IllegalArgumentException(
          "training needs samples: call on(Datasets.digits()) or on a data set of your own");
    }
    if (job.workers > 1 && job.fabric == null) {
      throw new IllegalArgumentException(
          "%d workers exchange gradients over a fabric: call across(fabric)"
              .formatted(job.workers));
    }
    if (job.background != null && job.workers == 1) {
      throw new IllegalArgumentException(
          "one worker exchanges nothing that an incast could slow: call dataParallel(16)");
    }
    if (job.batch < job.workers) {
      throw new IllegalArgumentException(
          "a batch of %d leaves some of %d workers without a sample: raise batch to %d or more"
              .formatted(job.batch, job.workers, job.workers));
    }
    if (job.batch > data.train().size()) {
      throw new IllegalArgumentException(
          "a batch of %d needs as many training samples, but %s has %d: lower batch"
              .formatted(job.batch, data.train().name(), data.train().size()));
    }
    if (!data.train().hasClasses()) {
      throw new IllegalArgumentException(
          "a training job reports how many test samples are classified rightly, but %s has numbers to predict: use network.train(...).on(data)"
              .formatted(data.train().name()));
    }
    job.network.checkFits(data.train());
    job.network.checkFits(data.test());
    checkFormat(job);
    checkSteps(job, Shards.stepsPerEpoch(data.train().size(), job.batch));
    if (job.fabric != null && job.workers > 1) {
      job.transport().checkControl();
    }
    var plan = new TrainingPlan(job, data);
    if (job.fabric != null && job.workers > 1) {
      job.transport().check(job.fabric, List.of(plan.gpuOfRank));
    }
    plan.checkClock();
    plan.checkShares();
    return plan;
  }

  private void checkShares() {
    for (int[] step : samples) {
      for (int share : step) {
        if (share > 0) {
          job.network.checkShare(share);
        }
      }
    }
  }

  private static void checkFormat(Training job) {
    Precision stored = job.network.precision().stored();
    Precision format = job.exchange.format();
    if (format != null && format.bytes() > stored.bytes()) {
      throw new IllegalArgumentException(
          "a gradient of %s gains nothing by being sent in %s: leave out in(...) or write in(Precision.BFLOAT16)"
              .formatted(stored, format));
    }
  }

  private static void checkSteps(Training job, int stepsPerEpoch) {
    long steps = (long) stepsPerEpoch * job.epochs;
    if (steps * job.workers > MOST_SHARES) {
      throw new IllegalArgumentException(
          "steps times workers are at most %d, but %d epochs of %d steps with %d workers are %d: lower epochs or raise batch"
              .formatted(MOST_SHARES, job.epochs, stepsPerEpoch, job.workers, steps * job.workers));
    }
  }

  /** The network may take as long again, so computing has half of what the clock counts. */
  private void checkClock() {
    var compute = compute();
    int n = samples[0][0];
    double busy = (double) compute.forward(n) + compute.update();
    for (int layer = 0; layer < layers.size(); layer++) {
      busy += compute.backward(layer, n);
    }
    if (busy * samples.length > Long.MAX_VALUE / 2.0) {
      throw new IllegalArgumentException(
          "simulated time lasts 106 days, of which computing may take half, but %d steps of %s take longer: lower epochs or the step's compute time"
              .formatted(samples.length, new Time((long) busy)));
    }
  }

  GradientWork.Outcome computeGradients() {
    return new GradientWork(
            job.network, job.optimizer, job.workers, buckets, schedules, job.exchange.format())
        .run(data, job.batch, job.epochs, job.seed);
  }

  Timing simulate() {
    var compute = compute();
    Fabric fabric = job.fabric;
    if (fabric == null || job.workers == 1) {
      return new Timing(alone(compute), null);
    }
    LoadBalancing balancing =
        job.balancing.planned(fabric, Demands.of(List.of(schedules), gpuOfRank, sent().bytes()));
    var engine = new PacketEngine(fabric, job.transport(), balancing, job.seed);
    var clock =
        new SimulatedClock(
            engine,
            balancing.queuePairs(),
            gpuOfRank,
            schedules,
            buckets,
            job.exchange.overlapping(),
            sent().bytes(),
            compute,
            samples);
    if (job.background != null) {
      clock.traffic().share(job.background, senders);
    }
    StepTimes times = clock.run();
    return new Timing(times, NetworkLoad.of(fabric, engine));
  }

  private ComputeModel compute() {
    return new ComputeModel(
        layers,
        (long) job.network.inputs() * job.network.precision().bytes(),
        job.accelerator,
        updateBytes(),
        job.stepTime,
        (job.batch + job.workers - 1) / job.workers);
  }

  /** What gradients and master weights are kept in. */
  private Precision stored() {
    return job.network.precision().stored();
  }

  /** What gradients are sent in. */
  private Precision sent() {
    Precision format = job.exchange.format();
    return format == null ? stored() : format;
  }

  /**
   * Bytes of a parameter that an update touches: beside {@link #UPDATE_VALUES} what the optimiser
   * remembers, read and written; at least a velocity is counted, so that plain gradient descent
   * takes as long as with momentum.
   */
  private int updateBytes() {
    int memory = Math.max(1, job.optimizer.memoryPerParameter());
    return (UPDATE_VALUES + 2 * memory) * stored().bytes();
  }

  private StepTimes alone(ComputeModel compute) {
    var times = new StepTimes(new long[samples.length], new long[samples.length]);
    long clock = 0;
    for (int step = 0; step < samples.length; step++) {
      int n = samples[step][0];
      long busy = compute.forward(n) + compute.update();
      for (int layer = 0; layer < layers.size(); layer++) {
        busy += compute.backward(layer, n);
      }
      clock += busy;
      times.compute()[step] = busy;
      times.finished()[step] = clock;
    }
    return times;
  }

  /** What tables and legends call the run. */
  String name() {
    if (job.workers == 1) {
      return "1 worker";
    }
    return job.workers + " workers" + (job.background == null ? "" : " with incast");
  }

  /** What provenance tells. */
  Map<String, String> facts() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("network", job.network.toString());
    facts.put("weights", job.network.start());
    facts.put("data", data.toString());
    facts.put("batch", String.valueOf(job.batch));
    facts.put("epochs", String.valueOf(job.epochs));
    facts.put("optimiser", job.optimizer.toString());
    facts.put("workers", job.workers + " on " + job.accelerator.name());
    Time measured = job.stepTime;
    facts.put("step's compute time", measured == null ? "by roofline" : measured + " as measured");
    facts.put("seed", String.valueOf(job.seed));
    facts.put("matrix products", Blas.description());
    if (job.workers > 1 && job.network.toString().contains("batchNorm()")) {
      facts.put(
          "batch normalisation",
          "over each worker's part of a batch; the trained network has the running statistics of"
              + " rank 0");
    }
    Fabric fabric = job.fabric;
    if (fabric != null && job.workers > 1) {
      facts.putAll(fabric.facts());
      facts.put("GPU of each rank", Arrays.toString(gpuOfRank));
      facts.putAll(job.transport().facts());
      facts.put("load balancing", job.balancing.toString());
      facts.put("exchange", job.exchange.toString());
      facts.put(
          "background",
          job.background == null
              ? "none"
              : job.background + " into GPU " + job.background.target(gpuOfRank));
      facts.put("fidelity", "packets");
    }
    return facts;
  }
}
