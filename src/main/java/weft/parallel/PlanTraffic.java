package weft.parallel;

import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.cluster.Placement;
import weft.fabric.Fabric;
import weft.llm.Transformer;
import weft.parallel.AxisTraffic.Operation;
import weft.report.Numbers;
import weft.report.Tabular;
import weft.units.Check;

/**
 * What one GPU in the middle of the pipeline exchanges in a training step, axis by axis.
 *
 * <ul>
 *   <li>Tensor: two AllReduce of {@code b s h} forward and two backward in every layer, two more
 *       where the forward pass is repeated (Shoeybi et al., section 3); with sequence parallelism
 *       each is a ReduceScatter and an AllGather of the same bytes.
 *   <li>Context: keys and values gathered, forward and backward, and their gradients scattered.
 *   <li>Expert: each token to its experts and back, forward and backward: four AllToAll.
 *   <li>Data: gradients summed once a step, or by ZeRO-1 scattered and weights gathered. From
 *       ZeRO-2 on nobody keeps gradients whole, so that they are scattered after every micro-batch,
 *       and by ZeRO-3 weights are gathered twice for every micro-batch (ZeRO, section 7).
 *   <li>Pipeline: {@code b s h} to the next stage for each chunk and back, cut over the tensor
 *       group (Narayanan et al., section 4.1).
 * </ul>
 */
public final class PlanTraffic implements Tabular {
  private final ParallelPlan plan;
  private final Transformer model;
  private final int microBatches;
  private final List<AxisTraffic> rows = new ArrayList<>();

  private PlanTraffic(ParallelPlan plan, Transformer model, int globalBatch) {
    this.plan = plan;
    this.model = model;
    microBatches = plan.microBatches(globalBatch);
  }

  static PlanTraffic of(ParallelPlan plan, Transformer model, int globalBatch) {
    var traffic = new PlanTraffic(plan, model, globalBatch);
    traffic.tensor();
    traffic.context();
    traffic.experts();
    traffic.data();
    traffic.pipeline();
    return traffic;
  }

  /** What is exchanged, along axes whose degree is above 1. */
  public List<AxisTraffic> rows() {
    return List.copyOf(rows);
  }

  /** Bytes that one GPU sends along an axis in a step. */
  public double sent(ParallelAxis axis) {
    return rows.stream().filter(r -> r.axis() == axis).mapToDouble(AxisTraffic::sent).sum();
  }

  /**
   * Laid over a fabric, each rank on the GPU of its number: which axis uses NVLink, which the
   * spines.
   *
   * @throws IllegalArgumentException if the fabric has fewer GPUs than the plan
   */
  public TrafficMap over(Fabric fabric) {
    return over(fabric, Placement.packed());
  }

  /** Likewise with ranks placed like this; see {@link ParallelPlan#innermostFirst}. */
  public TrafficMap over(Fabric fabric, Placement placement) {
    Check.notNull("a fabric", fabric, "build one, for example Fabric.railOptimized()");
    Check.notNull("a placement", placement, "write for example packed()");
    return TrafficMap.of(this, fabric, placement);
  }

  ParallelPlan plan() {
    return plan;
  }

  private void add(ParallelAxis axis, Operation what, int ranks, double calls, double payload) {
    if (ranks > 1 && payload > 0 && calls > 0) {
      rows.add(new AxisTraffic(axis, what, ranks, calls, payload));
    }
  }

  /** Bytes of one micro-batch between layers. */
  private double hidden() {
    return 2 * new ActivationMemory(model, plan).tokens() * model.hidden();
  }

  private double layerPasses() {
    return (double) microBatches * plan.layersOfMiddleStage(model);
  }

  private void tensor() {
    int passes = plan.recomputation() == Recomputation.FULL ? 6 : 4;
    double calls = passes * layerPasses();
    if (plan.isSequenceParallel()) {
      add(ParallelAxis.TENSOR, Operation.REDUCE_SCATTER, plan.tensor(), calls, hidden());
      add(ParallelAxis.TENSOR, Operation.ALL_GATHER, plan.tensor(), calls, hidden());
    } else {
      add(ParallelAxis.TENSOR, Operation.ALL_REDUCE, plan.tensor(), calls, hidden());
    }
  }

  private void context() {
    var heads = model.heads();
    double whole = 2.0 * plan.microBatch() * model.sequence();
    double payload = whole * (heads.keyWidth() + heads.valueWidth()) / plan.tensor();
    int c = plan.context();
    add(ParallelAxis.CONTEXT, Operation.ALL_GATHER, c, 2 * layerPasses(), payload);
    add(ParallelAxis.CONTEXT, Operation.REDUCE_SCATTER, c, layerPasses(), payload);
  }

  private void experts() {
    model
        .experts()
        .ifPresent(
            mixture -> {
              double share = (double) model.expertLayers() / model.layers();
              double payload = hidden() * mixture.active() / plan.tensor();
              add(
                  ParallelAxis.EXPERT,
                  Operation.ALL_TO_ALL,
                  plan.expert(),
                  4 * share * layerPasses(),
                  payload);
            });
  }

  private void data() {
    var held = HeldParameters.most(plan, model);
    sum(held.dense(), held.denseGroup());
    sum(held.experts(), held.expertGroup());
  }

  private void sum(double parameters, int group) {
    double gradients = parameters * plan.gradientBytes();
    double weights = parameters * Sharding.WEIGHT_BYTES;
    if (plan.sharding() == Sharding.REPLICATED) {
      add(ParallelAxis.DATA, Operation.ALL_REDUCE, group, 1, gradients);
      return;
    }
    int scatters = plan.sharding().scattersGradients() ? microBatches : 1;
    int gathers = plan.sharding().gathersWeights() ? 2 * microBatches : 1;
    add(ParallelAxis.DATA, Operation.REDUCE_SCATTER, group, scatters, gradients);
    add(ParallelAxis.DATA, Operation.ALL_GATHER, group, gathers, weights);
  }

  private void pipeline() {
    double calls = 2.0 * microBatches * plan.schedule().chunks();
    add(ParallelAxis.PIPELINE, Operation.SEND, plan.pipeline(), calls, hidden() / plan.tensor());
  }

  /** A row an axis and operation: GPUs, calls a step, MB a call, GB that one GPU sends a step. */
  @Override
  public Table table() {
    var axes = StringColumn.create("axis");
    var operations = StringColumn.create("operation");
    var ranks = IntColumn.create("GPUs");
    var calls = Numbers.column("calls a step");
    var payload = Numbers.column("array (MB)");
    var sent = Numbers.column("sent by a GPU (GB/step)");
    for (AxisTraffic row : rows) {
      axes.append(row.axis().label());
      operations.append(row.operation().toString());
      ranks.append(row.ranks());
      calls.append(row.calls());
      payload.append(row.payload() / 1e6);
      sent.append(row.sent() / 1e9);
    }
    return Table.create(
        "Traffic of one GPU, " + model.name(), axes, operations, ranks, calls, payload, sent);
  }
}
