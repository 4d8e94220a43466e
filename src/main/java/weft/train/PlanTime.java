package weft.train;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.experiment.NetworkLoad;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Picture;
import weft.report.Provenance;
import weft.report.Result;
import weft.units.Check;
import weft.units.Time;

/** What an executed plan's steps took on a fabric, and what each GPU spent them on. */
public final class PlanTime implements Result {
  private final String name;
  private final PlanOnFabric plan;
  private final Provenance provenance;
  private final PlanSpans spans;
  private final NetworkLoad load;
  private final int gpus;

  PlanTime(PlanOnFabric plan, Provenance provenance, PlanSpans spans, NetworkLoad load) {
    this(plan.executed.name() + " on " + plan.fabric.name(), plan, provenance, spans, load);
  }

  private PlanTime(
      String name, PlanOnFabric plan, Provenance provenance, PlanSpans spans, NetworkLoad load) {
    this.name = name;
    this.plan = plan;
    this.provenance = provenance;
    this.spans = spans;
    this.load = load;
    gpus = plan.executed.workers().size();
  }

  /** The same under another name, for tables and legends. */
  public PlanTime named(String other) {
    Check.notNull("a name", other, "write for example named(\"NVLink\")");
    return new PlanTime(other, plan, provenance, spans, load);
  }

  /** What tables and legends call it. */
  public String name() {
    return name;
  }

  /** Steps that were timed. */
  public int steps() {
    return spans.finished().length;
  }

  /** Simulated time from the start to the last update. */
  public Time completion() {
    return new Time(spans.finished()[steps() - 1]);
  }

  /** The mean time of a step. */
  public Time stepTime() {
    return new Time(Math.round((double) completion().ps() / steps()));
  }

  /** Share of their time that the GPUs compute, the mean of all, in [0, 1]. */
  public double computing() {
    double sum = 0;
    for (int gpu = 0; gpu < gpus; gpu++) {
      for (Activity activity : Activity.values()) {
        sum += activity.computes() ? spans.spent(gpu, activity) : 0;
      }
    }
    return sum / gpus / completion().ps();
  }

  /** Port counters of the network. */
  public NetworkLoad networkLoad() {
    return load;
  }

  /**
   * A row a GPU: what a step's time went on, the mean of all steps. Along an axis it exchanges or
   * waits for those it exchanges with; a pipeline's stages only wait for what they receive. What is
   * left of the step is waiting for the other GPUs' last update.
   */
  @Override
  public Table table() {
    var table =
        Table.create(
            "Where a step of " + name + " goes",
            IntColumn.create("GPU", IntStream.range(0, gpus).toArray()),
            StringColumn.create("place", places()));
    for (Activity activity : used()) {
      table.addColumns(spent(activity));
    }
    double step = stepTime().micros();
    return table.addColumns(
        Numbers.column("step (us)", DoubleStream.generate(() -> step).limit(gpus)));
  }

  /** A row a step: when its last GPU had updated, and its loss. */
  public Table stepTable() {
    return Table.create(
        "Steps, " + name,
        IntColumn.create("step", IntStream.rangeClosed(1, steps()).toArray()),
        Numbers.column("clock (us)", Arrays.stream(spans.finished()).mapToDouble(t -> t / 1e6)),
        Numbers.column("loss", plan.executed.losses()));
  }

  private List<String> places() {
    return plan.executed.workers().stream()
        .map(worker -> worker.place().in(plan.executed.plan()))
        .toList();
  }

  private List<Activity> used() {
    return Arrays.stream(Activity.values())
        .filter(a -> IntStream.range(0, gpus).anyMatch(g -> spans.spent(g, a) > 0))
        .toList();
  }

  private DoubleColumn spent(Activity activity) {
    DoubleColumn column = Numbers.column(activity.label() + " (us)");
    for (int gpu = 0; gpu < gpus; gpu++) {
      column.append(spans.spent(gpu, activity) / 1e6 / steps());
    }
    return column;
  }

  /** The last step, a row a GPU, time to the right. */
  public Picture picture() {
    return new PlanPicture(name, spans, used(), gpus).picture();
  }

  /** Loss against simulated time. */
  @Override
  public XYChart chart() {
    return overlay(this);
  }

  private LossCurve curve() {
    return new LossCurve(name, spans.finished(), plan.executed.losses());
  }

  /** Loss against simulated time, a line a run. */
  public static XYChart overlay(PlanTime... runs) {
    requireSome("an overlay", runs);
    return LossCurve.chart("us", 1e6, Arrays.stream(runs).map(PlanTime::curve).toList());
  }

  /** A row a run: time, share of it computing, and loss. */
  public static Table compare(PlanTime... runs) {
    requireSome("a comparison", runs);
    List<PlanTime> all = List.of(runs);
    return Table.create(
        "Plans on fabrics",
        StringColumn.create("run", all.stream().map(PlanTime::name).toList()),
        IntColumn.create("steps", all.stream().mapToInt(PlanTime::steps).toArray()),
        doubles("step (us)", all, run -> run.stepTime().micros()),
        doubles("computing (%)", all, run -> 100 * run.computing()),
        doubles("completion (us)", all, run -> run.completion().micros()),
        doubles("last loss", all, run -> run.plan.executed.losses()[run.steps() - 1]));
  }

  private static void requireSome(String what, PlanTime[] runs) {
    Check.someNoneNull(what, "run", "runs", runs, "give executed.across(fabric).run()");
  }

  private static DoubleColumn doubles(
      String title, List<PlanTime> all, ToDoubleFunction<PlanTime> value) {
    return Numbers.column(title, all.stream().mapToDouble(value).toArray());
  }

  @Override
  public Provenance provenance() {
    return provenance;
  }

  @Override
  public String summary() {
    return "%s: a step takes %s, of which GPUs compute %s %%"
        .formatted(name, stepTime(), Digits.of(100 * computing(), 3));
  }

  @Override
  public String toString() {
    return summary();
  }
}
