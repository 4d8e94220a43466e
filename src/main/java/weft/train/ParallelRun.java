package weft.train;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.lines.SeriesLines;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.fabric.Fabric;
import weft.nn.Network;
import weft.nn.Optimizer;
import weft.nn.PartMemory;
import weft.nn.Precision;
import weft.nn.compute.Blas;
import weft.parallel.ParallelAxis;
import weft.parallel.ParallelPlan;
import weft.parallel.Sharding;
import weft.report.Charts;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Provenance;
import weft.report.Result;
import weft.units.Check;

/** What a plan came to that was executed: traffic, memory, and how it compares with one GPU. */
public final class ParallelRun implements Result {
  private final ParallelPlan plan;
  private final List<PlanWorker> workers;
  private final double[] losses;
  private final double[] lossesOfOne;
  private final Network network;
  private final Network networkOfOne;
  private final ExpectedTraffic expected;
  private final int bytes;
  private final Optimizer optimizer;
  private final Map<String, String> facts = new LinkedHashMap<>();

  ParallelRun(ParallelTraining job, ParallelPlan plan, PlanWorkers all, PlanWorkers alone) {
    this.plan = plan;
    workers = all.workers();
    losses = all.losses();
    lossesOfOne = alone.losses();
    network = all.trained();
    networkOfOne = alone.trained();
    bytes = network.precision().bytes();
    optimizer = job.optimizer;
    expected = new ExpectedTraffic(plan, plan.microBatches(job.batch), bytes);
    facts.put("plan", name());
    facts.put("micro-batch", Digits.counted(plan.microBatch(), "sample"));
    facts.put("network", job.network.toString());
    facts.put("weights", job.network.start());
    facts.put("data", String.valueOf(job.data));
    facts.put("batch", String.valueOf(job.batch));
    facts.put("steps", String.valueOf(job.steps));
    facts.put("optimiser", job.optimizer.toString());
    facts.put("seed", String.valueOf(job.seed));
    facts.put("matrix products", Blas.description());
  }

  /** The plan, with what it shards. */
  String name() {
    boolean shards = plan.data() * plan.context() > 1 && plan.sharding() != Sharding.REPLICATED;
    return plan + (shards ? " (" + plan.sharding() + ")" : "");
  }

  /**
   * These steps on a fabric, where every exchange travels: {@code across(fabric).at(flows()).run()}
   * says how long each took. To be asked for as often as one likes.
   */
  public PlanOnFabric across(Fabric fabric) {
    return new PlanOnFabric(this, fabric);
  }

  ParallelPlan plan() {
    return plan;
  }

  List<PlanWorker> workers() {
    return workers;
  }

  Map<String, String> facts() {
    return facts;
  }

  Optimizer optimizer() {
    return optimizer;
  }

  Precision precision() {
    return network.precision();
  }

  /** The network as the plan's GPUs trained it, put together from their parts. */
  public Network network() {
    return network;
  }

  /** The network as one GPU trained it. */
  public Network networkOfOneGpu() {
    return networkOfOne;
  }

  /** Mean loss of each step's batch, before its update. */
  public double[] losses() {
    return losses.clone();
  }

  /** Likewise on one GPU. */
  public double[] lossesOfOneGpu() {
    return lossesOfOne.clone();
  }

  /** Steps trained. */
  public int steps() {
    return losses.length;
  }

  /** Bytes that a GPU sent along an axis in all steps. */
  public long sent(int gpu, ParallelAxis axis) {
    Counts counts = worker(gpu).counts();
    return movements().stream().filter(m -> m.axis() == axis).mapToLong(counts::numbers).sum()
        * bytes;
  }

  /** Bytes that a GPU has in memory for its part. */
  public PartMemory memory(int gpu) {
    return worker(gpu).memory();
  }

  private PlanWorker worker(int gpu) {
    return workers.get(Check.index("GPU", gpu, workers.size()));
  }

  private List<Movement> movements() {
    var all = new LinkedHashSet<Movement>();
    workers.forEach(worker -> all.addAll(worker.counts().movements()));
    return all.stream().sorted(Comparator.comparing(Movement::axis)).toList();
  }

  /**
   * A row for each thing that moves: how often, and what a GPU that takes part sends in a step,
   * counted and by the formula of {@link weft.parallel.AxisTraffic}, whose last factor is the bytes
   * of all calls' arrays. GPUs whose shares differ are averaged. The formula takes experts to be
   * chosen equally often, which routers do not do.
   */
  @Override
  public Table table() {
    var axis = StringColumn.create("axis");
    var operation = StringColumn.create("operation");
    var what = StringColumn.create("what");
    var gpus = IntColumn.create("GPUs that send");
    var calls = Numbers.column("calls a step");
    var counted = Numbers.column("sent by a GPU (B/step)");
    var byFormula = Numbers.column("by the formula (B/step)");
    var formula = StringColumn.create("formula");
    for (Movement movement : movements()) {
      var senders = workers.stream().filter(w -> w.counts().calls(movement) > 0).toList();
      double all = (double) senders.size() * steps();
      axis.append(movement.axis().label());
      operation.append(movement.operation().toString());
      what.append(movement.what());
      gpus.append(senders.size());
      calls.append(senders.stream().mapToInt(w -> w.counts().calls(movement)).sum() / all);
      counted.append(
          senders.stream().mapToLong(w -> w.counts().numbers(movement)).sum() * bytes / all);
      double sent =
          senders.stream().mapToDouble(w -> expected.sent(w, movement)).sum() / senders.size();
      byFormula.append(sent);
      formula.append(movement.formula(plan, sent));
    }
    return Table.create(
        "Traffic of " + name(), axis, operation, what, gpus, calls, counted, byFormula, formula);
  }

  /** A row a GPU: which layers it holds, and the bytes of its arrays. */
  public Table memoryTable() {
    var gpu = IntColumn.create("GPU");
    var holds = StringColumn.create("holds");
    var columns =
        List.of(
            LongColumn.create("weights (B)"),
            LongColumn.create("gradients (B)"),
            LongColumn.create("optimiser (B)"),
            LongColumn.create("one layer's, gathered (B)"),
            LongColumn.create("activations (B)"),
            LongColumn.create("micro-batches held"),
            LongColumn.create("sent (B/step)"));
    for (int g = 0; g < workers.size(); g++) {
      PartMemory memory = memory(g);
      gpu.append(g);
      holds.append(workers.get(g).holds());
      columns.get(0).append(memory.weights());
      columns.get(1).append(memory.gradients());
      columns.get(2).append(memory.optimizer());
      columns.get(3).append(memory.gathered());
      columns.get(4).append(memory.activations());
      columns.get(5).append(memory.microBatches());
      int index = g;
      columns
          .get(6)
          .append(
              Arrays.stream(ParallelAxis.values()).mapToLong(a -> sent(index, a)).sum() / steps());
    }
    var table = Table.create("Memory of " + name(), gpu, holds);
    columns.forEach(table::addColumns);
    return table;
  }

  /** Losses and weights against one GPU's: the largest difference, and whether all bits agree. */
  public Table comparison() {
    double loss = largestLossDifference();
    double weights = network.largestDifference(networkOfOne);
    return Table.create(
        "%s, against one GPU".formatted(name()),
        StringColumn.create("what", "loss of a step", "weights and biases"),
        Numbers.column("largest difference", loss, weights),
        StringColumn.create("same bits", loss == 0 ? "yes" : "no", weights == 0 ? "yes" : "no"));
  }

  private double largestLossDifference() {
    return IntStream.range(0, steps())
        .mapToDouble(step -> Math.abs(losses[step] - lossesOfOne[step]))
        .max()
        .orElse(0);
  }

  /** Loss of each step on one GPU, and dashed on it by the plan. */
  @Override
  public XYChart chart() {
    XYChart chart = Charts.lines("Loss by a plan and on one GPU", "step", "loss of a step");
    double[] numbers = IntStream.rangeClosed(1, steps()).asDoubleStream().toArray();
    Charts.line(chart, "one GPU", numbers, lossesOfOne);
    Charts.line(chart, name(), numbers, losses).setLineStyle(SeriesLines.DASH_DASH);
    return chart;
  }

  @Override
  public Provenance provenance() {
    return Provenance.of(facts);
  }

  @Override
  public String summary() {
    return "%s: %s, loss %s; largest difference from one GPU: %s of a loss, %s of a weight"
        .formatted(
            name(),
            Digits.counted(steps(), "step"),
            Digits.of(losses[steps() - 1], 4),
            Digits.of(largestLossDifference(), 3),
            Digits.of(network.largestDifference(networkOfOne), 3));
  }

  @Override
  public String toString() {
    return summary();
  }
}
