package weft.parallel;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.cluster.Placement;
import weft.fabric.Crossings;
import weft.fabric.Fabric;
import weft.report.Numbers;
import weft.report.Picture;
import weft.report.Tabular;

/**
 * A plan's traffic laid over a fabric: which axis uses NVLink, which one leaf, which the spines,
 * and who sends to whom. Every stage is taken to sum what the fullest one does; collectives go
 * round as rings in the order of ranks.
 */
public final class TrafficMap implements Tabular {
  private final PlanTraffic traffic;
  private final Fabric fabric;
  private final Placement placement;
  private final int[] gpuOf;
  private final Map<ParallelAxis, TreeMap<Integer, Double>> bytes =
      new EnumMap<>(ParallelAxis.class);

  private TrafficMap(PlanTraffic traffic, Fabric fabric, Placement placement) {
    this.traffic = traffic;
    this.fabric = fabric;
    this.placement = placement;
    gpuOf = placement.place(traffic.plan().gpus(), fabric.gpus());
    var crossings = Crossings.of(fabric);
    each(
        (axis, from, to, sent) ->
            bytes
                .computeIfAbsent(axis, a -> new TreeMap<>())
                .merge(crossings.switches(from, to), sent, Double::sum));
  }

  static TrafficMap of(PlanTraffic traffic, Fabric fabric, Placement placement) {
    return new TrafficMap(traffic, fabric, placement);
  }

  /** Hears of what GPUs send each other in a step. */
  interface Flow {
    void accept(ParallelAxis axis, int fromGpu, int toGpu, double bytes);
  }

  void each(Flow flow) {
    var flows = new PlanFlows(traffic.plan());
    for (AxisTraffic row : traffic.rows()) {
      flows.each(row, (from, to, sent) -> flow.accept(row.axis(), gpuOf[from], gpuOf[to], sent));
    }
  }

  Fabric fabric() {
    return fabric;
  }

  /** Axes that send anything. */
  public List<ParallelAxis> axes() {
    return List.copyOf(bytes.keySet());
  }

  /**
   * Bytes that all GPUs together send along an axis in a step over so many switches.
   *
   * @param switches 0 for NVLink, 1 for one leaf, 3 for a leaf, a spine and a leaf, {@link
   *     Crossings#APART} where only NVLink joins rails
   */
  public double bytes(ParallelAxis axis, int switches) {
    var ofAxis = bytes.get(axis);
    return ofAxis == null ? 0 : ofAxis.getOrDefault(switches, 0.0);
  }

  /** Bytes that one GPU sends through its NIC in a step, on average. */
  public double throughNic() {
    double sum = 0;
    for (var ofAxis : bytes.values()) {
      sum += ofAxis.tailMap(1).values().stream().mapToDouble(Double::doubleValue).sum();
    }
    return sum / gpuOf.length;
  }

  /** A row an axis, and all: GB that one GPU sends in a step, on average, by the way it goes. */
  @Override
  public Table table() {
    var ways = new TreeSet<Integer>();
    bytes.values().forEach(ofAxis -> ways.addAll(ofAxis.keySet()));
    var names = StringColumn.create("axis");
    List<DoubleColumn> columns = new ArrayList<>();
    ways.forEach(way -> columns.add(Numbers.column(name(way) + " (GB/step)")));
    for (ParallelAxis axis : bytes.keySet()) {
      names.append(axis.label());
      int column = 0;
      for (int way : ways) {
        columns.get(column++).append(bytes(axis, way) / 1e9 / gpuOf.length);
      }
    }
    names.append("all");
    columns.forEach(column -> column.append(column.sum()));
    var table = Table.create("Sent by a GPU of " + this, names);
    columns.forEach(table::addColumns);
    return table;
  }

  private static String name(int switches) {
    return switch (switches) {
      case 0 -> "NVLink";
      case 1 -> "one leaf";
      case 3 -> "over spines";
      case 5 -> "over cores";
      case Crossings.APART -> "NVLink to another rail";
      default -> switches + " switches";
    };
  }

  /**
   * Who sends to whom, GPU by GPU, or server by server where GPUs are many: coloured by the axis
   * that sends most, darker where it is more, in powers of ten.
   */
  public Picture picture() {
    return new TrafficPicture(this).picture();
  }

  /** For example {@code 64 GPUs: tensor 8, pipeline 2 (1F1B), data 4; packed}. */
  @Override
  public String toString() {
    return "%s; %s".formatted(traffic.plan(), placement);
  }
}
