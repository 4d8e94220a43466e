package weft.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.engine.packet.PacketEngine;
import weft.engine.packet.PortCounters;
import weft.engine.packet.PortSamples;
import weft.engine.packet.PortSamples.Quantity;
import weft.engine.packet.QueuePairCounters;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.report.Charts;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Picture;
import weft.report.Provenance;
import weft.report.Result;
import weft.units.Time;

/**
 * What the ports of a run's network did over time, sampled at equal intervals by {@link
 * Experiment#sampling}, and what its queue pairs went through. NVLink ports are left out.
 *
 * <p>A queue is sampled as switches do it whose watermark is cleared when read: each sample is the
 * most that waited at any time of its interval, so no burst is missed. Of a run too long for its
 * interval samples are joined two by two, see {@link #interval()}; sums over samples are always the
 * port's counters.
 */
public final class Telemetry implements Result {
  private static final int LINES = 6; // of the chart

  private final NetworkLoad load;
  private final PortSamples samples;
  private final String workload;
  private final Provenance provenance;
  private final String[] names; // by sampled port

  Telemetry(NetworkLoad load, PortSamples samples, String workload, Provenance provenance) {
    this.load = load;
    this.samples = samples;
    this.workload = workload;
    this.provenance = provenance;
    names = names();
  }

  /** Of ports between the same two nodes the second is called {@code spine0>leaf3 (2)}. */
  private String[] names() {
    var seen = new HashMap<String, Integer>();
    var all = new String[samples.ports()];
    for (int i = 0; i < all.length; i++) {
      String name = counters(i).name();
      int number = seen.merge(name, 1, Integer::sum);
      all[i] = number == 1 ? name : "%s (%d)".formatted(name, number);
    }
    return all;
  }

  /** Samples of an engine's network ports, not yet taken. */
  static PortSamples sampler(Fabric fabric, PacketEngine engine, Time interval) {
    int[] network =
        IntStream.range(0, engine.ports())
            .filter(p -> !fabric.isScaleUp(fabric.links().get(p / 2)))
            .toArray();
    return engine.samples(network, interval.ps());
  }

  /** The length of a sample: what was asked for, or twice, four times ... that in a long run. */
  public Time interval() {
    return new Time(samples.intervalPs());
  }

  /** How many samples each port has; the last may be shorter than the others. */
  public int size() {
    return samples.size();
  }

  private PortCounters counters(int index) {
    return load.ports().get(samples.port(index));
  }

  private double micros(int sample) {
    return samples.endPs(sample) / 1e6;
  }

  private double value(Quantity quantity, int index, int sample, double unit) {
    return samples.value(quantity, index, sample) / unit;
  }

  private double share(Quantity quantity, int index, int sample) {
    return 100.0 * samples.value(quantity, index, sample) / samples.lengthPs(sample);
  }

  private long sum(Quantity quantity, int index) {
    return IntStream.range(0, size()).mapToLong(s -> samples.value(quantity, index, s)).sum();
  }

  private int[] active() {
    return IntStream.range(0, samples.ports())
        .filter(i -> counters(i).packets() > 0 || counters(i).pausesSent() > 0)
        .toArray();
  }

  /**
   * A row a port that did anything, the deepest queue first: how busy it was on average and in its
   * busiest interval, its queue, marks, pauses and drops.
   */
  @Override
  public Table table() {
    List<Integer> rows = new ArrayList<>(IntStream.of(active()).boxed().toList());
    rows.sort(
        Comparator.<Integer>comparingLong(i -> -counters(i).maxQueueBytes())
            .thenComparingLong(i -> -counters(i).busyPs()));
    return Table.create(
        "Ports of %s, sampled every %s".formatted(load.fabric().name(), interval()),
        StringColumn.create("port", rows.stream().map(i -> names[i]).toList()),
        doubles("mean utilisation (%)", rows, i -> 100 * load.utilisation(counters(i))),
        doubles("peak utilisation (%)", rows, this::peakUtilisation),
        doubles("deepest queue (kB)", rows, i -> counters(i).maxQueueBytes() / 1e3),
        doubles("deepest at (us)", rows, this::deepestAt),
        longs("ECN marks", rows, Quantity.MARKS),
        longs("pauses sent", rows, Quantity.PAUSES_SENT),
        longs("pauses received", rows, Quantity.PAUSES_RECEIVED),
        doubles("paused (us)", rows, i -> sum(Quantity.PAUSED, i) / 1e6),
        longs("trims", rows, Quantity.TRIMS),
        longs("drops", rows, Quantity.DROPS));
  }

  private double peakUtilisation(int index) {
    return IntStream.range(0, size())
        .mapToDouble(s -> share(Quantity.BUSY, index, s))
        .max()
        .orElse(0);
  }

  /** When the first interval with the deepest queue ends; missing where nothing ever waited. */
  private double deepestAt(int index) {
    long deepest = counters(index).maxQueueBytes();
    return deepest == 0
        ? Double.NaN
        : IntStream.range(0, size())
            .filter(s -> samples.value(Quantity.QUEUE, index, s) == deepest)
            .mapToDouble(this::micros)
            .findFirst()
            .orElseThrow();
  }

  private static DoubleColumn doubles(
      String title, List<Integer> rows, ToDoubleFunction<Integer> value) {
    return Numbers.column(title, rows.stream().mapToDouble(value).toArray());
  }

  private LongColumn longs(String title, List<Integer> rows, Quantity quantity) {
    return LongColumn.create(title, rows.stream().mapToLong(i -> sum(quantity, i)).toArray());
  }

  /** A row for each sample of each port that did anything, in the order of ports and time. */
  public Table samples() {
    Table table =
        Table.create(
            "Samples of " + load.fabric().name(),
            StringColumn.create("port"),
            Numbers.column("until (us)"),
            Numbers.column("utilisation (%)"),
            Numbers.column("deepest queue (kB)"),
            LongColumn.create("ECN marks"),
            LongColumn.create("pauses sent"),
            LongColumn.create("pauses received"),
            Numbers.column("paused (us)"),
            LongColumn.create("trims"),
            LongColumn.create("drops"));
    for (int i : active()) {
      for (int s = 0; s < size(); s++) {
        append(table, i, s);
      }
    }
    return table;
  }

  private void append(Table table, int i, int s) {
    table.stringColumn(0).append(names[i]);
    table.doubleColumn(1).append(micros(s));
    table.doubleColumn(2).append(share(Quantity.BUSY, i, s));
    table.doubleColumn(3).append(value(Quantity.QUEUE, i, s, 1e3));
    table.longColumn(4).append(samples.value(Quantity.MARKS, i, s));
    table.longColumn(5).append(samples.value(Quantity.PAUSES_SENT, i, s));
    table.longColumn(6).append(samples.value(Quantity.PAUSES_RECEIVED, i, s));
    table.doubleColumn(7).append(value(Quantity.PAUSED, i, s, 1e6));
    table.longColumn(8).append(samples.value(Quantity.TRIMS, i, s));
    table.longColumn(9).append(samples.value(Quantity.DROPS, i, s));
  }

  /**
   * A row a queue pair: packets sent again, CNPs, negative acknowledgements, timeouts, the rate
   * that congestion control allowed in the end, and the status of its completions.
   */
  public Table queuePairs() {
    List<QueuePairCounters> pairs = load.queuePairs();
    var names = load.fabric().nodes();
    return Table.create(
        "Queue pairs of " + workload,
        LongColumn.create(
            "queue pair", pairs.stream().mapToLong(QueuePairCounters::queuePair).toArray()),
        StringColumn.create(
            "source", pairs.stream().map(q -> names.get(load.fabric().node(q.source())).name())),
        StringColumn.create(
            "destination",
            pairs.stream().map(q -> names.get(load.fabric().node(q.destination())).name())),
        LongColumn.create(
            "sent again (packets)",
            pairs.stream().mapToLong(QueuePairCounters::retransmittedPackets).toArray()),
        LongColumn.create("CNPs", pairs.stream().mapToLong(QueuePairCounters::cnps).toArray()),
        LongColumn.create("NAKs", pairs.stream().mapToLong(QueuePairCounters::naks).toArray()),
        LongColumn.create(
            "timeouts", pairs.stream().mapToLong(QueuePairCounters::timeouts).toArray()),
        Numbers.column(
            "last rate (Gb/s)", pairs.stream().mapToDouble(q -> q.rate().gbps()).toArray()),
        StringColumn.create("status", pairs.stream().map(q -> q.status().verbs())));
  }

  /** How busy each port was, as a heat map over time. */
  public Picture utilisation() {
    return map("Utilisation", "%", 100, (i, s) -> share(Quantity.BUSY, i, s));
  }

  /** The most that waited at each port in each interval, as a heat map over time. */
  public Picture queueDepth() {
    return map("Deepest queue", "kB", 0, (i, s) -> value(Quantity.QUEUE, i, s, 1e3));
  }

  /** ECN marks set at each port, a microsecond, as a heat map over time. */
  public Picture marks() {
    return map("ECN marks", "marks/us", 0, perMicrosecond(Quantity.MARKS));
  }

  /** The share of time that each port was stopped by pause frames, as a heat map over time. */
  public Picture paused() {
    return map("Paused", "% of time", 100, (i, s) -> share(Quantity.PAUSED, i, s));
  }

  /** Packets dropped in front of each port, a microsecond, as a heat map over time. */
  public Picture drops() {
    return map("Drops", "packets/us", 0, perMicrosecond(Quantity.DROPS));
  }

  /** GPUs before leaves, leaves before spines, ports of one device together. */
  private int[] samplesByDevice() {
    Fabric fabric = load.fabric();
    return IntStream.range(0, samples.ports())
        .boxed()
        .sorted(
            Comparator.<Integer>comparingInt(i -> fabric.nodes().get(device(i)).tier())
                .thenComparingInt(this::device))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private int device(int index) {
    Link link = load.fabric().links().get(counters(index).link());
    return samples.port(index) % 2 == 0 ? link.a() : link.b();
  }

  private interface Value {
    double of(int index, int sample);
  }

  private Value perMicrosecond(Quantity quantity) {
    return (i, s) -> value(quantity, i, s, 1) * 1e6 / samples.lengthPs(s);
  }

  private Picture map(String what, String unit, double full, Value value) {
    int n = size();
    var map = new HeatMap("%s, %s".formatted(what, workload), unit, n == 0 ? 1 : micros(n - 1));
    for (int i : samplesByDevice()) {
      map.row(names[i], IntStream.range(0, n).mapToDouble(s -> value.of(i, s)).toArray());
    }
    return map.picture(full);
  }

  /** The queue that was the deepest of all. */
  DeepestQueue deepest() {
    int deepest =
        IntStream.range(0, samples.ports())
            .boxed()
            .max(Comparator.comparingLong(i -> counters(i).maxQueueBytes()))
            .orElseThrow();
    double[] time = IntStream.range(0, size()).mapToDouble(this::micros).toArray();
    double[] queue =
        IntStream.range(0, size())
            .mapToDouble(s -> value(Quantity.QUEUE, deepest, s, 1e3))
            .toArray();
    return new DeepestQueue(names[deepest], time, queue);
  }

  /** The queues over time of the ports where most waited, at most six. */
  @Override
  public XYChart chart() {
    XYChart chart = Charts.lines("Deepest queues, " + workload, "time (us)", "queue (kB)");
    double[] time = new double[size()];
    for (int s = 0; s < time.length; s++) {
      time[s] = micros(s);
    }
    IntStream.of(active())
        .boxed()
        .filter(i -> counters(i).maxQueueBytes() > 0)
        .sorted(Comparator.comparingLong(i -> -counters(i).maxQueueBytes()))
        .limit(LINES)
        .forEach(
            i -> {
              double[] queue =
                  IntStream.range(0, time.length)
                      .mapToDouble(s -> value(Quantity.QUEUE, i, s, 1e3))
                      .toArray();
              Charts.line(chart, names[i], time, queue);
            });
    return chart;
  }

  @Override
  public Provenance provenance() {
    return provenance;
  }

  @Override
  public String summary() {
    var deepest =
        IntStream.range(0, samples.ports())
            .mapToObj(this::counters)
            .max(Comparator.comparingLong(PortCounters::maxQueueBytes));
    return "%d samples every %s of %d ports%s"
        .formatted(
            size(),
            interval(),
            samples.ports(),
            deepest
                .map(
                    p ->
                        ", deepest queue %s kB at %s"
                            .formatted(Digits.of(p.maxQueueBytes() / 1e3, 3), p.name()))
                .orElse(""));
  }

  @Override
  public String toString() {
    return summary();
  }
}
