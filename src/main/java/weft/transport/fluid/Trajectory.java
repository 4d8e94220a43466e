package weft.transport.fluid;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.lines.SeriesLines;
import tech.tablesaw.api.Table;
import weft.report.Charts;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Plottable;
import weft.report.Tabular;
import weft.units.Check;

/**
 * A queue and the rates of the flows that feed it, over time: what a fluid model says or packets
 * did.
 *
 * <p>Arrays are not copied and must not be changed.
 */
public final class Trajectory implements Tabular, Plottable {
  private static final int SINGLE_LINES = 3; // more flows than that are drawn as an envelope

  private static final int TICKS = 100; // px

  private final String name;
  private final double[] seconds;
  private final double[] queueBytes;
  private final double[][] bitsPerSecond;

  /**
   * @param name what made it, such as {@code "fluid"}
   * @param seconds times, rising
   * @param queueBytes bytes waiting at those times
   * @param bitsPerSecond by flow: its rate at those times
   * @throws IllegalArgumentException if the lengths differ
   */
  public Trajectory(String name, double[] seconds, double[] queueBytes, double[][] bitsPerSecond) {
    this.name = Check.notNull("a trajectory's name", name, "write for example \"packets\"");
    this.seconds = seconds;
    this.queueBytes = queueBytes;
    this.bitsPerSecond = bitsPerSecond;
    if (bitsPerSecond.length == 0) {
      throw new IllegalArgumentException("a trajectory has at least 1 flow, but got none");
    }
    for (double[] rates : bitsPerSecond) {
      if (rates.length != seconds.length || queueBytes.length != seconds.length) {
        throw new IllegalArgumentException(
            "a trajectory has a queue and a rate for each of its %d times, but got %d and %d"
                .formatted(seconds.length, queueBytes.length, rates.length));
      }
    }
  }

  /** What made it. */
  public String name() {
    return name;
  }

  /** How many flows there are. */
  public int flows() {
    return bitsPerSecond.length;
  }

  /** Mean bytes waiting over the second half of the time, when things have settled. */
  public double settledQueue() {
    return settled(queueBytes);
  }

  /** Mean rate of a flow over the second half of the time, bit/s. */
  public double settledRate(int flow) {
    return settled(bitsPerSecond[Check.index("flow", flow, flows())]);
  }

  /** Most bytes waiting over the second half of the time. */
  public double settledPeak() {
    return Arrays.stream(queueBytes, queueBytes.length / 2, queueBytes.length).max().orElse(0);
  }

  /** Standard deviation of the bytes waiting over the second half of the time. */
  public double settledSwing() {
    double mean = settledQueue();
    double squares = 0;
    for (int i = seconds.length / 2; i < seconds.length; i++) {
      squares += (queueBytes[i] - mean) * (queueBytes[i] - mean);
    }
    return Math.sqrt(squares / (seconds.length - seconds.length / 2));
  }

  private static double settled(double[] values) {
    double sum = 0;
    for (int i = values.length / 2; i < values.length; i++) {
      sum += values[i];
    }
    return sum / (values.length - values.length / 2);
  }

  /** A row a sample: time, queue, the rate of each flow. */
  @Override
  public Table table() {
    Table table =
        Table.create(
            "Queue and rates, " + name,
            Numbers.column("time (us)", scaled(seconds, 1e6)),
            Numbers.column("queue (kB)", scaled(queueBytes, 1e-3)));
    for (int f = 0; f < flows(); f++) {
      table.addColumns(
          Numbers.column("flow " + (f + 1) + " (Gb/s)", scaled(bitsPerSecond[f], 1e-9)));
    }
    return table;
  }

  /** The queue over time. */
  @Override
  public XYChart chart() {
    return overlay(this);
  }

  /** The queues of several over time, a line each. */
  public static XYChart overlay(Trajectory... trajectories) {
    Check.noneNull("trajectories", trajectories, "write overlay(fluid, packets)");
    XYChart chart = lines("Queue", "queue (kB)");
    for (Trajectory t : trajectories) {
      Charts.line(chart, t.name, scaled(t.seconds, 1e3), scaled(t.queueBytes, 1e-3));
    }
    return chart;
  }

  /** The rate of each flow over time. */
  public XYChart rates() {
    return overlayRates(this);
  }

  /**
   * The rates of several over time, a line a flow; of more than three flows only the slowest and
   * the fastest at each time, of equal flows one. All but the first one's are dashed.
   */
  public static XYChart overlayRates(Trajectory... trajectories) {
    Check.noneNull("trajectories", trajectories, "write overlayRates(fluid, packets)");
    XYChart chart = lines("Rates", "rate (Gb/s)");
    for (Trajectory t : trajectories) {
      for (var line : t.rateLines(chart)) {
        if (t != trajectories[0]) {
          line.setLineStyle(SeriesLines.DASH_DASH);
        }
      }
    }
    return chart;
  }

  private static XYChart lines(String title, String what) {
    XYChart chart = Charts.lines(title, "time (ms)", what);
    chart.getStyler().setXAxisMin(0.0).setXAxisTickMarkSpacingHint(TICKS);
    return chart;
  }

  private List<XYSeries> rateLines(XYChart chart) {
    double[] slowest = envelope(Math::min);
    double[] fastest = envelope(Math::max);
    if (flows() > 1 && Arrays.equals(slowest, fastest)) {
      return List.of(rateLine(chart, ", each flow", slowest));
    }
    if (flows() > SINGLE_LINES) {
      return List.of(
          rateLine(chart, ", slowest flow", slowest), rateLine(chart, ", fastest flow", fastest));
    }
    List<XYSeries> lines = new ArrayList<>();
    for (int f = 0; f < flows(); f++) {
      lines.add(rateLine(chart, ", flow " + (f + 1), bitsPerSecond[f]));
    }
    return lines;
  }

  private XYSeries rateLine(XYChart chart, String label, double[] rates) {
    return Charts.line(chart, name + label, scaled(seconds, 1e3), scaled(rates, 1e-9));
  }

  /** At each time one rate of all flows. */
  private double[] envelope(DoubleBinaryOperator choice) {
    double[] chosen = bitsPerSecond[0].clone();
    for (double[] rates : bitsPerSecond) {
      for (int i = 0; i < chosen.length; i++) {
        chosen[i] = choice.applyAsDouble(chosen[i], rates[i]);
      }
    }
    return chosen;
  }

  private static double[] scaled(double[] values, double by) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i] * by;
    }
    return result;
  }

  @Override
  public String toString() {
    return "%s: %d flow%s and their queue, %d times until %s us"
        .formatted(
            name,
            flows(),
            flows() == 1 ? "" : "s",
            seconds.length,
            Digits.of(1e6 * seconds[seconds.length - 1], 4));
  }
}
