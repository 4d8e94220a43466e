package weft.nn;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Charts;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Provenance;
import weft.report.Result;
import weft.units.Check;

/**
 * What a {@link BatchTraining} came to: the trained network, how loss and accuracy went, and the
 * exact state to go on from. An immutable value: {@link #more} and {@link #resumed} give another.
 */
public final class TrainingRun implements Result {
  /** How a run came to its end. */
  enum Ending {
    COMPLETE,
    STOPPED_EARLY,
    INTERRUPTED
  }

  private final BatchTraining job;
  private final TrainingState state;
  private final Ending ending;
  private final Network network;
  private final String name;

  TrainingRun(BatchTraining job, TrainingState state, Ending ending) {
    this(job, state, ending, network(job, state), job.optimizer.toString());
  }

  private TrainingRun(
      BatchTraining job, TrainingState state, Ending ending, Network network, String name) {
    this.job = job;
    this.state = state;
    this.ending = ending;
    this.network = network;
    this.name = name;
  }

  private static Network network(BatchTraining job, TrainingState state) {
    Network best = state.best();
    return best != null && job.stopsEarly() ? best : state.replica().network();
  }

  /** The trained network; with early stopping, the one that had the lowest validation loss. */
  public Network network() {
    return network;
  }

  /** How many epochs were completed. */
  public int epochs() {
    return state.epoch();
  }

  /** How many steps were taken. */
  public int steps() {
    return state.replica().steps();
  }

  /** Whether the run was interrupted before its end; {@link #resumed} goes on. */
  public boolean interrupted() {
    return ending == Ending.INTERRUPTED;
  }

  /** Whether the validation loss had stopped falling before all epochs were learned. */
  public boolean stoppedEarly() {
    return ending == Ending.STOPPED_EARLY;
  }

  /** The mean training loss of each epoch, each sample's as its step found it. */
  public double[] losses() {
    return values(EpochReport::loss);
  }

  /** The validation loss after each epoch; NaN without validation. */
  public double[] validationLosses() {
    return values(EpochReport::validationLoss);
  }

  /** The share of validation rows judged rightly after each epoch, 0 to 1; NaN without. */
  public double[] validationAccuracies() {
    return values(EpochReport::validationAccuracy);
  }

  private double[] values(ToDoubleFunction<EpochReport> part) {
    return state.reports().stream().mapToDouble(part).toArray();
  }

  /**
   * Samples learned a second over all completed epochs, validation left out; this differs from run
   * to run. NaN before the first epoch is complete.
   */
  public double samplesPerSecond() {
    double seconds = Arrays.stream(values(EpochReport::samplesPerSecond)).map(v -> 1 / v).sum();
    return epochs() == 0 ? Double.NaN : epochs() / seconds;
  }

  /** What tables and legends call this run: its optimiser, unless {@link #named} otherwise. */
  public String name() {
    return name;
  }

  /** The same run under another name. */
  public TrainingRun named(String other) {
    Check.notNull("a name", other, "write for example named(\"batch 64\")");
    return new TrainingRun(job, state, ending, network, other);
  }

  /**
   * Goes on after an interruption, to the end of what was asked for. The outcome is that of a run
   * that was never interrupted, bit for bit.
   *
   * @throws IllegalStateException if the run was not interrupted
   */
  public TrainingRun resumed() {
    if (!interrupted()) {
      throw new IllegalStateException(
          "this run was not interrupted, it ended after epoch %d: write more(5) to learn on"
              .formatted(epochs()));
    }
    return TrainingLoop.run(job, state).named(name);
  }

  /**
   * Goes on for so many epochs more, after what was asked for or after the epoch that was stopped
   * at. The outcome is that of one run over all the epochs, bit for bit; after an early stop the
   * waiting begins anew.
   *
   * @param epochs at least 1
   */
  public TrainingRun more(int epochs) {
    Check.atLeast(1, "more", epochs, "write for example more(5)");
    int from = stoppedEarly() ? state.epoch() : job.epochs;
    if (epochs > Integer.MAX_VALUE - from) {
      throw new IllegalArgumentException(
          "a training has at most %d epochs, but more(%d) after %d is beyond: write for example more(5)"
              .formatted(Integer.MAX_VALUE, epochs, from));
    }
    var longer = job.epochs(from + epochs);
    return TrainingLoop.run(longer, stoppedEarly() ? state.patient() : state).named(name);
  }

  /**
   * Everything that going on from here needs, in this process or another: {@code
   * run.checkpoint().save(Path.of("digits.safetensors"))}. {@link BatchTraining#resuming} goes on
   * with its last parameters; {@link Network#with(Checkpoint)} reads those of {@link #network}.
   */
  public Checkpoint checkpoint() {
    return TrainingPosition.checkpoint(job, state);
  }

  private boolean isValidated() {
    return job.validation != null;
  }

  private boolean isJudgedByClass() {
    Dataset held = job.validation;
    return held != null && held.hasClasses();
  }

  /**
   * A row an epoch: mean training loss, validation loss and accuracy if there is validation,
   * learning rate, and how fast it was learned, which differs from run to run.
   */
  @Override
  public Table table() {
    int[] epochs = IntStream.rangeClosed(1, epochs()).toArray();
    var table =
        Table.create(
            title(), IntColumn.create("epoch", epochs), Numbers.column("training loss", losses()));
    if (isValidated()) {
      table.addColumns(Numbers.column("validation loss", validationLosses()));
    }
    if (isJudgedByClass()) {
      table.addColumns(Numbers.column("validation accuracy (%)", accuracies()));
    }
    return table.addColumns(
        Numbers.column("learning rate", values(EpochReport::rate)),
        Numbers.column("speed (samples/s)", values(EpochReport::samplesPerSecond)));
  }

  /** By what it was trained, or whatever name it was given. */
  private String title() {
    return name.equals(job.optimizer.toString()) ? "Training by " + name : "Training, " + name;
  }

  private double[] accuracies() {
    return Arrays.stream(validationAccuracies()).map(share -> 100 * share).toArray();
  }

  /**
   * Losses by epoch, and validation accuracy along an axis of its own.
   *
   * @throws IllegalStateException if no epoch was completed
   */
  @Override
  public XYChart chart() {
    var chart = Charts.lines(title(), "epoch", "mean loss");
    line(chart, "training loss", losses());
    if (isValidated()) {
      line(chart, "validation loss", validationLosses());
    }
    if (isJudgedByClass()) {
      String accuracy = "validation accuracy (%)";
      line(chart, accuracy, accuracies());
      chart.getSeries(accuracy).setYAxisGroup(1);
      chart.setYAxisGroupTitle(1, accuracy);
      chart.getStyler().setYAxisGroupPosition(1, Styler.YAxisPosition.Right);
    }
    return chart;
  }

  private void line(XYChart chart, String title, double[] values) {
    if (values.length == 0) {
      throw new IllegalStateException(
          "no epoch of this run was completed, so there is nothing to draw: go on by resumed()");
    }
    double[] epochs = IntStream.rangeClosed(1, values.length).asDoubleStream().toArray();
    var series = Charts.line(chart, title, epochs, values);
    if (values.length == 1) { // a line of one point cannot be seen
      series.setMarker(SeriesMarkers.CIRCLE);
    }
  }

  /**
   * Several runs in one chart, a line each under its {@link #name}: the validation loss if all have
   * one, otherwise the training loss.
   */
  public static XYChart overlay(TrainingRun... runs) {
    requireSome(runs);
    boolean validated = Arrays.stream(runs).allMatch(TrainingRun::isValidated);
    String what = validated ? "validation loss" : "training loss";
    var chart = Charts.lines("Loss while learning", "epoch", "mean " + what);
    for (TrainingRun run : List.of(runs)) {
      run.line(chart, run.name, validated ? run.validationLosses() : run.losses());
    }
    return chart;
  }

  /**
   * A row a run: how far it learned, how many parameters it has, and losses and accuracy of the
   * epoch whose {@link #network} it gives, the last or with early stopping the best; what was not
   * measured is left empty.
   */
  public static Table compare(TrainingRun... runs) {
    requireSome(runs);
    List<TrainingRun> all = List.of(runs);
    return Table.create(
        "Training runs",
        StringColumn.create("run", all.stream().map(TrainingRun::name).toList()),
        IntColumn.create(
            "parameters", all.stream().mapToInt(run -> run.network.parameters()).toArray()),
        IntColumn.create("epochs", all.stream().mapToInt(TrainingRun::epochs).toArray()),
        kept("training loss", all, TrainingRun::losses),
        kept("validation loss", all, TrainingRun::validationLosses),
        kept("validation accuracy (%)", all, TrainingRun::accuracies));
  }

  private static void requireSome(TrainingRun... runs) {
    Check.noneNull("runs", runs, "give what run() returned");
    if (runs.length == 0) {
      throw new IllegalArgumentException(
          "runs are laid side by side, at least one, but none was given: give what run() returned");
    }
  }

  private static DoubleColumn kept(
      String title, List<TrainingRun> runs, Function<TrainingRun, double[]> values) {
    return Numbers.column(
        title, runs.stream().mapToDouble(run -> run.kept(values.apply(run))).toArray());
  }

  private double kept(double[] values) {
    int epoch = epochs() - (wentBack() ? state.worse() : 0);
    return epoch == 0 ? Double.NaN : values[epoch - 1];
  }

  /** Whether the network is that of an epoch before the last. */
  private boolean wentBack() {
    return job.stopsEarly() && state.worse() > 0;
  }

  @Override
  public Provenance provenance() {
    var facts = job.facts();
    facts.put("ended", summary());
    return Provenance.of(facts);
  }

  @Override
  public String summary() {
    return switch (ending) {
      case COMPLETE ->
          "%s in %s: %s"
              .formatted(
                  Digits.counted(epochs(), "epoch"), Digits.counted(steps(), "step"), outcome());
      case STOPPED_EARLY ->
          "stopped after epoch %d of %d, as the validation loss has not fallen for %s: network() is that of epoch %d, with validation loss %s"
              .formatted(
                  epochs(),
                  job.epochs,
                  Digits.counted(state.worse(), "epoch"),
                  epochs() - state.worse(),
                  Digits.of(state.bestLoss(), 4));
      case INTERRUPTED ->
          "interrupted in epoch %d of %d after %d of its %s; nothing is lost: network() is what was learned so far%s, and resumed() goes on from here"
              .formatted(
                  epochs() + 1,
                  job.epochs,
                  (state.next() + job.batch - 1) / job.batch,
                  Digits.counted(job.stepsPerEpoch(), "step"),
                  state.best() != null ? " at its best" : "");
    };
  }

  private String outcome() {
    EpochReport last = state.reports().get(state.reports().size() - 1);
    var text = new StringBuilder("training loss " + Digits.of(last.loss(), 4));
    if (isValidated()) {
      text.append(", validation loss ").append(Digits.of(last.validationLoss(), 4));
    }
    if (isJudgedByClass()) {
      text.append(", validation accuracy ")
          .append(Digits.of(100 * last.validationAccuracy(), 4))
          .append(" %");
    }
    if (state.best() != null && state.worse() > 0) {
      text.append("; network() is that of epoch ")
          .append(epochs() - state.worse())
          .append(", with validation loss ")
          .append(Digits.of(state.bestLoss(), 4));
    }
    int idle = stepsAtRateZero();
    if (idle > 0) {
      text.append("; the last ")
          .append(Digits.counted(idle, "step"))
          .append(" changed nothing, as the schedule had brought the learning rate to 0")
          .append(": make it last ")
          .append(Digits.counted(steps(), "step"));
    }
    return text.toString();
  }

  /** How many of the last steps a schedule that ended too early left without effect. */
  private int stepsAtRateZero() {
    int idle = 0;
    while (idle < steps() && job.optimizer.rate(steps() - 1 - idle) == 0) {
      idle++;
    }
    return idle;
  }

  /** The summary. */
  @Override
  public String toString() {
    return summary();
  }
}
