package weft.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import weft.nn.compute.Team;
import weft.report.Charts;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Plottable;
import weft.report.Tabular;
import weft.sim.Interruption;
import weft.units.Check;

/**
 * How each parameter moved while a network learned by hand: a row per iteration, its start
 * included. Of long runs evenly spaced iterations and the last. An immutable value.
 */
public final class ParameterTrace implements Tabular, Plottable {
  /** Lines a chart can be read with. */
  private static final int LINES = 12;

  private final Network start;
  private final List<Sample> samples;
  private final LossLog log;
  private final String[] names;
  private final int[] chosen;
  private final boolean withGradients;

  ParameterTrace(Network start, List<Sample> samples, LossLog log) {
    this(
        start,
        samples,
        log,
        start.names().parameters(),
        IntStream.range(0, start.parameters()).toArray(),
        false);
  }

  private ParameterTrace(
      Network start,
      List<Sample> samples,
      LossLog log,
      String[] names,
      int[] chosen,
      boolean withGradients) {
    this.start = start;
    this.samples = samples;
    this.log = log;
    this.names = names;
    this.chosen = chosen;
    this.withGradients = withGradients;
  }

  /**
   * Only some parameters, by their names in {@link Network#table()}.
   *
   * @throws IllegalArgumentException if there is none of a name, or a name is given twice
   */
  public ParameterTrace of(String... parameters) {
    Check.noneNull("names", parameters, "write for example of(\"W53\", \"b5\")");
    if (Arrays.stream(parameters).distinct().count() < Math.max(1, parameters.length)) {
      throw new IllegalArgumentException(
          "of(...) takes at least one parameter, each once, got [%s]: write for example of(\"W53\", \"b5\")"
              .formatted(String.join(", ", parameters)));
    }
    int[] indices = Arrays.stream(parameters).mapToInt(start::parameterIndex).toArray();
    return new ParameterTrace(start, samples, log, names, indices, withGradients);
  }

  /** With the gradient beside each parameter: of the mean loss, before the iteration's step. */
  public ParameterTrace withGradients() {
    return new ParameterTrace(start, samples, log, names, chosen, true);
  }

  /**
   * Iteration, loss, every chosen parameter, and if asked for {@code dL/dW53} after {@code W53}.
   */
  @Override
  public Table table() {
    var iteration = IntColumn.create("iteration");
    log.entries().forEach(entry -> iteration.append(entry.iteration()));
    var table =
        Table.create("Parameters by iteration", iteration, Numbers.column("loss", log.losses()));
    double[][] gradients = withGradients ? gradients() : null;
    for (int p : chosen) {
      table.addColumns(Numbers.column(names[p], values(p)));
      if (gradients != null) {
        double[] column = Arrays.stream(gradients).mapToDouble(each -> each[p]).toArray();
        table.addColumns(Numbers.column("dL/d" + names[p], column));
      }
    }
    return table;
  }

  private double[] values(int parameter) {
    return log.entries().stream().mapToDouble(entry -> entry.values()[parameter]).toArray();
  }

  /** Computed anew from the parameters of each row: the training did not keep them. */
  private double[][] gradients() {
    var engine = Engine.of(start, Precision.FLOAT64, samples.size(), Engine.Use.LEARN, Team.ALONE);
    for (int i = 0; i < samples.size(); i++) {
      engine.load(i, samples.get(i).inputsFor(start), samples.get(i).targetFor(start));
    }
    double[][] gradients = new double[log.entries().size()][];
    for (int row = 0; row < gradients.length; row++) {
      LossLog.Entry entry = log.entries().get(row);
      Interruption.check("computing the gradient of iteration " + entry.iteration());
      for (int p = 0; p < entry.values().length; p++) {
        engine.parameter(p, entry.values()[p]);
      }
      engine.forward(samples.size(), true, entry.iteration(), 0);
      engine.backward(samples.size(), 1.0 / samples.size(), false);
      gradients[row] = engine.gradientCopy();
    }
    return gradients;
  }

  /** The chosen parameters by iteration, a line each; the first {@value #LINES} of many. */
  @Override
  public XYChart chart() {
    var chart = Charts.lines("Parameters while learning", "iteration", "value");
    Arrays.stream(chosen)
        .limit(LINES)
        .forEach(p -> Charts.line(chart, names[p], log.iterations(), values(p)));
    return chart;
  }

  /** How much there is to see. */
  @Override
  public String toString() {
    LossLog.Entry last = log.entries().get(log.entries().size() - 1);
    return "%s over %s: table(), chart(), of(\"%s\")"
        .formatted(
            Digits.counted(chosen.length, "parameter"),
            Digits.counted(last.iteration(), "iteration"),
            names[0]);
  }
}
