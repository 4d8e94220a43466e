package weft.nn;

import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

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
      return Table.create(
          "Parameters", names, layer, DoubleColumn.create("value", network.values()));
    }
    return Table.create(
        "Parameters after the step",
        names,
        layer,
        DoubleColumn.create("old value", update.old()),
        DoubleColumn.create("gradient", update.gradient()),
        DoubleColumn.create("new value", network.values()));
  }
}
