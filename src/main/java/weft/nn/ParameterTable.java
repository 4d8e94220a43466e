package weft.nn;

import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Numbers;

/** Parameters as rows. */
final class ParameterTable {
  private ParameterTable() {}

  static Table of(Network network, @Nullable Update update) {
    var names = StringColumn.create("parameter", network.names().parameters());
    var layer = StringColumn.create("layer");
    for (LayerCost cost : network.costs()) {
      for (int i = 0; i < cost.count(); i++) {
        layer.append(cost.name());
      }
    }
    if (update == null) {
      return Table.create("Parameters", names, layer, Numbers.column("value", network.values()));
    }
    return Table.create(
        "Parameters after the step",
        names,
        layer,
        Numbers.column("old value", update.old()),
        Numbers.column("gradient", update.gradient()),
        Numbers.column("new value", network.values()));
  }
}
