package weft.job;

import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Tabular;
import weft.units.Check;

/**
 * What training on so many tokens takes.
 *
 * @param tokens at least 1
 * @param steps whole steps
 * @param secondsPerStep above 0
 * @param gpus of the job
 * @param watts most power of all servers, 0 where it is not known
 * @param acceleratorWatts thermal design power of all accelerators, 0 where it is not known
 */
public record TokenBudget(
    double tokens,
    double steps,
    double secondsPerStep,
    int gpus,
    double watts,
    double acceleratorWatts)
    implements Tabular {
  /**
   * @throws IllegalArgumentException if there are no tokens
   */
  public TokenBudget {
    if (!(tokens >= 1) || Double.isInfinite(tokens)) {
      throw new IllegalArgumentException(
          "a token budget is 1 token or more, but was %s: write for example forTokens(15.6e12)"
              .formatted(tokens));
    }
  }

  /** Job completion time in days. */
  public double days() {
    return steps * secondsPerStep / 86_400;
  }

  /** Hours of all GPUs together. */
  public double gpuHours() {
    return days() * 24 * gpus;
  }

  /** Energy at the servers' highest power, MWh; 0 where no power is known. */
  public double megawattHours() {
    return days() * 24 * watts / 1e6;
  }

  /** Energy of the accelerators alone at their design power, MWh; 0 where it is not known. */
  public double acceleratorMegawattHours() {
    return days() * 24 * acceleratorWatts / 1e6;
  }

  /** What that costs: {@code cost(Prices.usual())}. */
  public JobCost cost(Prices prices) {
    return new JobCost(this, Check.notNull("prices", prices, "write Prices.usual()"));
  }

  /** A row a figure; no row for energy where no power is known. */
  @Override
  public Table table() {
    var names = StringColumn.create("figure");
    var values = Numbers.column("value");
    names.append("tokens (billion)");
    values.append(tokens / 1e9);
    names.append("steps");
    values.append(steps);
    names.append("completion (days)");
    values.append(days());
    names.append("GPU hours (million)");
    values.append(gpuHours() / 1e6);
    if (acceleratorWatts > 0) {
      names.append("energy of accelerators (MWh)");
      values.append(acceleratorMegawattHours());
    }
    if (watts > 0) {
      names.append("energy of servers at most (MWh)");
      values.append(megawattHours());
    }
    return Table.create("Token budget", names, values);
  }

  @Override
  public String toString() {
    return "%s steps in %s days, %s million GPU hours"
        .formatted(Digits.of(steps), Digits.of(days(), 3), Digits.of(gpuHours() / 1e6, 3));
  }
}
