package weft.fabric;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.cluster.SwitchModel;
import weft.report.Numbers;
import weft.report.Tabular;

/**
 * What a fabric's parts cost. A switch counts with all ports of its kind, or where that is not
 * known with those that are cabled; NICs belong to servers.
 */
public final class PricedBill implements Tabular {
  private final String fabric;
  private final Map<String, Cost> costs = new TreeMap<>();

  private record Cost(long count, double dollars) {
    Cost plus(Cost other) {
      return new Cost(count + other.count, dollars + other.dollars);
    }
  }

  PricedBill(Fabric fabric, BillOfMaterials bill, PartPrices prices) {
    this.fabric = fabric.name();
    addSwitches(fabric, prices.switchGbps());
    bill.modules()
        .forEach(
            (module, count) ->
                add(module.name(), count, prices.transceiverGbps() * module.gbps() * count));
    for (Link cable : bill.cables()) {
      CableKind kind = bill.kind(cable);
      double price =
          switch (kind) {
            case DAC -> prices.copper();
            case AOC -> prices.activeOptical();
            default -> prices.fibre();
          };
      add(BillOfMaterials.cableName(kind, cable), 1, price);
    }
  }

  private void addSwitches(Fabric fabric, double price) {
    double[] cabled = new double[fabric.nodes().size()];
    for (Link link : fabric.links()) {
      cabled[link.a()] += link.rate().gbps();
      cabled[link.b()] += link.rate().gbps();
    }
    for (int n = 0; n < cabled.length; n++) {
      Node node = fabric.nodes().get(n);
      if (node.role() == Node.Role.SWITCH) {
        String model = node.model().map(SwitchModel::name).orElse("any kind");
        double gbps =
            node.model().map(kind -> kind.cages() * kind.cageRate().gbps()).orElse(cabled[n]);
        add("switch, " + model, 1, price * gbps);
      }
    }
  }

  private void add(String item, long count, double dollars) {
    costs.merge(item, new Cost(count, dollars), Cost::plus);
  }

  /** Of all parts whose price is known, US$. */
  public double total() {
    return costs.values().stream()
        .mapToDouble(Cost::dollars)
        .filter(dollars -> !Double.isNaN(dollars))
        .sum();
  }

  /** A row an item, and all: count, thousand US$; nothing where no price is known. */
  @Override
  public Table table() {
    var items = StringColumn.create("item");
    var counts = LongColumn.create("count");
    var dollars = Numbers.column("cost (1000 US$)");
    costs.forEach(
        (item, cost) -> {
          items.append(item);
          counts.append(cost.count());
          if (Double.isNaN(cost.dollars())) {
            dollars.appendMissing();
          } else {
            dollars.append(cost.dollars() / 1000);
          }
        });
    items.append("all, as far as known");
    counts.appendMissing();
    dollars.append(total() / 1000);
    return Table.create("What " + fabric + " costs", items, counts, dollars);
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s: %,.0f US$", fabric, total());
  }
}
