package weft.job;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.collective.SizedCollective;
import weft.engine.packet.PortCounters;
import weft.experiment.NetworkLoad;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Provenance;
import weft.report.Result;

/** How much longer a collective takes beside storage on the same network, and why. */
public final class StorageHarm implements Result {
  private final SharedBackend backend;
  private final SizedCollective collective;
  private final List<MixedRun> runs;
  private final Map<String, String> transport;

  StorageHarm(
      SharedBackend backend,
      SizedCollective collective,
      List<MixedRun> runs,
      Map<String, String> transport) {
    this.backend = backend;
    this.collective = collective;
    this.runs = List.copyOf(runs);
    this.transport = transport;
  }

  private MixedRun apart() {
    return runs.get(0);
  }

  private double timesAsLong(MixedRun run) {
    return (double) run.completion().ps() / apart().completion().ps();
  }

  /**
   * How many times as long the collective takes.
   *
   * @param storage a row of {@link #table()}: {@code checkpoint writes}
   * @throws IllegalArgumentException if there is no such row
   */
  public double timesAsLong(String storage) {
    return timesAsLong(named(storage));
  }

  /**
   * What the ports did beside a kind of storage traffic, until the collective was complete.
   *
   * @throws IllegalArgumentException if there is no such row
   */
  public NetworkLoad networkLoad(String storage) {
    return named(storage).load();
  }

  private MixedRun named(String storage) {
    return runs.stream()
        .filter(run -> run.traffic().toString().equals(storage))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "storage does one of %s, but %s was asked for: take a row of the table"
                        .formatted(
                            runs.stream().map(run -> run.traffic().toString()).toList(), storage)));
  }

  /** What the counters say of the reason. */
  private String reason(MixedRun run) {
    if (run.traffic() == StorageTraffic.APART) {
      return "a network of its own";
    }
    if (backend.scheduling.classes().size() > 1 && !run.isCollectivePaused()) {
      return "traffic classes, " + backend.scheduling;
    }
    if (run.load().pauses() > apart().load().pauses()) {
      return "pauses, longest at %s: what waits there for others waits too"
          .formatted(run.most(PortCounters::pausedPs).orElse("no port"));
    }
    if (run.load().marks() > apart().load().marks()) {
      return "marks, most at %s: whoever passes there slows down"
          .formatted(run.most(PortCounters::marks).orElse("no port"));
    }
    return "shared links: the collective gets what storage leaves";
  }

  /** A row a kind of storage traffic: time, times as long, bus bandwidth, marks, pauses, reason. */
  @Override
  public Table table() {
    var storage = StringColumn.create("storage");
    var times = Numbers.column("collective (us)");
    var factors = Numbers.column("times as long");
    var bandwidths = Numbers.column("bus bandwidth (GB/s)");
    var marks = LongColumn.create("ECN marks");
    var pauses = LongColumn.create("pauses");
    var reasons = StringColumn.create("because of");
    double factor = collective.collective().busBandwidthFactor(backend.fabric.gpus());
    for (MixedRun run : runs) {
      storage.append(run.traffic().toString());
      times.append(run.completion().micros());
      factors.append(timesAsLong(run));
      bandwidths.append(factor * collective.size().bytes() / run.completion().seconds() / 1e9);
      marks.append(run.load().marks());
      pauses.append(run.load().pauses());
      reasons.append(reason(run));
    }
    return Table.create(
        "%s beside storage, at %s".formatted(collective, backend.fidelity),
        storage,
        times,
        factors,
        bandwidths,
        marks,
        pauses,
        reasons);
  }

  @Override
  public CategoryChart chart() {
    return StepChart.of(
        "%s on %s".formatted(collective, backend.fabric.name()),
        "times as long as apart",
        runs.stream().map(run -> run.traffic().toString()).toList(),
        runs.stream().map(this::timesAsLong).toList());
  }

  @Override
  public Provenance provenance() {
    var facts = new LinkedHashMap<String, String>();
    facts.put("collective", collective.toString());
    facts.put(
        "each GPU writes or reads",
        (backend.perGpu == null ? collective.size() : backend.perGpu).toString());
    facts.putAll(backend.fabric.facts());
    facts.putAll(transport);
    facts.put("load balancing", backend.balancing.toString());
    if (backend.scheduling.classes().size() > 1) {
      facts.put("traffic classes", backend.scheduling.toString());
    }
    facts.put("seed", String.valueOf(backend.seed));
    facts.put("fidelity", backend.fidelity.toString());
    return Provenance.of(facts);
  }

  @Override
  public String summary() {
    return "%s takes %s apart from storage, %s times as long beside checkpoint writes"
        .formatted(
            collective,
            apart().completion(),
            Digits.of(timesAsLong(StorageTraffic.CHECKPOINT.toString()), 3));
  }

  @Override
  public String toString() {
    return summary();
  }
}
