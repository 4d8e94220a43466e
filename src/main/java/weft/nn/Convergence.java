package weft.nn;

import java.util.LinkedHashMap;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import weft.report.Charts;
import weft.report.Digits;
import weft.report.Provenance;
import weft.report.Result;

/** What a {@link SampleTraining} came to: the trained network and how the loss fell. */
public final class Convergence implements Result {
  /** Networks with more parameters than this are traced by loss alone. */
  private static final int TRACED = 50;

  private final Network start;
  private final Network network;
  private final Optimizer optimizer;
  private final double threshold;
  private final int iterations;
  private final double loss;
  private final int samples;
  private final LossLog log;

  Convergence(
      Network start,
      Network network,
      Optimizer optimizer,
      double threshold,
      int iterations,
      double loss,
      int samples,
      LossLog log) {
    this.start = start;
    this.network = network;
    this.optimizer = optimizer;
    this.threshold = threshold;
    this.iterations = iterations;
    this.loss = loss;
    this.samples = samples;
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
    var table =
        Table.create("Loss by iteration", iteration, DoubleColumn.create("loss", log.losses()));
    if (network.parameters() <= TRACED) {
      String[] names = network.names().parameters();
      for (int p = 0; p < names.length; p++) {
        int index = p;
        double[] values = log.entries().stream().mapToDouble(e -> e.values()[index]).toArray();
        table.addColumns(DoubleColumn.create(names[p], values));
      }
    }
    return table;
  }

  /** The loss by iteration on a logarithmic axis. */
  @Override
  public XYChart chart() {
    var chart = Charts.lines("Loss while learning by " + optimizer, "iteration", "loss (log)");
    chart.getStyler().setYAxisLogarithmic(true);
    double[] visible = log.losses();
    for (int i = 0; i < visible.length; i++) {
      visible[i] = Math.max(visible[i], Double.MIN_NORMAL);
    }
    Charts.line(
        chart, samples == 1 ? "loss of the sample" : "mean loss", log.iterations(), visible);
    return chart;
  }

  @Override
  public Provenance provenance() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("network", start.precision(Precision.FLOAT64).toString());
    facts.put("weights", String.join(", ", start.layers().stream().map(Layer::start).toList()));
    facts.put("optimiser", optimizer.toString());
    facts.put("samples", String.valueOf(samples));
    facts.put("until", "loss below " + Digits.of(threshold));
    return Provenance.of(facts);
  }

  @Override
  public String summary() {
    return converged()
        ? "loss %s, below %s, after %d iterations"
            .formatted(Digits.of(loss), Digits.of(threshold), iterations)
        : "stopped after %d iterations at loss %s, not below %s: raise atMost(...), or try another rate or start"
            .formatted(iterations, Digits.of(loss), Digits.of(threshold));
  }

  /** The summary. */
  @Override
  public String toString() {
    return summary();
  }
}
