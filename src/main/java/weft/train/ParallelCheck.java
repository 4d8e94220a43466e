package weft.train;

import weft.nn.Dataset;
import weft.nn.NetworkPart;
import weft.nn.Precision;
import weft.parallel.ParallelPlan;
import weft.parallel.Recomputation;
import weft.parallel.Sharding;
import weft.report.Digits;

/**
 * What a plan's execution needs, checked before anything runs.
 *
 * @param plan that is executed
 * @param batches rows of every step
 */
record ParallelCheck(ParallelPlan plan, Batches batches) {
  /** A thread each. */
  private static final int MOST_GPUS = 128;

  static ParallelCheck of(ParallelTraining job) {
    Dataset data = job.data;
    if (data == null) {
      throw new IllegalArgumentException(
          "training needs samples: call on(Datasets.digits()) or on a data set of your own");
    }
    ParallelPlan plan = job.plan;
    if (plan == null) {
      throw new IllegalArgumentException(
          "a plan says how the network is cut: call plan(ParallelPlan.of(4).pipeline(4))");
    }
    if (job.batch > data.size()) {
      throw new IllegalArgumentException(
          "a batch of %d needs as many samples, but %s has %d: lower batch"
              .formatted(job.batch, data.name(), data.size()));
    }
    job.network.checkFits(data);
    checkKind(job, plan);
    checkDegrees(job, data, plan);
    long rows = (long) job.steps * job.batch;
    if (rows > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "steps times batch are at most 2^31 - 9, but %d x %d are more: lower steps"
              .formatted(job.steps, job.batch));
    }
    return new ParallelCheck(plan, Batches.of(data, job.batch, job.steps, job.seed));
  }

  /** What no plan can execute here. */
  private static void checkKind(ParallelTraining job, ParallelPlan plan) {
    Precision precision = job.network.precision();
    if (precision.stored() != precision) {
      throw new IllegalArgumentException(
          "numbers are rounded tensor by tensor in %s, and parts of a tensor would be rounded otherwise than the whole: write precision(Precision.FLOAT32)"
              .formatted(precision));
    }
    refuse(
        plan.isSequenceParallel(), "cuts norms along the sequence", "leave out sequenceParallel()");
    refuse(
        plan.recomputation() != Recomputation.NONE,
        "calculates activations again",
        "leave out recomputing(...)");
  }

  private static void refuse(boolean asked, String what, String remedy) {
    if (asked) {
      throw new IllegalArgumentException(
          "a plan that %s has its memory and traffic in tables, but is not executed: %s"
              .formatted(what, remedy));
    }
  }

  private static void checkDegrees(ParallelTraining job, Dataset data, ParallelPlan plan) {
    if (plan.gpus() > MOST_GPUS) {
      throw new IllegalArgumentException(
          "each GPU of an executed plan is a thread, of which there are at most %d, but the plan has %d: execute a smaller one"
              .formatted(MOST_GPUS, plan.gpus()));
    }
    int microBatches = plan.microBatches(job.batch);
    checkChunks(plan);
    checkParts(job, plan);
    checkSequences(data, plan);
    plan.schedule()
        .problem(plan.pipeline(), microBatches)
        .ifPresent(
            text -> {
              throw new IllegalArgumentException(text + ": give other micro-batches");
            });
    checkExperts(job, plan);
    checkSharding(job, plan);
    job.network.checkShare(plan.microBatch());
    if (plan.data() * plan.context() > 1 && job.network.toString().contains("batchNorm()")) {
      throw new IllegalArgumentException(
          "batchNorm() remembers means of what a GPU has seen, and each of %s sees another share of the batch, so they would not come to what one GPU remembers: use layerNorm(), or a plan without data parallelism"
              .formatted(Digits.counted(plan.data(), "replica")));
    }
  }

  /** Chunks of one stage would be sent by each GPU to itself. */
  private static void checkChunks(ParallelPlan plan) {
    if (plan.pipeline() == 1 && plan.schedule().chunks() > 1) {
      throw new IllegalArgumentException(
          "an interleaved schedule needs a pipeline, but there is one stage: raise pipeline or leave the schedule out");
    }
  }

  private static void checkParts(ParallelTraining job, ParallelPlan plan) {
    int places = plan.pipeline() * plan.schedule().chunks();
    for (int place = 0; place < places; place++) {
      var stage = PlanWorkers.stage(job.network, plan, place);
      if (plan.context() > 1) {
        var unused = stage.context(0, plan.context()); // or an error that says why not
      }
      if (plan.tensor() > 1 && stage.tensor(0, plan.tensor()).forwardSums().length == 0) {
        throw new IllegalArgumentException(
            "tensor(%d) cuts two dense layers in a row, of which the first is no softmax, or attention, but %s has neither: add a dense layer, or write tensor(1)%s"
                .formatted(plan.tensor(), stage, places > 1 ? " or fewer stages" : ""));
      }
    }
  }

  private static void checkSequences(Dataset data, ParallelPlan plan) {
    if (plan.context() > 1 && data.positions() != data.features()) {
      throw new IllegalArgumentException(
          "context(%d) cuts sequences with a class at every step, but %s has %s for %s: learn from Datasets.persuasion().sequences(64), or write context(1)"
              .formatted(
                  plan.context(),
                  data.name(),
                  Digits.counted(data.positions(), "class"),
                  Digits.counted(data.features(), "feature")));
    }
  }

  private static void checkExperts(ParallelTraining job, ParallelPlan plan) {
    int e = plan.expert();
    if (e == 1) {
      return;
    }
    int copies = plan.data() * plan.context();
    if (copies % e != 0) {
      throw new IllegalArgumentException(
          "experts are dealt out within a data-parallel group, whose %d GPUs are no multiple of %d: give an expert degree that divides them"
              .formatted(copies, e));
    }
    if (NetworkPart.of(job.network).experts(0, e).dispatched().length == 0) {
      throw new IllegalArgumentException(
          "expert(%d) deals out experts, but %s has none: add experts(4, 2, 16, gelu()), or write expert(1)"
              .formatted(e, job.network));
    }
    refuse(
        plan.sharding().scattersGradients(),
        "deals out experts and shards gradients",
        "write sharded(ZERO_1), or expert(1)");
  }

  private static void checkSharding(ParallelTraining job, ParallelPlan plan) {
    if (plan.sharding().scattersGradients() && plan.pipeline() > 1) {
      throw new IllegalArgumentException(
          "%s scatters gradients after each micro-batch, of which a pipeline has many under way, so that more would move than is saved: write sharded(Sharding.ZERO_1), as DeepSpeed asks for too"
              .formatted(plan.sharding()));
    }
    boolean slices =
        plan.tensor() > 1
            || (plan.sharding() != Sharding.REPLICATED && plan.data() * plan.context() > 1);
    boolean parts = slices || plan.pipeline() > 1 || plan.expert() > 1;
    if (job.optimizer.clipNorm() < Double.POSITIVE_INFINITY && parts) {
      throw new IllegalArgumentException(
          "clipNorm(%s) looks at the norm of the whole gradient, of which each GPU of this plan has a part: leave it out, or cut the batch alone"
              .formatted(Digits.of(job.optimizer.clipNorm())));
    }
    if (job.optimizer.usesTensorNorms() && slices) {
      throw new IllegalArgumentException(
          "%s looks at the norms of whole weight matrices, of which each GPU of this plan has a part: use adamW(0.001)"
              .formatted(job.optimizer));
    }
  }
}
