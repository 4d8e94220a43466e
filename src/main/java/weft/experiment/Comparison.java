package weft.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Charts;
import weft.report.Numbers;
import weft.report.Provenance;
import weft.report.Result;
import weft.units.Check;

/**
 * The same experiment in several variants.
 *
 * @param what differs between them: {@code load balancing}, {@code transport}, {@code collective}
 * @param runs in the order asked for
 */
public record Comparison(String what, List<Run> runs) implements Result {
  static final String LOAD_BALANCING = "load balancing";
  static final String COLLECTIVE = "collective";
  static final String FIDELITY = "fidelity";

  /** Copies the list. */
  public Comparison {
    runs = List.copyOf(Check.notNull("a comparison's runs", runs, "use Experiment.compare(...)"));
    if (runs.isEmpty()) {
      throw new IllegalArgumentException(
          "a comparison has at least 1 run, but was given none: use Experiment.compare(...)");
    }
  }

  /**
   * A row a run: completion, bus bandwidth or goodput, 99th percentile of message times, and what
   * went on; where the experiment was sampling, also the 99th percentile over time of the deepest
   * queue. A run that came to rest too early has no completion and says how many messages have not
   * arrived. Of fidelities, by how much each differs from the closest look, and why.
   */
  @Override
  public Table table() {
    return table("Comparison of " + runs.get(0).workload(), what, runs);
  }

  static Table table(String title, String what, List<Run> runs) {
    Table table =
        Table.create(
            title,
            StringColumn.create(what, runs.stream().map(Run::name).toList()),
            doubles("completion (us)", runs, Run::completionUs),
            bandwidth(runs),
            doubles("p99 message (us)", runs, Run::percentile99),
            doubles("busiest port (%)", runs, r -> 100 * r.busiestPort()));
    if (runs.stream().anyMatch(r -> r.networkLoad().packetHops() > 0)) {
      table.addColumns(
          longs("ECN marks", runs, r -> r.networkLoad().marks()),
          longs("pauses", runs, r -> r.networkLoad().pauses()),
          longs("drops", runs, r -> r.networkLoad().drops()),
          longs("sent again", runs, r -> r.networkLoad().retransmissions()));
    }
    if (runs.stream().allMatch(r -> r.deepestQueue().isPresent())) {
      table.addColumns(
          doubles(
              "p99 of deepest queue (kB)",
              runs,
              r -> r.deepestQueue().orElseThrow().percentile99()));
    }
    addIfAny(table, longs("not arrived", runs, r -> r.ending().missing()));
    if (what.equals(FIDELITY) && runs.size() > 1) {
      FidelityGap.addTo(table, runs);
    }
    addIfAny(table, longs("trims", runs, r -> r.networkLoad().trims()));
    addIfAny(table, longs("lost on cables", runs, r -> r.networkLoad().lost()));
    addIfAny(table, longs("dropped by watchdogs", runs, r -> r.networkLoad().watchdogDrops()));
    addIfAny(table, longs("timeouts", runs, r -> r.networkLoad().timeouts()));
    var faults = StringColumn.create("faults", runs.stream().map(Run::faultsBriefly).toList());
    if (faults.countUnique() > 1 || !faults.get(0).isEmpty()) {
      table.addColumns(faults);
    }
    return table;
  }

  /** Of collectives what nccl-tests tells, of other traffic the rate at which payload arrived. */
  private static DoubleColumn bandwidth(List<Run> runs) {
    return runs.stream().allMatch(Run::isCollective)
        ? doubles("bus bandwidth (GB/s)", runs, Run::busBandwidth)
        : doubles("goodput (Gb/s)", runs, Run::goodput);
  }

  private static DoubleColumn doubles(String title, List<Run> runs, ToDoubleFunction<Run> value) {
    return Numbers.column(title, runs.stream().mapToDouble(value).toArray());
  }

  private static void addIfAny(Table table, LongColumn counts) {
    if (counts.max() > 0) {
      table.addColumns(counts);
    }
  }

  private static LongColumn longs(String title, List<Run> runs, ToLongFunction<Run> counter) {
    return LongColumn.create(title, runs.stream().mapToLong(counter).toArray());
  }

  /** How many messages took at most how long, a line a run. */
  @Override
  public XYChart chart() {
    return chart(runs.get(0).workload(), runs);
  }

  static XYChart chart(String workload, List<Run> runs) {
    XYChart chart =
        Charts.lines(
            "Message times, " + workload,
            "message time (us)",
            "messages that took at most so long (%)");
    runs.forEach(run -> run.addTo(chart));
    Charts.roundTicks(chart);
    return chart;
  }

  /**
   * A row a run for one message: when it had arrived, and at which rate.
   *
   * @param number its row in {@link Run#flows}, from 0
   */
  public Table message(int number) {
    Check.index("message", number, runs.get(0).flows().rowCount());
    Table flows = runs.get(0).flows();
    return Table.create(
        "GPU %d to GPU %d"
            .formatted(
                flows.intColumn("source").get(number), flows.intColumn("destination").get(number)),
        StringColumn.create(what, runs.stream().map(Run::name).toList()),
        doubles("message time (us)", runs, r -> r.flowTimes()[number]),
        doubles("rate (Gb/s)", runs, r -> r.flows().doubleColumn("rate (Gb/s)").get(number)));
  }

  /**
   * The deepest queue of each run over time, a line a run. The axis ends at one and a half times
   * the shortest completion, so that a slow run does not flatten the others.
   *
   * @throws IllegalStateException if the experiment was not sampling
   */
  public XYChart queues() {
    XYChart chart =
        Charts.lines("Deepest queue, " + runs.get(0).workload(), "time (us)", "queue (MB)");
    double shortest =
        runs.stream()
            .mapToDouble(Run::completionUs)
            .filter(us -> !Double.isNaN(us))
            .min()
            .orElse(runs.get(0).networkLoad().elapsedPs() / 1e6);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.5 * shortest);
    for (Run run : runs) {
      run.telemetry(); // refuses where there are no samples
      run.deepestQueue().ifPresent(queue -> queue.addTo(chart, run.name()));
    }
    return chart;
  }

  @Override
  public Provenance provenance() {
    var facts = new LinkedHashMap<>(runs.get(0).provenance().facts());
    facts.put(what, runs.stream().map(Run::name).collect(Collectors.joining(", ")));
    return new Provenance(facts);
  }

  @Override
  public String summary() {
    return runs.stream().map(Run::summary).collect(Collectors.joining("\n"));
  }

  @Override
  public String toString() {
    return summary();
  }
}
