package weft.job;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import weft.cluster.Accelerator;
import weft.llm.Transformer;
import weft.parallel.AxisTraffic;
import weft.parallel.ParallelAxis;
import weft.parallel.ParallelPlan;
import weft.units.DataSize;

/** Takes a step apart. */
final class StepParts {
  static final String BUBBLE = "pipeline bubble";
  private static final String PRODUCTS = "matrix products";
  private static final String MEMORY = "memory-bound kernels";
  private static final String UPDATE = "update of weights";

  /** What is left of a micro-batch's time when its backward pass begins. */
  private static final double BACKWARD_SHARE = 2.0 / 3;

  /** Adam reads and writes master weights and two moments in float32, and writes bf16 weights. */
  private static final int UPDATE_BYTES = 6 * 4 + 2;

  private final ParallelPlan plan;
  private final Transformer model;
  private final int microBatches;
  private final LayerTime layer;
  private final Accelerator accelerator;
  private final DataSize optimizer;
  private final Map<ParallelAxis, Double> exchanges = new EnumMap<>(ParallelAxis.class);

  StepParts(TrainingJob job, Locality locality) {
    plan = job.plan();
    model = job.model();
    microBatches = plan.microBatches(job.globalBatch());
    Accelerator given = job.server().accelerator();
    accelerator = given.efficiency(given.efficiency() * job.productShare());
    layer = LayerTime.of(model, plan, accelerator);
    optimizer = plan.memory(model, job.globalBatch()).optimizer();
    var wires = new AxisTime(job.server(), locality);
    for (AxisTraffic row : plan.traffic(model, job.globalBatch()).rows()) {
      exchanges.merge(row.axis(), wires.seconds(row), Double::sum);
    }
  }

  static String named(ParallelAxis axis) {
    return axis.label().toLowerCase(Locale.ROOT) + " exchange";
  }

  /** Seconds of each part that takes any, in the order of a table. */
  Map<String, Double> seconds() {
    double perLayer = inLayers() / microBatches / plan.layersOfMiddleStage(model);
    double each = layer.layer() + perLayer;
    int outer = plan.layersOfFirstStage(model);
    double first = outer * each;
    double last = first + layer.output();
    double middle = plan.layersOfMiddleStage(model) * each;
    int stages = plan.pipeline();
    double share = plan.schedule().bubbleShare(layer.passes(perLayer));
    var pipeline = PipelineTime.of(first, middle, last, stages, share, microBatches);

    var parts = new LinkedHashMap<String, Double>();
    double layers = (double) microBatches * model.layers() / stages;
    double outputs = (double) microBatches / stages;
    double products = layers * layer.layerProducts() + outputs * layer.outputProducts();
    parts.put(PRODUCTS, products);
    parts.put(MEMORY, layers * layer.layer() + outputs * layer.output() - products);
    double scale = (double) model.layers() / stages / plan.layersOfMiddleStage(model);
    for (ParallelAxis axis : ParallelAxis.values()) {
      double time = exchanges.getOrDefault(axis, 0.0);
      switch (axis) {
        case DATA -> time = exposedOfData(time, pipeline);
        case PIPELINE -> {}
        default -> time *= scale;
      }
      put(parts, named(axis), time);
    }
    put(parts, BUBBLE, pipeline.bubble());
    parts.put(UPDATE, update());
    return parts;
  }

  private static void put(Map<String, Double> parts, String name, double time) {
    if (time > 0) {
      parts.put(name, time);
    }
  }

  /** Of exchanges that each layer waits for. */
  private double inLayers() {
    return exchanges.getOrDefault(ParallelAxis.TENSOR, 0.0)
        + exchanges.getOrDefault(ParallelAxis.CONTEXT, 0.0)
        + exchanges.getOrDefault(ParallelAxis.EXPERT, 0.0);
  }

  /**
   * What does not fit behind the last micro-batch's backward pass; behind all of them where
   * gradients are scattered after each, and behind all passes where weights are gathered for each.
   */
  private double exposedOfData(double time, PipelineTime pipeline) {
    if (!plan.isOverlapped()) {
      return time;
    }
    return Math.max(0, time - hiding() * pipeline.working());
  }

  /** Share of a stage's work that exchanges along the data axis hide behind. */
  private double hiding() {
    if (plan.sharding().gathersWeights()) {
      return 1;
    }
    return BACKWARD_SHARE / (plan.sharding().scattersGradients() ? 1 : microBatches);
  }

  private double update() {
    double parameters = optimizer.bytes() / 12.0;
    return accelerator.timeFor(0, parameters * (UPDATE_BYTES + plan.gradientBytes())).seconds();
  }
}
