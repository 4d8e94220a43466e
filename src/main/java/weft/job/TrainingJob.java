package weft.job;

import weft.cluster.Server;
import weft.llm.Transformer;
import weft.parallel.ParallelPlan;
import weft.units.Check;

/**
 * A large training job: model, servers, plan, batch. One DGX H100, all data parallel and one
 * sequence a GPU unless said otherwise.
 */
public final class TrainingJob {
  /**
   * Share of an accelerator's best measured matrix product ({@code Accelerator.efficiency}) that a
   * training step's own products achieve. It is the one constant of this model, fitted to the ten
   * rows of Megatron-LM's weak scaling (Narayanan et al., SC21, table 1): all then lie within 7 %.
   */
  public static final double PRODUCT_SHARE = 0.75;

  /** A hundred times the largest cluster of our day. */
  private static final int MOST_GPUS = 100_000_000;

  private final Transformer model;
  private final int servers;
  private final Server server;
  private final ParallelPlan plan;
  private final int globalBatch;
  private final double productShare;

  TrainingJob(Transformer model) {
    this(model, 1, Server.DGX_H100, ParallelPlan.of(8), 8, PRODUCT_SHARE);
  }

  private TrainingJob(
      Transformer model,
      int servers,
      Server server,
      ParallelPlan plan,
      int globalBatch,
      double productShare) {
    this.model = model;
    this.servers = servers;
    this.server = server;
    this.plan = plan;
    this.globalBatch = globalBatch;
    this.productShare = productShare;
  }

  /** On so many of these servers, whose NICs reach each other at their full rate. */
  public TrainingJob on(int count, Server kind) {
    Check.atLeast(1, "servers", count, "write for example on(128, DGX_H100)");
    Check.notNull("a kind of server", kind, "write for example DGX_H100");
    if ((long) count * kind.gpus() > MOST_GPUS) {
      throw new IllegalArgumentException(
          "a job has at most %d GPUs, but %d %s have %d: give fewer servers"
              .formatted(MOST_GPUS, count, kind.name(), (long) count * kind.gpus()));
    }
    return new TrainingJob(model, count, kind, plan, globalBatch, productShare);
  }

  /** Cut over GPUs like this. */
  public TrainingJob plan(ParallelPlan other) {
    Check.notNull("a plan", other, "write for example ParallelPlan.of(1024).tensor(8)");
    return new TrainingJob(model, servers, server, other, globalBatch, productShare);
  }

  /** So many sequences a step, of all replicas together. */
  public TrainingJob globalBatch(int sequences) {
    Check.atLeast(1, "globalBatch", sequences, "give sequences, not tokens");
    return new TrainingJob(model, servers, server, plan, sequences, productShare);
  }

  /**
   * Products that achieve this share of the accelerator's best, {@link #PRODUCT_SHARE} unless set:
   * the knob to make the model agree with one's own measurement.
   *
   * @param share in (0, 1]
   */
  public TrainingJob productShare(double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "productShare is above 0 and at most 1, but was %s: 75 %% is 0.75".formatted(share));
    }
    return new TrainingJob(model, servers, server, plan, globalBatch, share);
  }

  /**
   * The time of a step and where it goes.
   *
   * @throws IllegalArgumentException if the plan does not fit the cluster's GPUs or cannot cut the
   *     model; where its memory is too small, the step is timed all the same and {@code summary()}
   *     says so
   */
  public StepTime run() {
    checkGpus();
    plan.memory(model, globalBatch);
    return StepTime.of(this);
  }

  /**
   * Every plan of these GPUs that fits into their memory, the fastest first. Degrees, schedules of
   * the pipeline, micro-batch, sharding and recomputation are tried; everything else is as in the
   * job's plan.
   *
   * @throws IllegalArgumentException if none fits
   */
  public PlanRanking bestPlans() {
    checkGpus();
    return PlanSearch.of(this);
  }

  private void checkGpus() {
    int gpus = servers * server.gpus();
    if (plan.gpus() != gpus) {
      throw new IllegalArgumentException(
          "a plan uses all GPUs of the job, but it is made for %d and %d %s have %d: write ParallelPlan.of(%d)"
              .formatted(plan.gpus(), servers, server.name(), gpus, gpus));
    }
  }

  Transformer model() {
    return model;
  }

  int servers() {
    return servers;
  }

  Server server() {
    return server;
  }

  ParallelPlan plan() {
    return plan;
  }

  int globalBatch() {
    return globalBatch;
  }

  double productShare() {
    return productShare;
  }

  /** For example {@code Llama 3 405B on 2048 DGX H100}. */
  @Override
  public String toString() {
    return "%s on %d %s".formatted(model.name(), servers, server.name());
  }
}
