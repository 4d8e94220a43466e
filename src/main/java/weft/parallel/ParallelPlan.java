package weft.parallel;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import weft.cluster.Placement;
import weft.llm.Transformer;
import weft.report.Digits;
import weft.units.Check;

/**
 * How a training job is cut over GPUs. Neighbouring GPUs first share tensors, then a sequence, then
 * the batch; pipeline stages are furthest apart. A tensor group therefore stays in a server where
 * its degree allows that.
 *
 * <pre>{@code
 * ParallelPlan.of(16_384).tensor(8).pipeline(16, interleaved(4)).sharded(Sharding.ZERO_1)
 * }</pre>
 *
 * <p>Whatever the other degrees leave is data parallel. Degrees of 1, 1F1B, micro-batches of one
 * sequence, no sharding and no recomputation unless said otherwise; bf16 numbers of 2 bytes.
 */
public final class ParallelPlan {
  private final int gpus;
  private final Degrees degrees;
  private final PipelineSchedule schedule;
  private final PlanOptions options;

  private ParallelPlan(int gpus, Degrees degrees, PipelineSchedule schedule, PlanOptions options) {
    this.gpus = gpus;
    this.degrees = degrees;
    this.schedule = schedule;
    this.options = options;
  }

  /**
   * A plan of so many GPUs, all data parallel until other degrees are given.
   *
   * @param gpus at least 1
   */
  public static ParallelPlan of(int gpus) {
    Check.atLeast(1, "GPUs of a plan", gpus, "write for example ParallelPlan.of(64)");
    return new ParallelPlan(
        gpus,
        new Degrees(1, 1, 1, 1, 0),
        PipelineSchedule.oneForwardOneBackward(),
        new PlanOptions());
  }

  /**
   * Matrices cut over so many GPUs (Shoeybi et al., arXiv 1909.08053).
   *
   * @param degree at least 1, a divisor of the model's heads and inner widths
   */
  public ParallelPlan tensor(int degree) {
    atLeast1("tensor", degree);
    var d = degrees;
    return with(new Degrees(degree, d.context(), d.expert(), d.pipeline(), d.data()));
  }

  /**
   * Sequences cut over so many GPUs, which gather keys and values (Llama Team, 2024, 3.3.2).
   *
   * @param degree at least 1, a divisor of a sequence's tokens
   */
  public ParallelPlan context(int degree) {
    atLeast1("context", degree);
    var d = degrees;
    return with(new Degrees(d.tensor(), degree, d.expert(), d.pipeline(), d.data()));
  }

  /**
   * Experts dealt out to so many GPUs of a data-parallel group (Lepikhin et al., GShard, ICLR
   * 2021).
   *
   * @param degree at least 1, a divisor of the experts and of context times data
   */
  public ParallelPlan expert(int degree) {
    atLeast1("expert", degree);
    var d = degrees;
    return with(new Degrees(d.tensor(), d.context(), degree, d.pipeline(), d.data()));
  }

  /** Layers cut into so many stages, which work by 1F1B or in the order that was given before. */
  public ParallelPlan pipeline(int stages) {
    return pipeline(stages, schedule);
  }

  /**
   * Layers cut into so many stages, which work in this order.
   *
   * @param stages at least 1; times the schedule's chunks a divisor of the layers
   */
  public ParallelPlan pipeline(int stages, PipelineSchedule order) {
    atLeast1("pipeline", stages);
    Check.notNull("a pipeline's schedule", order, "write for example interleaved(4)");
    var d = degrees;
    return new ParallelPlan(
        gpus, new Degrees(d.tensor(), d.context(), d.expert(), stages, d.data()), order, options);
  }

  /** A batch cut over so many replicas, as a check: it must be what the other degrees leave. */
  public ParallelPlan data(int degree) {
    atLeast1("data", degree);
    var d = degrees;
    return with(new Degrees(d.tensor(), d.context(), d.expert(), d.pipeline(), degree));
  }

  /** So many sequences at once through the layers, at least 1. */
  public ParallelPlan microBatch(int sequences) {
    Check.atLeast(
        1, "microBatch", sequences, "give how many sequences go through the layers at once");
    return with(o -> o.microBatch = sequences);
  }

  /** Model state shared out in each data-parallel group. */
  public ParallelPlan sharded(Sharding what) {
    Check.notNull("what is sharded", what, "write Sharding.ZERO_1");
    return with(o -> o.sharding = what);
  }

  /** Activations calculated again. */
  public ParallelPlan recomputing(Recomputation what) {
    Check.notNull("what is recomputed", what, "write Recomputation.FULL");
    return with(o -> o.recomputation = what);
  }

  /**
   * Norms and dropout cut along the sequence in each tensor group, so that nothing is kept twice
   * (Korthikanti et al., section 4.2.2); AllReduce becomes ReduceScatter and AllGather.
   */
  public ParallelPlan sequenceParallel() {
    return with(o -> o.sequenceParallel = true);
  }

  /** Attention whose scores never leave the chip (Dao et al., NeurIPS 2022), causal half only. */
  public ParallelPlan flashAttention() {
    return with(o -> o.flashAttention = true);
  }

  /** Gradients sent while the last micro-batch's backward pass still goes on. */
  public ParallelPlan overlapped() {
    return with(o -> o.overlapped = true);
  }

  /**
   * Embedding and output count as a layer each when layers are dealt out to stages, so that the
   * first and the last stage have one layer less (Llama Team, 2024, section 3.3.2).
   */
  public ParallelPlan embeddingsAsLayers() {
    return with(o -> o.embeddingsAsLayers = true);
  }

  /** Gradients kept and summed in float32. */
  public ParallelPlan float32Gradients() {
    return with(o -> o.gradientBytes = 4);
  }

  private static void atLeast1(String axis, int degree) {
    Check.atLeast(1, "the %s degree".formatted(axis), degree, "1 leaves this axis uncut");
  }

  private ParallelPlan with(Degrees other) {
    return new ParallelPlan(gpus, other, schedule, options);
  }

  private ParallelPlan with(Consumer<PlanOptions> change) {
    return new ParallelPlan(gpus, degrees, schedule, options.with(change));
  }

  /** GPUs of the job. */
  public int gpus() {
    return gpus;
  }

  /** GPUs that share each matrix. */
  public int tensor() {
    return degrees.tensor();
  }

  /** GPUs that share each sequence. */
  public int context() {
    return degrees.context();
  }

  /** GPUs that experts are dealt out to. */
  public int expert() {
    return degrees.expert();
  }

  /** Stages. */
  public int pipeline() {
    return degrees.pipeline();
  }

  /**
   * Replicas that share the batch: GPUs over the product of tensor, context and pipeline.
   *
   * @throws IllegalArgumentException if the degrees do not multiply to the GPU count
   */
  public int data() {
    double replica = (double) degrees.tensor() * degrees.context() * degrees.pipeline();
    int data = degrees.data() > 0 ? degrees.data() : (int) (gpus / replica);
    if (data < 1 || replica * data != gpus) {
      throw new IllegalArgumentException(
          "tensor %d x context %d x pipeline %d%s must multiply to the %d GPUs of the plan, but %s: change a degree or the GPU count"
              .formatted(
                  degrees.tensor(),
                  degrees.context(),
                  degrees.pipeline(),
                  degrees.data() > 0 ? " x data " + degrees.data() : "",
                  gpus,
                  degrees.data() > 0
                      ? "come to %.0f".formatted(replica * data)
                      : "a replica of %.0f GPUs does not divide them".formatted(replica)));
    }
    return data;
  }

  /** Whether {@link #data(int)} was written, and must go with the other degrees. */
  boolean hasDataDegree() {
    return degrees.data() > 0;
  }

  /**
   * Where ranks go if GPUs are dealt out along other axes first than tensor, context, data and then
   * pipeline: {@code innermostFirst(DATA, TENSOR, PIPELINE)} has replicas side by side in a server.
   *
   * @throws IllegalArgumentException if an axis of a degree above 1 is missing or named twice
   */
  public Placement innermostFirst(ParallelAxis... axes) {
    Check.noneNull("axes", axes, "write innermostFirst(TENSOR, DATA, PIPELINE)");
    return AxisOrder.of(this, List.of(axes));
  }

  /** The order in which stages work. */
  public PipelineSchedule schedule() {
    return schedule;
  }

  /** Sequences at once. */
  public int microBatch() {
    return options.microBatch;
  }

  /** What is shared out in a data-parallel group. */
  public Sharding sharding() {
    return options.sharding;
  }

  /** What is calculated again. */
  public Recomputation recomputation() {
    return options.recomputation;
  }

  /** Whether norms are cut along the sequence. */
  public boolean isSequenceParallel() {
    return options.sequenceParallel;
  }

  /** Whether attention's scores stay on the chip. */
  public boolean hasFlashAttention() {
    return options.flashAttention;
  }

  /** Whether gradients are sent behind the backward pass. */
  public boolean isOverlapped() {
    return options.overlapped;
  }

  /** Bytes of a gradient: 2, or 4 in float32. */
  public int gradientBytes() {
    return options.gradientBytes;
  }

  /** Layers' worth of work that all stages share: embedding and output may count. */
  int units(Transformer model) {
    return model.layers() + (options.embeddingsAsLayers ? 2 : 0);
  }

  /** Layers of the first stage, and of the last; 0 where they have embedding or output alone. */
  public int layersOfFirstStage(Transformer model) {
    if (degrees.pipeline() == 1) {
      return model.layers();
    }
    return units(model) / degrees.pipeline() - (options.embeddingsAsLayers ? 1 : 0);
  }

  /** Layers of a stage in the middle, the most that any stage has. */
  public int layersOfMiddleStage(Transformer model) {
    return degrees.pipeline() == 1 ? model.layers() : units(model) / degrees.pipeline();
  }

  /**
   * Micro-batches of each replica in a step.
   *
   * @param globalBatch sequences
   * @throws IllegalArgumentException if they cannot be shared out evenly
   */
  public int microBatches(int globalBatch) {
    Check.atLeast(1, "globalBatch", globalBatch, "give sequences, not tokens");
    long together = (long) data() * options.microBatch;
    if (globalBatch % together != 0) {
      throw new IllegalArgumentException(
          "a global batch is shared out to %d replicas in micro-batches of %d, but %d is no multiple of %d: write for example globalBatch(%d)"
              .formatted(
                  data(),
                  options.microBatch,
                  globalBatch,
                  together,
                  Math.max(1, Math.round((double) globalBatch / together)) * together));
    }
    return (int) (globalBatch / together);
  }

  /**
   * Why this plan cannot cut a model, in a sentence; empty if it can.
   *
   * @throws IllegalArgumentException if the degrees do not multiply to the GPU count, or the batch
   *     cannot be shared out evenly
   */
  public Optional<String> problem(Transformer model, int globalBatch) {
    return PlanCheck.problem(this, model, globalBatch);
  }

  /** Memory of the fullest GPU, checked against the model first. */
  public PlanMemory memory(Transformer model, int globalBatch) {
    PlanCheck.of(this, model, globalBatch);
    return PlanMemory.of(this, model, globalBatch);
  }

  /** What each GPU sends along each axis in a step, checked against the model first. */
  public PlanTraffic traffic(Transformer model, int globalBatch) {
    PlanCheck.of(this, model, globalBatch);
    return PlanTraffic.of(this, model, globalBatch);
  }

  /** For example {@code 16384 GPUs: tensor 8, pipeline 16 (1F1B), data 128}. */
  @Override
  public String toString() {
    var text = new StringBuilder(Digits.counted(gpus, "GPU") + ": ");
    text.append("tensor ").append(degrees.tensor());
    if (degrees.context() > 1) {
      text.append(", context ").append(degrees.context());
    }
    if (degrees.expert() > 1) {
      text.append(", expert ").append(degrees.expert());
    }
    if (degrees.pipeline() > 1) {
      text.append(", pipeline %d (%s)".formatted(degrees.pipeline(), schedule));
    }
    return text.append(", data ").append(data()).toString();
  }
}
