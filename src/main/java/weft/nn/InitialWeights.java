package weft.nn;

import java.util.Arrays;
import java.util.LinkedHashMap;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import weft.report.Charts;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Provenance;
import weft.report.Result;

/** The weights an {@link Initializer} draws for a layer, beside the distribution it draws from. */
public final class InitialWeights implements Result {
  /** Bins between -4 and +4 standard deviations. */
  private static final int BINS = 40;

  private static final double REACH = 4;

  private final Initializer initializer;
  private final int inputs;
  private final int neurons;
  private final double variance;
  private final double[] weights;

  InitialWeights(
      Initializer initializer, int inputs, int neurons, double variance, double[] weights) {
    this.initializer = initializer;
    this.inputs = inputs;
    this.neurons = neurons;
    this.variance = variance;
    this.weights = weights;
  }

  /** The weights, neuron by neuron. */
  public double[] weights() {
    return weights.clone();
  }

  /** Their mean. */
  public double mean() {
    return Arrays.stream(weights).average().orElse(Double.NaN);
  }

  /** Their variance: the mean square of their distances from the {@link #mean}. */
  public double variance() {
    double mean = mean();
    return Arrays.stream(weights).map(w -> (w - mean) * (w - mean)).average().orElse(Double.NaN);
  }

  /** One row: how many weights, their mean and variance, and the variance they are drawn with. */
  @Override
  public Table table() {
    return Table.create(
        "Weights drawn by " + initializer,
        IntColumn.create("inputs", new int[] {inputs}),
        IntColumn.create("neurons", new int[] {neurons}),
        IntColumn.create("weights", new int[] {weights.length}),
        Numbers.column("mean", mean()),
        Numbers.column("variance", variance()),
        Numbers.column("variance by rule", variance));
  }

  /** How many weights fall between two values, beside how many the rule leads one to expect. */
  @Override
  public XYChart chart() {
    if (initializer.spread() == Initializer.Spread.CONSTANT) {
      throw new IllegalStateException(
          "the weights of %s are all the same, so there is nothing to draw: look at table()"
              .formatted(initializer));
    }
    double deviation = Math.sqrt(variance);
    double width = 2 * REACH * deviation / BINS;
    double[] edges = new double[BINS + 1];
    double[] counts = new double[BINS + 1];
    double[] middles = new double[BINS];
    double[] expected = new double[BINS];
    for (int i = 0; i < BINS; i++) {
      edges[i] = i * width - REACH * deviation;
      middles[i] = edges[i] + width / 2;
      expected[i] = weights.length * width * density(middles[i] / deviation) / deviation;
    }
    edges[BINS] = REACH * deviation;
    for (double weight : weights) {
      int bin = (int) Math.floor((weight + REACH * deviation) / width);
      if (bin >= 0 && bin < BINS) {
        counts[bin]++;
      }
    }
    String title =
        "%,d weights drawn by %s for neurons with %d %s"
            .formatted(weights.length, initializer, inputs, inputs == 1 ? "input" : "inputs");
    var chart = Charts.lines(title, "weight", "weights in each " + Digits.of(width, 2));
    chart.getStyler().setXAxisMin(-REACH * deviation).setXAxisMax(REACH * deviation);
    Charts.line(chart, "drawn", edges, counts);
    chart.getSeries("drawn").setXYSeriesRenderStyle(XYSeriesRenderStyle.StepArea);
    String rule = isNormal() ? "normal" : "even";
    Charts.line(chart, rule + ", mean 0, variance " + Digits.of(variance, 3), middles, expected);
    return chart;
  }

  private boolean isNormal() {
    return initializer.spread() == Initializer.Spread.NORMAL;
  }

  /** Of the rule's distribution, scaled to standard deviation 1. */
  private double density(double z) {
    if (isNormal()) {
      return Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    }
    double limit = Math.sqrt(3);
    return Math.abs(z) <= limit ? 1 / (2 * limit) : 0;
  }

  @Override
  public Provenance provenance() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("initialiser", initializer.toString());
    facts.put("inputs", String.valueOf(inputs));
    facts.put("neurons", String.valueOf(neurons));
    return Provenance.of(facts);
  }

  @Override
  public String summary() {
    return "%s by %s: mean %s, variance %s, by rule %s"
        .formatted(
            Digits.counted(weights.length, "weight"),
            initializer,
            Digits.of(mean(), 3),
            Digits.of(variance(), 3),
            Digits.of(variance, 3));
  }

  /** The summary. */
  @Override
  public String toString() {
    return summary();
  }
}
