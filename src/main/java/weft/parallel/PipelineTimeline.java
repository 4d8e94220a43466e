package weft.parallel;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.parallel.PipelinePass.Kind;
import weft.report.Numbers;
import weft.report.Picture;
import weft.report.Tabular;
import weft.units.Check;

/**
 * A pipeline's schedule carried out: each pass begins once its stage is free and its input is
 * there. Time is in forward passes of a whole stage; a backward pass takes 2 unless said otherwise,
 * handing on nothing.
 */
public final class PipelineTimeline implements Tabular {
  private static final int MOST_PASSES = 100_000;

  private final PipelineSchedule schedule;
  private final int stages;
  private final int microBatches;
  private final PassTimes times;
  private final List<List<PipelinePass>> order = new ArrayList<>();
  private final Map<Kind, double[][][]> ends = new EnumMap<>(Kind.class);

  private PipelineTimeline(
      PipelineSchedule schedule, int stages, int microBatches, PassTimes times) {
    this.schedule = schedule;
    this.stages = stages;
    this.microBatches = microBatches;
    this.times = times;
    for (Kind kind : Kind.values()) {
      ends.put(kind, new double[stages][schedule.chunks()][microBatches]);
    }
    for (int s = 0; s < stages; s++) {
      order.add(schedule.order(s, stages, microBatches));
    }
    carryOut();
  }

  static PipelineTimeline of(
      PipelineSchedule schedule, int stages, int microBatches, PassTimes times) {
    PlanCheck.schedule(schedule, stages, microBatches);
    Check.notNull("times of passes", times, "write PassTimes.EQUAL");
    long passes = 2L * stages * schedule.chunks() * microBatches;
    if (passes > MOST_PASSES) {
      throw new IllegalArgumentException(
          "a timeline is for few stages and micro-batches, up to %d passes, but these are %d: lower one of them, bubble() holds for any"
              .formatted(MOST_PASSES, passes));
    }
    return new PipelineTimeline(schedule, stages, microBatches, times);
  }

  /** Turn by turn each stage does what it can, until all have done everything. */
  private void carryOut() {
    int[] next = new int[stages];
    double[] free = new double[stages];
    boolean goesOn = true;
    while (goesOn) {
      goesOn = false;
      for (int s = 0; s < stages; s++) {
        while (next[s] < order.get(s).size()) {
          PipelinePass pass = order.get(s).get(next[s]);
          double ready = ready(s, pass);
          if (Double.isNaN(ready)) {
            break;
          }
          free[s] = Math.max(free[s], ready) + length(pass);
          of(pass.kind())[s][pass.chunk()][pass.microBatch()] = free[s];
          next[s]++;
          goesOn = true;
        }
      }
    }
  }

  private double[][][] of(Kind kind) {
    return Objects.requireNonNull(ends.get(kind));
  }

  private double length(PipelinePass pass) {
    return pass.kind().length(times) / schedule.chunks();
  }

  /** When a pass's input is there; not a number while that is not known. */
  private double ready(int stage, PipelinePass pass) {
    if (pass.kind() == Kind.WEIGHT_GRADIENT) {
      return known(of(Kind.INPUT_GRADIENT)[stage][pass.chunk()][pass.microBatch()]);
    }
    boolean isForward = pass.kind() == Kind.FORWARD;
    int step = isForward ? -1 : 1;
    int place = pass.chunk() * stages + stage + step;
    if (place < 0) {
      return 0;
    }
    Kind kind = pass.kind();
    if (place == schedule.chunks() * stages) {
      kind = Kind.FORWARD;
      place--;
    }
    return known(of(kind)[place % stages][place / stages][pass.microBatch()]);
  }

  private static double known(double end) {
    return end > 0 ? end : Double.NaN;
  }

  /** Stages. */
  public int stages() {
    return stages;
  }

  /** What a stage does, in order. */
  public List<PipelinePass> passes(int stage) {
    return List.copyOf(order.get(Check.index("stage", stage, stages)));
  }

  /** When a stage ends a pass. */
  public double end(int stage, PipelinePass pass) {
    return of(pass.kind())[stage][pass.chunk()][pass.microBatch()];
  }

  /** When a stage begins a pass. */
  public double start(int stage, PipelinePass pass) {
    return end(stage, pass) - length(pass);
  }

  /** When the last pass ends. */
  public double total() {
    double last = 0;
    for (int s = 0; s < stages; s++) {
      List<PipelinePass> all = order.get(s);
      last = Math.max(last, end(s, all.get(all.size() - 1)));
    }
    return last;
  }

  /**
   * Time that a stage waits between its first and its last pass over the time that it works, in the
   * stage that waits most.
   */
  public double bubble() {
    double longest = 0;
    for (int s = 0; s < stages; s++) {
      List<PipelinePass> all = order.get(s);
      double span = end(s, all.get(all.size() - 1)) - start(s, all.get(0));
      longest = Math.max(longest, span);
    }
    return longest / (times.all() * microBatches) - 1;
  }

  /** The most micro-batches that a stage keeps at once, in whole stages' worth. */
  public double held(int stage) {
    int held = 0;
    int most = 0;
    for (PipelinePass pass : passes(stage)) {
      held += pass.kind() == Kind.FORWARD ? 1 : pass.kind().releases() ? -1 : 0;
      most = Math.max(most, held);
    }
    return (double) most / schedule.chunks();
  }

  /** A row a pass: stage, kind of pass, chunk, micro-batch, start, end. */
  @Override
  public Table table() {
    var stage = IntColumn.create("stage");
    var kind = StringColumn.create("pass");
    var chunk = IntColumn.create("chunk");
    var microBatch = IntColumn.create("micro-batch");
    var start = Numbers.column("start (forward passes)");
    var end = Numbers.column("end (forward passes)");
    for (int s = 0; s < stages; s++) {
      for (PipelinePass pass : order.get(s)) {
        stage.append(s);
        kind.append(pass.kind().label());
        chunk.append(pass.chunk());
        microBatch.append(pass.microBatch());
        start.append(start(s, pass));
        end.append(end(s, pass));
      }
    }
    return Table.create(toString(), stage, kind, chunk, microBatch, start, end);
  }

  /**
   * A row a stage, time to the right: forward passes blue, backward passes green, the part of them
   * that nobody waits for yellow.
   */
  public Picture picture() {
    return new PipelinePicture(this, schedule.chunks()).picture();
  }

  /** For example {@code 1F1B, 4 stages, 8 micro-batches}. */
  @Override
  public String toString() {
    return "%s, %d stages, %d micro-batches".formatted(schedule, stages, microBatches);
  }
}
