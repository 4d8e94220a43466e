package weft.fabric;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.units.Units;

/** The facts of a fabric as a table. */
final class FabricTable {
  private final Fabric fabric;
  private final List<String> facts = new ArrayList<>();
  private final List<String> values = new ArrayList<>();

  private FabricTable(Fabric fabric) {
    this.fabric = fabric;
  }

  static Table of(Fabric fabric) {
    return new FabricTable(fabric).build();
  }

  private Table build() {
    int servers = 1 + fabric.nodes().stream().mapToInt(Node::server).max().orElse(Node.NO_SERVER);
    add("GPUs", number(fabric.gpus()));
    if (servers > 0) {
      add("servers", number(servers));
    }
    add("leaves", number(fabric.count(Node.Role.LEAF)));
    add("spines", number(fabric.count(Node.Role.SPINE)));
    add("cables GPU to leaf", cables(Node.Role.GPU));
    add("cables leaf to spine", cables(Node.Role.SPINE));
    long betweenLeaves = count(Node.Role.LEAF, Node.Role.LEAF);
    if (betweenLeaves > 0) {
      add("cables leaf to leaf", number((int) betweenLeaves));
    }
    addOversubscription();
    add("buffer of a switch", fabric.buffer().toString());
    add("latency of a switch", fabric.switchLatency().toString());
    return Table.create(
        "Fabric " + fabric.name(),
        StringColumn.create("quantity", facts),
        StringColumn.create("value", values));
  }

  private void add(String fact, String value) {
    facts.add(fact);
    values.add(value);
  }

  private static String number(int n) {
    return String.format(Locale.ROOT, "%,d", n);
  }

  private static String decimals(double value) {
    return new DecimalFormat("#,##0.##", DecimalFormatSymbols.getInstance(Locale.ROOT))
        .format(value);
  }

  private List<Link> between(Node.Role role) {
    return fabric.links().stream()
        .filter(l -> !fabric.isScaleUp(l))
        .filter(
            l ->
                fabric.nodes().get(l.a()).role() == role
                    || fabric.nodes().get(l.b()).role() == role)
        .toList();
  }

  private String cables(Node.Role role) {
    List<Link> links = between(role);
    if (links.isEmpty()) {
      return "0";
    }
    long rates = links.stream().map(Link::rate).distinct().count();
    return number(links.size()) + (rates == 1 ? " at " + links.get(0).rate() : " of several rates");
  }

  /** Rate into the leaves over rate out of them, and the bisection that follows from it. */
  private void addOversubscription() {
    double down = gbps(between(Node.Role.GPU));
    double up = gbps(between(Node.Role.SPINE));
    if (up > 0) {
      add("oversubscription", decimals(down / up) + " : 1");
    }
    double bisection = (up > 0 ? Math.min(down, up) : down) / 2;
    add("bisection bandwidth per direction", bandwidth(bisection));
  }

  private static String bandwidth(double gbps) {
    return gbps >= 1000
        ? decimals(gbps / 1000) + " Tb/s"
        : gbps > 0 ? Units.gbps(gbps).toString() : "0 b/s";
  }

  private long count(Node.Role a, Node.Role b) {
    return fabric.links().stream()
        .filter(l -> fabric.nodes().get(l.a()).role() == a && fabric.nodes().get(l.b()).role() == b)
        .count();
  }

  private static double gbps(List<Link> links) {
    return links.stream().mapToDouble(l -> l.rate().gbps()).sum();
  }
}
