package weft.fabric;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.cluster.SwitchModel;
import weft.report.Numbers;
import weft.report.Tabular;
import weft.units.Check;
import weft.units.Rate;

/**
 * What a fabric is built of and what that draws: switches, transceivers and cables by kind.
 *
 * <p>A transceiver at each end of an optical cable; where a switch's cages are split ({@link
 * SwitchModel#breakout}) one twin-port transceiver serves the ports of a cage. Power is only of
 * what a figure was found for: NVIDIA's QM9700 and SN5600 without optics; 400 Gb/s SR4 and DR4
 * transceivers 9 W, twin-port 800 Gb/s ones 15 W (SR) and 17 W (DR), from NVIDIA's product pages.
 */
public final class BillOfMaterials implements Tabular {
  private final Fabric fabric;
  private final double activeUpTo;

  /** A kind of part; its rate is that of all its ports. */
  record Item(String name, double watts, double gbps) implements Comparable<Item> {
    @Override
    public int compareTo(Item other) {
      return name.compareTo(other.name);
    }
  }

  BillOfMaterials(Fabric fabric, double activeUpTo) {
    this.fabric = fabric;
    this.activeUpTo = activeUpTo;
  }

  /** With active optical cables, which need no transceivers, up to a length of at most 30 m. */
  public BillOfMaterials activeCablesUpTo(double metres) {
    if (!(metres >= 0 && metres <= CableKind.AOC.metres())) {
      throw new IllegalArgumentException(
          "active optical cables are up to %s m long, but %s m was asked for: write for example activeCablesUpTo(30)"
              .formatted(CableKind.AOC.metres(), metres));
    }
    return new BillOfMaterials(fabric, metres);
  }

  /** What all that costs at these prices: {@code bill().at(PartPrices.usual())}. */
  public PricedBill at(PartPrices prices) {
    Check.notNull("prices", prices, "write PartPrices.usual()");
    return new PricedBill(fabric, this, prices);
  }

  CableKind kind(Link cable) {
    return CableKind.of(cable, activeUpTo);
  }

  /** How many transceivers there are, twin-port ones counted once. */
  public long transceivers() {
    return modules().values().stream().mapToLong(Long::longValue).sum();
  }

  /** Power of switches and transceivers as far as figures are known, W. */
  public double watts() {
    return items().entrySet().stream()
        .filter(e -> !Double.isNaN(e.getKey().watts()))
        .mapToDouble(e -> e.getKey().watts() * e.getValue())
        .sum();
  }

  /** A row an item: count, W each, kW together; no figure where none was found. */
  @Override
  public Table table() {
    var names = StringColumn.create("item");
    var counts = LongColumn.create("count");
    var each = Numbers.column("each (W)");
    var all = Numbers.column("together (kW)");
    items()
        .forEach(
            (item, count) -> {
              names.append(item.name());
              counts.append(count);
              if (Double.isNaN(item.watts())) {
                each.appendMissing();
                all.appendMissing();
              } else {
                each.append(item.watts());
                all.append(item.watts() * count / 1000);
              }
            });
    return Table.create("What " + fabric.name() + " is built of", names, counts, each, all);
  }

  private Map<Item, Long> items() {
    Map<Item, Long> items = new TreeMap<>();
    for (Node node : fabric.nodes()) {
      if (node.role() == Node.Role.SWITCH) {
        String model = node.model().map(SwitchModel::name).orElse("any kind");
        double watts = node.model().map(SwitchModel::watts).orElse(0.0);
        items.merge(new Item("switch, " + model, watts > 0 ? watts : Double.NaN, 0), 1L, Long::sum);
      }
    }
    items.putAll(modules());
    for (Link link : cables()) {
      CableKind kind = CableKind.of(link, activeUpTo);
      double watts = kind == CableKind.DAC || kind.hasTransceivers() ? 0 : Double.NaN;
      items.merge(new Item(cableName(kind, link), watts, 0), 1L, Long::sum);
    }
    return items;
  }

  static String cableName(CableKind kind, Link link) {
    String made = kind.hasTransceivers() ? fibre(kind) : kind.name();
    return "cable, %s %s".formatted(made, link.rate());
  }

  private static String fibre(CableKind kind) {
    return kind == CableKind.SR ? "multimode fibre" : "single-mode fibre";
  }

  List<Link> cables() {
    return fabric.links().stream().filter(l -> !fabric.isScaleUp(l)).toList();
  }

  /** Transceivers by kind: at each node, ports of one kind share those of its split cages. */
  Map<Item, Long> modules() {
    record Ports(int node, CableKind kind, Rate rate) {}
    Map<Ports, Integer> ports = new HashMap<>();
    for (Link link : cables()) {
      CableKind kind = CableKind.of(link, activeUpTo);
      if (kind.hasTransceivers()) {
        for (int end : new int[] {link.a(), link.b()}) {
          ports.merge(new Ports(end, kind, link.rate()), 1, Integer::sum);
        }
      }
    }
    Map<Item, Long> modules = new TreeMap<>();
    ports.forEach(
        (of, count) -> {
          int ways = fabric.nodes().get(of.node()).model().map(SwitchModel::breakout).orElse(1);
          modules.merge(
              module(of.kind(), of.rate(), ways), (long) (count + ways - 1) / ways, Long::sum);
        });
    return modules;
  }

  private static Item module(CableKind kind, Rate port, int ways) {
    String name =
        ways == 1
            ? "transceiver, %s %s".formatted(port, kind)
            : "transceiver, %d x %s %s".formatted(ways, port, kind);
    return new Item(name, watts(kind, port.gbps(), ways), ways * port.gbps());
  }

  private static double watts(CableKind kind, double gbps, int ways) {
    boolean known = kind == CableKind.SR || kind == CableKind.DR;
    if (known && gbps == 400 && ways == 1) {
      return 9;
    }
    if (known && gbps == 400 && ways == 2) {
      return kind == CableKind.SR ? 15 : 17;
    }
    return Double.NaN;
  }

  @Override
  public String toString() {
    var parts = new ArrayList<String>();
    items().forEach((item, count) -> parts.add(count + " x " + item.name()));
    return String.join("; ", parts);
  }
}
