package weft.nn;

import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.Table;
import weft.report.Charts;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Plottable;
import weft.report.Tabular;
import weft.units.Check;

/** A learning rate over steps. */
public final class RateCurve implements Tabular, Plottable {
  private static final int MOST_STEPS = 10_000_000;

  private final String title;
  private final String unit;
  private final double[] rates;

  private RateCurve(String title, String unit, double[] rates) {
    this.title = title;
    this.unit = unit;
    this.rates = rates;
  }

  static RateCurve of(String title, String unit, double rate, RateSchedule schedule, int steps) {
    Check.atLeast(1, "the steps of a schedule's curve", steps, "write for example rates(1000)");
    if (steps > MOST_STEPS) {
      throw new IllegalArgumentException(
          "a schedule's curve shows at most %d steps, got %d: write for example rates(1000)"
              .formatted(MOST_STEPS, steps));
    }
    return new RateCurve(
        title,
        unit,
        IntStream.range(0, steps).mapToDouble(step -> rate * schedule.factor(step)).toArray());
  }

  /** The rate of each step, from step 0. */
  public double[] rates() {
    return rates.clone();
  }

  /** A row a step. */
  @Override
  public Table table() {
    return Table.create(
        title,
        IntColumn.create("step", IntStream.range(0, rates.length).toArray()),
        Numbers.column(unit, rates));
  }

  /** The rate over the steps. */
  @Override
  public XYChart chart() {
    XYChart chart = Charts.lines(title, "step", unit);
    double[] steps = IntStream.range(0, rates.length).asDoubleStream().toArray();
    Charts.line(chart, unit, steps, rates);
    return chart;
  }

  @Override
  public String toString() {
    return title + ", " + Digits.counted(rates.length, "step");
  }
}
