package weft.transport.fluid;

import java.util.LinkedHashMap;
import java.util.Map;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Tabular;

/**
 * The state in which nothing changes any more: every flow has its fair share.
 *
 * @param bitsPerSecond rate of every flow
 * @param queueBytes bytes waiting
 * @param others what else the model settles, name with unit to value
 */
public record FixedPoint(double bitsPerSecond, double queueBytes, Map<String, Double> others)
    implements Tabular {
  /** Copies the map, keeping its order. */
  public FixedPoint {
    others = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(others));
  }

  /** A row a quantity. */
  @Override
  public Table table() {
    var names = StringColumn.create("quantity");
    var values = Numbers.column("value");
    names.append("rate of a flow (Gb/s)");
    values.append(bitsPerSecond / 1e9);
    names.append("queue (kB)");
    values.append(queueBytes / 1e3);
    others.forEach(
        (name, value) -> {
          names.append(name);
          values.append(value.doubleValue());
        });
    return Table.create("Fixed point", names, values);
  }

  @Override
  public String toString() {
    var text =
        new StringBuilder(
            "rate %s Gb/s, queue %s kB"
                .formatted(Digits.of(bitsPerSecond / 1e9), Digits.of(queueBytes / 1e3, 4)));
    others.forEach(
        (name, value) -> text.append(", ").append(name).append(' ').append(Digits.of(value, 4)));
    return text.toString();
  }
}
