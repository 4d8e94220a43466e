package weft.train;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.experiment.NetworkLoad;
import weft.nn.Network;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Provenance;
import weft.report.Result;
import weft.units.Check;
import weft.units.Time;

/**
 * What a training run came to: loss and accuracy, each with the simulated time it was reached at.
 */
public final class History implements Result {
  private final String name;
  private final Provenance provenance;
  private final Outcome outcome;
  private final StepTimes times;
  private final int[] missed;
  private final @Nullable NetworkLoad load;
  private final int stepsPerEpoch;

  private History(
      String name,
      Provenance provenance,
      Outcome outcome,
      StepTimes times,
      int[] missed,
      @Nullable NetworkLoad load,
      int stepsPerEpoch) {
    this.name = name;
    this.provenance = provenance;
    this.outcome = outcome;
    this.times = times;
    this.missed = missed;
    this.load = load;
    this.stepsPerEpoch = stepsPerEpoch;
  }

  /**
   * @param more what provenance tells beside the plan's facts
   */
  static History of(TrainingPlan plan, Map<String, String> more, Outcome outcome, Timing timing) {
    Map<String, String> facts = plan.facts();
    facts.putAll(more);
    return new History(
        plan.name(),
        Provenance.of(facts),
        outcome,
        timing.times(),
        timing.missed(),
        timing.load(),
        plan.samples.length / plan.job.epochs);
  }

  /** This history under another name, for tables and legends. */
  public History named(String other) {
    Check.notNull("a name", other, "write for example named(\"with incast\")");
    return new History(other, provenance, outcome, times, missed, load, stepsPerEpoch);
  }

  /** What tables and legends call it. */
  public String name() {
    return name;
  }

  /** The trained network. */
  public Network network() {
    return outcome.network();
  }

  /** How many steps were trained. */
  public int steps() {
    return outcome.losses().length;
  }

  /** Mean loss of each step's global batch, before its update. */
  public double[] losses() {
    return outcome.losses().clone();
  }

  /** Share of the test samples classified rightly after the last epoch, in [0, 1]. */
  public double testAccuracy() {
    return outcome.accuracies()[outcome.accuracies().length - 1];
  }

  /** Simulated time from the start to the end of the last step. */
  public Time completion() {
    return new Time(times.finished()[steps() - 1]);
  }

  /**
   * Share of the simulated time in which the slowest worker only waited for the network; with a
   * parameter server, of all workers' time. Waiting for other workers is not counted.
   */
  public double exposedShare() {
    double exposed = 0;
    for (int step = 0; step < steps(); step++) {
      exposed += times.exposed()[step];
    }
    return exposed / completion().ps();
  }

  /** Port counters of the network; empty when one worker trained without one. */
  public Optional<NetworkLoad> networkLoad() {
    return Optional.ofNullable(load);
  }

  /** A row an epoch: simulated clock, mean loss, test accuracy, and where a step's time went. */
  @Override
  public Table table() {
    int epochs = outcome.accuracies().length;
    var table =
        Table.create(
            "Training, " + name,
            IntColumn.create("epoch", epochs),
            Numbers.empty("clock (ms)", epochs),
            Numbers.empty("mean loss", epochs),
            Numbers.empty("test accuracy (%)", epochs),
            Numbers.empty("compute (us/step)", epochs),
            Numbers.empty("exposed communication (us/step)", epochs));
    for (int epoch = 0; epoch < epochs; epoch++) {
      int from = epoch * stepsPerEpoch;
      int to = from + stepsPerEpoch;
      table.intColumn(0).set(epoch, epoch + 1);
      table.doubleColumn(1).set(epoch, times.finished()[to - 1] / 1e9);
      table.doubleColumn(2).set(epoch, mean(from, to, step -> outcome.losses()[step]));
      table.doubleColumn(3).set(epoch, outcome.accuracies()[epoch] * 100);
      table.doubleColumn(4).set(epoch, mean(from, to, step -> times.compute()[step] / 1e6));
      table.doubleColumn(5).set(epoch, mean(from, to, step -> times.exposed()[step] / 1e6));
    }
    return table;
  }

  /** A row a step: epoch, compute time, exposed communication time, simulated clock, loss. */
  public Table stepTable() {
    int n = steps();
    var table =
        Table.create(
            "Steps, " + name,
            IntColumn.create("step", n),
            IntColumn.create("epoch", n),
            Numbers.empty("compute (us)", n),
            Numbers.empty("exposed communication (us)", n),
            Numbers.empty("clock (us)", n),
            Numbers.column("loss", outcome.losses()));
    for (int step = 0; step < n; step++) {
      table.intColumn(0).set(step, step + 1);
      table.intColumn(1).set(step, step / stepsPerEpoch + 1);
      table.doubleColumn(2).set(step, times.compute()[step] / 1e6);
      table.doubleColumn(3).set(step, times.exposed()[step] / 1e6);
      table.doubleColumn(4).set(step, times.finished()[step] / 1e6);
    }
    return table;
  }

  /**
   * How stale gradients were: a row for each number of others' gradients that a parameter server
   * had applied since the parameters that a gradient belongs to had left it, and how many gradients
   * missed as many. Where workers exchange together none misses any, and the table is empty.
   */
  public Table staleness() {
    var counts = new TreeMap<Integer, Integer>();
    for (int others : missed) {
      counts.merge(others, 1, Integer::sum);
    }
    return Table.create(
        "Staleness, " + name,
        IntColumn.create("missed gradients", counts.keySet().toArray(Integer[]::new)),
        IntColumn.create("gradients", counts.values().toArray(Integer[]::new)));
  }

  private static double mean(int from, int to, IntToDoubleFunction value) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += value.applyAsDouble(i);
    }
    return sum / (to - from);
  }

  /** Loss against simulated time. */
  @Override
  public XYChart chart() {
    return overlay(this);
  }

  private LossCurve curve() {
    return new LossCurve(name, times.finished(), outcome.losses());
  }

  /** Loss against simulated time, a line a history. */
  public static XYChart overlay(History... histories) {
    checkSome("an overlay", histories);
    return LossCurve.chart("ms", 1e9, Arrays.stream(histories).map(History::curve).toList());
  }

  /** A row a history: time, share of it waiting for the network, loss, accuracy. */
  public static Table compare(History... histories) {
    checkSome("a comparison", histories);
    List<History> all = List.of(histories);
    return Table.create(
        "Training runs",
        StringColumn.create("run", all.stream().map(History::name).toList()),
        doubles("completion (ms)", all, h -> h.completion().millis()),
        doubles("step (us)", all, h -> h.completion().micros() / h.steps()),
        doubles("waiting for the network (%)", all, h -> h.exposedShare() * 100),
        doubles("last loss", all, h -> h.outcome.losses()[h.steps() - 1]),
        doubles("test accuracy (%)", all, h -> h.testAccuracy() * 100));
  }

  private static void checkSome(String what, History[] histories) {
    Check.someNoneNull(
        what, "history", "histories", histories, "give what Training.run() returned");
  }

  private static DoubleColumn doubles(
      String title, List<History> all, ToDoubleFunction<History> value) {
    return Numbers.column(title, all.stream().mapToDouble(value).toArray());
  }

  @Override
  public Provenance provenance() {
    return provenance;
  }

  @Override
  public String summary() {
    return "%s: %d steps in %s of simulated time, %.0f %% of it waiting for the network; loss %s, test accuracy %.1f %%"
        .formatted(
            name, steps(), completion(), exposedShare() * 100, lastLoss(), testAccuracy() * 100);
  }

  private String lastLoss() {
    double loss = outcome.losses()[steps() - 1];
    return loss < 1e4 ? "%.4f".formatted(loss) : Digits.of(loss, 4);
  }

  @Override
  public String toString() {
    return summary();
  }
}
