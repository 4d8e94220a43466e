package weft.report;

import java.util.LinkedHashMap;
import java.util.Map;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.units.Check;

/**
 * Where a result's numbers come from, in the order given: specification, seed, fidelity, versions.
 *
 * @param facts name to value, printable
 */
public record Provenance(Map<String, String> facts) implements Tabular {
  /** Copies the facts, keeping their order. */
  public Provenance {
    Check.notNull("facts", facts, "write Map.of(name, value)");
    facts = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /** Facts of this run followed by the version of Weft and of the Java that ran it. */
  public static Provenance of(Map<String, String> facts) {
    Check.notNull("facts", facts, "write Map.of(name, value)");
    var all = new LinkedHashMap<>(facts);
    String version = Provenance.class.getPackage().getImplementationVersion();
    all.put("weft", version == null ? "development build" : version);
    all.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    return new Provenance(all);
  }

  @Override
  public Table table() {
    return Table.create(
        "Provenance",
        StringColumn.create("fact", facts.keySet()),
        StringColumn.create("value", facts.values()));
  }

  /** One line a fact. */
  @Override
  public String toString() {
    var lines = new StringBuilder();
    facts.forEach((name, value) -> lines.append(name).append(": ").append(value).append('\n'));
    return lines.toString();
  }
}
