package weft.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.parallel.ParallelAxis;
import weft.parallel.PlanMemory;
import weft.parallel.PlanTraffic;
import weft.parallel.Recomputation;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Provenance;
import weft.report.Result;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;
import weft.units.Units;

/**
 * The time of one training step and where it goes, of a GPU in an average stage.
 *
 * <p>Kernels follow one another by the roofline; tensor, context, expert and pipeline exchanges are
 * waited for, as Megatron-LM does; gradients are waited for after the last backward pass, or as far
 * as they do not fit behind it where the plan overlaps them.
 */
public final class StepTime implements Result {
  private static final int BOTH_PASSES = 3;

  private final TrainingJob job;
  private final Map<String, Double> parts;
  private final String network;
  private final double seconds;

  private StepTime(TrainingJob job, Map<String, Double> parts, String network) {
    this.job = job;
    this.parts = parts;
    this.network = network;
    seconds = parts.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  static StepTime of(TrainingJob job) {
    var packed = Locality.packed(job.plan(), job.server().gpus());
    return of(job, packed, "NICs at their full rate");
  }

  static StepTime of(TrainingJob job, Locality locality, String network) {
    return new StepTime(job, new StepParts(job, locality).seconds(), network);
  }

  /** From one step to the next. */
  public Time total() {
    return Units.seconds(seconds);
  }

  TrainingJob job() {
    return job;
  }

  double seconds() {
    return seconds;
  }

  /** Seconds of a part by its name in {@link #table()}, 0 for what this step does not do. */
  public double seconds(String part) {
    return parts.getOrDefault(part, 0.0);
  }

  /** Seconds waited for exchanges along an axis. */
  public double exposed(ParallelAxis axis) {
    return seconds(StepParts.named(axis));
  }

  /** Seconds that an average stage waits for others. */
  public double bubble() {
    return seconds(StepParts.BUBBLE);
  }

  /**
   * FLOPs that the model needs over those that all GPUs could do meanwhile, in [0, 1]. Attention to
   * positions that a causal mask leaves out counts only where the plan's attention calculates it:
   * in full as Megatron-LM counts, by half with FlashAttention.
   */
  public double mfu() {
    double flops = job.model().iterationFlops(job.globalBatch()) - BOTH_PASSES * skippedFlops();
    return flops / peakFlops();
  }

  /** Of one forward pass of the whole batch. */
  private double skippedFlops() {
    var model = job.model();
    double token = model.layers() * model.heads().productFlops(model.sequence()) / 2;
    return job.plan().hasFlashAttention() ? token * job.globalBatch() * model.sequence() : 0;
  }

  /**
   * TFLOP/s of each GPU with the forward pass counted twice where all of it is recomputed, as
   * Megatron-LM reports it.
   */
  public double teraflopsPerGpu() {
    var model = job.model();
    boolean isTwice = job.plan().recomputation() == Recomputation.FULL;
    double whole =
        isTwice
            ? model.recomputedIterationFlops(job.globalBatch())
            : model.iterationFlops(job.globalBatch());
    double skipped = (BOTH_PASSES + (isTwice ? 1 : 0)) * skippedFlops();
    return (whole - skipped) / job.plan().gpus() / seconds / 1e12;
  }

  private double peakFlops() {
    return job.plan().gpus() * job.server().accelerator().peakFlops() * seconds;
  }

  /** Tokens that all GPUs together train on in a second. */
  public double tokensPerSecond() {
    return (double) job.globalBatch() * job.model().sequence() / seconds;
  }

  /**
   * What training on so many tokens takes, without failures and checkpoints.
   *
   * @param tokens at least 1; {@code 15.6e12} for Llama 3
   */
  public TokenBudget forTokens(double tokens) {
    return forTokens(tokens, seconds);
  }

  TokenBudget forTokens(double tokens, double secondsPerStep) {
    return new TokenBudget(
        tokens,
        Math.ceil(tokens / ((double) job.globalBatch() * job.model().sequence())),
        secondsPerStep,
        job.plan().gpus(),
        job.servers() * job.server().watts(),
        job.plan().gpus() * job.server().accelerator().watts());
  }

  /** What the job asks of storage over this front-end network. */
  public StorageTime storage(FrontEnd frontEnd) {
    Check.notNull("a front end", frontEnd, "write for example FrontEnd.of(64, gbps(200))");
    return StorageTime.of(this, frontEnd);
  }

  /** Memory of the fullest GPU; {@code memory().verdict(H100)} says what would make it fit. */
  public PlanMemory memory() {
    return job.plan().memory(job.model(), job.globalBatch());
  }

  /** What each GPU sends. */
  public PlanTraffic traffic() {
    return job.plan().traffic(job.model(), job.globalBatch());
  }

  /** A row a part of the step, and all: seconds, share. */
  @Override
  public Table table() {
    var names = StringColumn.create("part of the step");
    var times = Numbers.column("time (s)");
    var shares = Numbers.column("share (%)");
    parts.forEach(
        (name, time) -> {
          names.append(name);
          times.append(time);
          shares.append(100 * time / seconds);
        });
    names.append("step");
    times.append(seconds);
    shares.append(100.0);
    return Table.create("Step of " + job, names, times, shares);
  }

  @Override
  public CategoryChart chart() {
    List<Double> shares = new ArrayList<>();
    parts.values().forEach(time -> shares.add(100 * time / seconds));
    return StepChart.of(
        "%s: a step of %s".formatted(job, total()), List.copyOf(parts.keySet()), shares);
  }

  @Override
  public Provenance provenance() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("model", job.model().toString());
    facts.put("cluster", "%d %s".formatted(job.servers(), job.server().name()));
    facts.put("plan", job.plan().toString());
    facts.put("memory", memoryOfGpu() + (isTooLarge() ? ": it does not fit" : ""));
    facts.put("global batch", Digits.counted(job.globalBatch(), "sequence"));
    facts.put("fidelity", "closed forms: roofline, rings, pipeline bubble");
    facts.put("network", network);
    facts.put("share of the best product", Digits.of(job.productShare()));
    return Provenance.of(facts);
  }

  @Override
  public String summary() {
    return "%s: a step takes %s, %s %% of the peak (MFU), %s tokens/s%s"
        .formatted(
            job,
            total(),
            Digits.of(100 * mfu(), 3),
            Digits.of(tokensPerSecond(), 4),
            isTooLarge() ? ", but needs %s: see memory()".formatted(memoryOfGpu()) : "");
  }

  private String memoryOfGpu() {
    return "%s of a GPU's %s"
        .formatted(
            memory().total().decimal(),
            new DataSize(job.server().accelerator().memoryBytes()).decimal());
  }

  private boolean isTooLarge() {
    return !memory().fits(job.server().accelerator());
  }

  @Override
  public String toString() {
    return summary();
  }
}
