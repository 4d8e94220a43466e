package weft.parallel;

import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.cluster.Accelerator;
import weft.llm.Transformer;
import weft.report.Numbers;
import weft.report.Tabular;
import weft.units.Check;
import weft.units.DataSize;

/**
 * Memory of the fullest GPU of a plan: in the first stage, which keeps the most micro-batches and
 * the embedding, or in the second where that has more layers. Buffers of the software, of
 * collectives and of the output's logits are not counted; the one layer that is whole for a while,
 * because it is gathered or calculated again, is.
 */
public final class PlanMemory implements Tabular {
  private final ParallelPlan plan;
  private final Transformer model;
  private final int globalBatch;
  private final double weights;
  private final double gradients;
  private final double optimizer;
  private final double activations;
  private final double recomputed;
  private final double gathered;

  private PlanMemory(
      ParallelPlan plan, Transformer model, int globalBatch, int stage, HeldParameters held) {
    this.plan = plan;
    this.model = model;
    this.globalBatch = globalBatch;
    Sharding sharding = plan.sharding();
    double dense = held.dense();
    double experts = held.experts();
    int group = held.denseGroup();
    int expertGroup = held.expertGroup();
    weights = sharding.weightBytes(dense, group) + sharding.weightBytes(experts, expertGroup);
    gradients =
        sharding.gradientBytes(dense, group, plan.gradientBytes())
            + sharding.gradientBytes(experts, expertGroup, plan.gradientBytes());
    optimizer =
        sharding.optimizerBytes(dense, group) + sharding.optimizerBytes(experts, expertGroup);
    var layer = new ActivationMemory(model, plan);
    double microBatches =
        plan.schedule().held(stage, plan.pipeline(), plan.microBatches(globalBatch));
    activations = layer.keptByLayer() * held.layers() * microBatches;
    recomputed = layer.recomputed();
    int whole = sharding.wholeBytes(group, plan.gradientBytes());
    gathered = whole == 0 ? 0 : whole * held.largestLayer();
  }

  static PlanMemory of(ParallelPlan plan, Transformer model, int globalBatch) {
    var first = new PlanMemory(plan, model, globalBatch, 0, HeldParameters.first(plan, model));
    if (plan.pipeline() < 3) {
      return first;
    }
    var second = new PlanMemory(plan, model, globalBatch, 1, HeldParameters.middle(plan, model));
    return first.total().compareTo(second.total()) >= 0 ? first : second;
  }

  /** Of weights in bf16. */
  public DataSize weights() {
    return size(weights);
  }

  /** Of gradients. */
  public DataSize gradients() {
    return size(gradients);
  }

  /** Of float32 master weights and Adam's two moments. */
  public DataSize optimizer() {
    return size(optimizer);
  }

  /** Of what is kept for the backward pass of all micro-batches under way. */
  public DataSize activations() {
    return size(activations);
  }

  /** Of the one layer that recomputation is at, or of its scores; nothing without. */
  public DataSize recomputed() {
    return size(recomputed);
  }

  /**
   * Of the largest layer where it is whole for a while: its gradients by ZeRO-2, its weights too by
   * ZeRO-3.
   */
  public DataSize gathered() {
    return size(gathered);
  }

  /** All of it. */
  public DataSize total() {
    return size(all());
  }

  private double all() {
    return weights + gradients + optimizer + activations + recomputed + gathered;
  }

  private static DataSize size(double bytes) {
    return new DataSize(Math.round(bytes));
  }

  /** Whether that is at most this accelerator's memory. */
  public boolean fits(Accelerator accelerator) {
    Check.notNull("an accelerator", accelerator, "write for example H100");
    return total().bytes() <= accelerator.memoryBytes();
  }

  /** In a sentence: whether it fits, by how much, and what would make it fit. */
  public String verdict(Accelerator accelerator) {
    long capacity = Check.notNull("an accelerator", accelerator, "write H100").memoryBytes();
    long total = total().bytes();
    var margin = new DataSize(Math.abs(capacity - total)).decimal();
    String start =
        "%s on %s needs %s a GPU, which ".formatted(model.name(), plan, total().decimal());
    String where = "the %s of %s".formatted(new DataSize(capacity).decimal(), accelerator.name());
    return total <= capacity
        ? start + "fits into %s with %s to spare".formatted(where, margin)
        : start
            + "does not fit into %s: %s too much; %s"
                .formatted(where, margin, new MemoryRemedy(plan, model, globalBatch, capacity));
  }

  /** A row a kind of memory, and all: GB, share. */
  @Override
  public Table table() {
    double all = all();
    var names = StringColumn.create("memory");
    var sizes = Numbers.column("size (GB)");
    var shares = Numbers.column("share (%)");
    double[] parts = {weights, gradients, optimizer, activations, recomputed, gathered, all};
    String[] labels = {
      "weights",
      "gradients",
      "optimiser",
      "activations",
      "layer being recomputed",
      "layer being gathered",
      "all"
    };
    for (int i = 0; i < parts.length; i++) {
      if (parts[i] > 0) {
        names.append(labels[i]);
        sizes.append(parts[i] / 1e9);
        shares.append(100 * parts[i] / all);
      }
    }
    return Table.create("Memory of one GPU, " + model.name(), names, sizes, shares);
  }

  @Override
  public String toString() {
    return "%s weights, %s gradients, %s optimiser, %s activations%s: %s a GPU"
        .formatted(
            weights().decimal(),
            gradients().decimal(),
            optimizer().decimal(),
            size(activations + recomputed).decimal(),
            gathered > 0 ? ", %s gathered".formatted(gathered().decimal()) : "",
            total().decimal());
  }
}
