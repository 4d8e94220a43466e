package weft.nn;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Stream;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import weft.report.Charts;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Provenance;
import weft.report.Result;
import weft.units.Check;

/** What a {@link SampleTraining} came to: the trained network and how the loss fell. */
public final class Convergence implements Result {
  /** Networks with more parameters than this are traced by loss alone. */
  private static final int TRACED = 50;

  /** In place of the iteration since which no parameter changed. */
  static final int MOVING = -1;

  private final Network start;
  private final Network network;
  private final Optimizer optimizer;
  private final double threshold;
  private final int iterations;
  private final double loss;
  private final List<Sample> samples;
  private final int stillSince;
  private final LossLog log;

  Convergence(
      Network start,
      Network network,
      Optimizer optimizer,
      double threshold,
      int iterations,
      double loss,
      List<Sample> samples,
      int stillSince,
      LossLog log) {
    this.start = start;
    this.network = network;
    this.optimizer = optimizer;
    this.threshold = threshold;
    this.iterations = iterations;
    this.loss = loss;
    this.samples = samples;
    this.stillSince = stillSince;
    this.log = log;
  }

  /** The trained network. */
  public Network network() {
    return network;
  }

  /** How many steps were taken. */
  public int iterations() {
    return iterations;
  }

  /** The mean loss after the last step. */
  public double loss() {
    return loss;
  }

  /** Whether the loss came below the threshold before the steps were used up. */
  public boolean converged() {
    return loss < threshold;
  }

  /**
   * A row per iteration, the start included: loss and every parameter. Of long runs evenly spaced
   * iterations and the last; of networks with more than {@value #TRACED} parameters the loss alone.
   */
  @Override
  public Table table() {
    var iteration = IntColumn.create("iteration");
    log.entries().forEach(entry -> iteration.append(entry.iteration()));
    var table = Table.create("Loss by iteration", iteration, Numbers.column("loss", log.losses()));
    if (network.parameters() <= TRACED) {
      String[] names = network.names().parameters();
      for (int p = 0; p < names.length; p++) {
        int index = p;
        double[] values = log.entries().stream().mapToDouble(e -> e.values()[index]).toArray();
        table.addColumns(Numbers.column(names[p], values));
      }
    }
    return table;
  }

  /** How each parameter moved, and on demand its gradient. */
  public ParameterTrace trace() {
    return new ParameterTrace(start, samples, log);
  }

  /**
   * Chosen parameters by iteration, a line each.
   *
   * @param first a name in {@link Network#table()}
   * @param parameters more of them: {@code chart("W53", "b5")}
   * @throws IllegalArgumentException if there is none of a name
   */
  public XYChart chart(String first, String... parameters) {
    Check.noneNull("names", parameters, "write for example chart(\"W53\", \"b5\")");
    return trace()
        .of(Stream.concat(Stream.of(first), Stream.of(parameters)).toArray(String[]::new))
        .chart();
  }

  /** The loss by iteration on a logarithmic axis; a loss of 0 is drawn at the bottom. */
  @Override
  public XYChart chart() {
    return chart(
        "Loss while learning by " + optimizer,
        List.of(this),
        List.of(samples.size() == 1 ? "loss of the sample" : "mean loss"));
  }

  /** Several runs in one {@link #chart}, a line each, named by their optimisers. */
  public static XYChart overlay(Convergence... runs) {
    Check.someNoneNull("an overlay", "run", "runs", runs, "give what untilLossBelow(...) returned");
    var names = Arrays.stream(runs).map(run -> run.optimizer.toString()).toList();
    return chart("Loss while learning", List.of(runs), names);
  }

  private static XYChart chart(String title, List<Convergence> runs, List<String> names) {
    var chart = Charts.lines(title, "iteration", "loss (log)");
    chart.getStyler().setYAxisLogarithmic(true);
    double bottom =
        runs.stream()
                .flatMapToDouble(run -> Arrays.stream(run.log.losses()))
                .filter(loss -> loss > 0)
                .min()
                .orElse(1)
            / 10;
    for (int i = 0; i < runs.size(); i++) {
      LossLog log = runs.get(i).log;
      double[] visible =
          Arrays.stream(log.losses()).map(loss -> loss > 0 ? loss : bottom).toArray();
      Charts.line(chart, names.get(i), log.iterations(), visible);
    }
    return chart;
  }

  @Override
  public Provenance provenance() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("network", start.precision(Precision.FLOAT64).toString());
    facts.put("weights", start.start());
    facts.put("optimiser", optimizer.toString());
    facts.put("samples", String.valueOf(samples.size()));
    facts.put("until", "loss below " + Digits.of(threshold));
    return Provenance.of(facts);
  }

  @Override
  public String summary() {
    if (converged()) {
      return "loss %s, below %s, after %d iterations"
          .formatted(Digits.of(loss), Digits.of(threshold), iterations);
    }
    if (stillSince != MOVING) {
      return ("training stands still at loss %s: no parameter has changed since iteration %d; neurons"
              + " with ReLU and z of 0 or less pass no gradient, so start from other weights or"
              + " biases, or try a smaller rate")
          .formatted(Digits.of(loss), stillSince);
    }
    return "stopped after %d iterations at loss %s, not below %s: raise atMost(...), or try another rate or start"
        .formatted(iterations, Digits.of(loss), Digits.of(threshold));
  }

  /** The summary. */
  @Override
  public String toString() {
    return summary();
  }
}
