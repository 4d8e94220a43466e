package weft.job;

import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Tabular;

/**
 * What a job costs. Rent is what somebody pays who owns nothing; electricity and the network's
 * share are parts of what an owner pays, and of the rent.
 *
 * @param budget what the job takes
 * @param prices what that costs
 */
public record JobCost(TokenBudget budget, Prices prices) implements Tabular {
  private static final double DAYS_A_YEAR = 365.25;

  /** Rent of all GPUs, US$. */
  public double rent() {
    return prices.gpuHour() * budget.gpuHours();
  }

  /** Of servers, or where their power is not known of accelerators, with cooling, MWh. */
  public double megawattHours() {
    return prices.pue() * computersMegawattHours();
  }

  private double computersMegawattHours() {
    return budget.watts() > 0 ? budget.megawattHours() : budget.acceleratorMegawattHours();
  }

  /** Electricity, US$. */
  public double electricity() {
    return prices.kilowattHour() * 1000 * megawattHours();
  }

  /** The network's price for the days of the job, US$. */
  public double network() {
    return prices.network() * budget.days() / (DAYS_A_YEAR * prices.networkYears());
  }

  /** US$ of rent for a million tokens. */
  public double rentPerMillionTokens() {
    return rent() / (budget.tokens() / 1e6);
  }

  /** A row an item: how much of it, at which price, and what it costs. */
  @Override
  public Table table() {
    var items = StringColumn.create("item");
    var amounts = Numbers.column("amount");
    var units = StringColumn.create("unit");
    var each = Numbers.column("price (US$)");
    var costs = Numbers.column("cost (1000 US$)");
    items.append("rent of GPUs");
    amounts.append(budget.gpuHours());
    units.append("GPU hour");
    each.append(prices.gpuHour());
    costs.append(rent() / 1e3);
    if (megawattHours() > 0) {
      String of = budget.watts() > 0 ? "servers" : "accelerators";
      items.append("electricity of %s, PUE %s".formatted(of, Digits.of(prices.pue())));
      amounts.append(megawattHours());
      units.append("MWh");
      each.append(1000 * prices.kilowattHour());
      costs.append(electricity() / 1e3);
    }
    if (prices.network() > 0) {
      items.append("network, of %s years".formatted(Digits.of(prices.networkYears())));
      amounts.append(budget.days());
      units.append("day");
      each.append(network() / budget.days());
      costs.append(network() / 1e3);
    }
    return Table.create("Cost of the job", items, amounts, units, each, costs);
  }

  @Override
  public String toString() {
    return "%s million US$ of rent, %s million of it electricity"
        .formatted(Digits.of(rent() / 1e6, 3), Digits.of(electricity() / 1e6, 3));
  }
}
