package weft.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.lines.SeriesLines;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Charts;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Provenance;
import weft.report.Result;
import weft.transport.Timely;
import weft.transport.Timely.Between;
import weft.transport.fluid.FixedPoint;
import weft.transport.fluid.FluidDcqcn;
import weft.transport.fluid.FluidModel;
import weft.transport.fluid.FluidTimely;
import weft.transport.fluid.Trajectory;
import weft.units.Time;

/** Queue and rates of a {@link Bottleneck}: packets, and the fluid model beside them. */
public final class BottleneckRun implements Result {
  private final Bottleneck link;
  private final Time length;
  private final Trajectory packets;
  private final double marked;
  private final @Nullable Trajectory fluid;
  private final Map<String, FixedPoint> fixedPoints; // by name, what is to be drawn last

  private BottleneckRun(
      Bottleneck link,
      Time length,
      Trajectory packets,
      double marked,
      @Nullable Trajectory fluid,
      Map<String, FixedPoint> fixedPoints) {
    this.link = link;
    this.length = length;
    this.packets = packets;
    this.marked = marked;
    this.fluid = fluid;
    this.fixedPoints = fixedPoints;
  }

  static BottleneckRun of(Bottleneck link, Time length) {
    var sampler = new PortSampler(link, length);
    Trajectory packets = sampler.run();
    Optional<FluidModel> model = link.fluid();
    Trajectory fluid = model.isPresent() ? model.get().run(length) : null;
    Map<String, FixedPoint> points = new LinkedHashMap<>();
    model.ifPresent(m -> addFixedPoints(points, m));
    return new BottleneckRun(link, length, packets, sampler.marked(), fluid, points);
  }

  private static void addFixedPoints(Map<String, FixedPoint> points, FluidModel model) {
    if (model instanceof FluidDcqcn dcqcn) {
      points.put("fluid fixed point", dcqcn.fixedPoint());
      points.put("paced fixed point", dcqcn.pacedFixedPoint());
    } else if (model instanceof FluidTimely timely && isPatched(timely.rules())) {
      points.put("fluid fixed point", timely.fixedPoint());
    }
  }

  private static boolean isPatched(Timely rules) {
    return rules.between() == Between.WEIGHTED;
  }

  /** What the packets did. */
  public Trajectory packets() {
    return packets;
  }

  /** What the fluid model says, where there is one. */
  public Optional<Trajectory> fluid() {
    return Optional.ofNullable(fluid);
  }

  /** The share of packets marked in the second half, in [0, 1]. */
  public double marked() {
    return marked;
  }

  /** A row each for packets, fluid and fixed points: what has settled in the second half. */
  @Override
  public Table table() {
    var names = StringColumn.create("");
    var queue = Numbers.column("queue (kB)");
    var slowest = Numbers.column("slowest flow (Gb/s)");
    var fastest = Numbers.column("fastest flow (Gb/s)");
    for (Trajectory t : trajectories()) {
      double[] rates = settled(t);
      names.append(t.name());
      queue.append(t.settledQueue() / 1e3);
      slowest.append(Arrays.stream(rates).min().orElseThrow() / 1e9);
      fastest.append(Arrays.stream(rates).max().orElseThrow() / 1e9);
    }
    fixedPoints.forEach(
        (name, point) -> {
          names.append(name);
          queue.append(point.queueBytes() / 1e3);
          slowest.append(point.bitsPerSecond() / 1e9);
          fastest.append(point.bitsPerSecond() / 1e9);
        });
    return Table.create("Settled: " + link.title(), names, queue, slowest, fastest);
  }

  private static double[] settled(Trajectory t) {
    double[] rates = new double[t.flows()];
    for (int f = 0; f < rates.length; f++) {
      rates[f] = t.settledRate(f);
    }
    return rates;
  }

  private List<Trajectory> trajectories() {
    List<Trajectory> all = new ArrayList<>(List.of(packets));
    fluid().ifPresent(all::add);
    return all;
  }

  /**
   * The queue over time, packets and fluid, with the queue at which packets should settle. The
   * vertical axis ends at twice what the second half reaches, so that a peak at the start does not
   * flatten everything after it.
   */
  @Override
  public XYChart chart() {
    XYChart chart = Trajectory.overlay(trajectories().toArray(Trajectory[]::new));
    chart.setTitle("Queue: " + link.title());
    double peak = trajectories().stream().mapToDouble(Trajectory::settledPeak).max().orElse(0);
    if (peak > 0) {
      chart.getStyler().setYAxisMin(0.0).setYAxisMax(2 * peak / 1e3);
    }
    var points = new ArrayList<>(fixedPoints.entrySet());
    if (!points.isEmpty()) {
      var last = points.get(points.size() - 1);
      double kb = last.getValue().queueBytes() / 1e3;
      double[] ends = {0, length.millis()};
      Charts.line(chart, last.getKey(), ends, new double[] {kb, kb})
          .setLineStyle(SeriesLines.DASH_DASH);
    }
    return chart;
  }

  /** The rate of each flow over time, packets and fluid. */
  public XYChart rates() {
    XYChart chart = Trajectory.overlayRates(trajectories().toArray(Trajectory[]::new));
    chart.setTitle("Rates: " + link.title());
    return chart;
  }

  @Override
  public Provenance provenance() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("bottleneck", link.toString());
    facts.put("cables", link.cable().toString());
    facts.putAll(link.transport().facts());
    facts.put("length", length.toString());
    facts.put("seed", String.valueOf(link.seed()));
    link.fluid().ifPresent(model -> facts.put("fluid", model.toString()));
    return Provenance.of(facts);
  }

  @Override
  public String summary() {
    return "%s: %s kB waiting, %s %% of packets marked"
        .formatted(link, Digits.of(packets.settledQueue() / 1e3, 3), Digits.of(100 * marked, 2));
  }

  @Override
  public String toString() {
    return summary();
  }
}
