package weft.fabric;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.units.Units;

/** The facts of a fabric as a table. */
final class FabricTable {
  private final Fabric fabric;
  private final int topTier;
  private final List<String> facts = new ArrayList<>();
  private final List<String> values = new ArrayList<>();

  private FabricTable(Fabric fabric) {
    this.fabric = fabric;
    topTier = Math.max(1, fabric.nodes().stream().mapToInt(Node::tier).max().orElse(0));
  }

  static Table of(Fabric fabric) {
    return new FabricTable(fabric).build();
  }

  private Table build() {
    int servers = 1 + fabric.nodes().stream().mapToInt(Node::server).max().orElse(Node.NO_SERVER);
    add("GPUs", number(fabric.gpus()));
    if (fabric.endpoints() > fabric.gpus()) {
      add("storage nodes", number(fabric.endpoints() - fabric.gpus()));
    }
    if (servers > 0) {
      add("servers", number(servers));
    }
    for (int tier = 1; tier <= topTier; tier++) {
      add(Tiers.plural(Tiers.kind(fabric, tier)), number(fabric.switches(tier)));
    }
    for (int tier = 1; tier <= topTier; tier++) {
      String below = tier == 1 ? "GPU" : Tiers.kind(fabric, tier - 1);
      add("cables %s to %s".formatted(below, Tiers.kind(fabric, tier)), cables(tier - 1, tier));
      if (!between(tier, tier).isEmpty()) {
        String kind = Tiers.kind(fabric, tier);
        add("cables %s to %s".formatted(kind, kind), cables(tier, tier));
      }
    }
    addParts();
    addOversubscription();
    addExtent();
    fabric.hardware().facts().forEach(this::add);
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

  /** Cables outside servers between two tiers; GPUs are in tier 0. */
  private List<Link> between(int tier, int other) {
    return fabric.links().stream()
        .filter(l -> !fabric.isScaleUp(l))
        .filter(
            l -> {
              int a = fabric.nodes().get(l.a()).tier();
              int b = fabric.nodes().get(l.b()).tier();
              return Math.min(a, b) == tier && Math.max(a, b) == other;
            })
        .toList();
  }

  private String cables(int tier, int other) {
    List<Link> links = between(tier, other);
    if (links.isEmpty()) {
      return "0";
    }
    long rates = links.stream().map(Link::rate).distinct().count();
    return number(links.size()) + (rates == 1 ? " at " + links.get(0).rate() : " of several rates");
  }

  /** Rate into a tier over rate out of it, tier by tier, and the bisection that follows. */
  private void addOversubscription() {
    double down = gbps(between(0, 1));
    double least = Double.POSITIVE_INFINITY;
    double below = down;
    for (int tier = 1; tier < topTier; tier++) {
      double up = gbps(between(tier, tier + 1));
      if (up > 0) {
        String above = tier == 1 ? "" : " above " + Tiers.plural(Tiers.kind(fabric, tier));
        add("oversubscription" + above, decimals(below / up) + " : 1");
        least = Math.min(least, up);
        below = up;
      }
    }
    var bisection = new Bisection(fabric);
    Optional<Double> cut = bisection.byCut();
    double gbps = cut.isPresent() ? cut.get() : bisection.byFormula(down, least);
    add("bisection bandwidth per direction", bandwidth(gbps));
    add("bisection found by", cut.isPresent() ? "minimum cut" : bisection.formula());
  }

  private void addParts() {
    var bill = fabric.bill();
    add("transceivers", String.format(Locale.ROOT, "%,d", bill.transceivers()));
    if (bill.watts() > 0) {
      add("power of switches and optics, as far as known", decimals(bill.watts() / 1000) + " kW");
    }
  }

  private void addExtent() {
    var extent = new Extent(fabric);
    add("switches on the longest path", number(extent.diameter()));
    add("shortest paths between its ends", decimals(extent.farPaths()));
  }

  private static String bandwidth(double gbps) {
    return gbps >= 1000
        ? decimals(gbps / 1000) + " Tb/s"
        : gbps > 0 ? Units.gbps(gbps).toString() : "0 b/s";
  }

  private static double gbps(List<Link> links) {
    return links.stream().mapToDouble(l -> l.rate().gbps()).sum();
  }
}
