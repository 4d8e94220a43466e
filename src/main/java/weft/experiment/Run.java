package weft.experiment;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.Table;
import weft.capture.Capture;
import weft.engine.packet.PortCounters;
import weft.fault.FaultPlan;
import weft.report.Charts;
import weft.report.Picture;
import weft.report.Provenance;
import weft.report.Result;
import weft.transport.Scheduling;
import weft.units.Time;

/**
 * What an experiment came to: a row a message, the ports' counters, and the figures people quote.
 */
public final class Run implements Result {
  private final String name;
  private final String what; // the name tells
  private final String workload;
  private final double busBytes;
  private final Table flows;
  private final long completionPs;
  private final long payload; // of all messages, bytes
  private final NetworkLoad load;
  private final Provenance provenance;
  private final Capture capture;
  private final Drops drops;
  private final @Nullable Telemetry telemetry;
  private final FaultPlan faults;
  private final Scheduling scheduling;
  private final Ending ending;
  private final boolean heedsMarks;

  Run(
      Setup setup,
      Messages messages,
      NetworkLoad load,
      Capture capture,
      Drops drops,
      @Nullable Telemetry telemetry,
      Ending ending) {
    this.name = setup.name();
    this.what = setup.what();
    this.workload = setup.workload();
    this.busBytes = setup.busBytes();
    this.flows = messages.table(workload);
    this.completionPs = messages.completionPs();
    this.payload = messages.payload();
    this.load = load;
    var facts = setup.facts();
    facts.putAll(messages.facts());
    this.provenance = Provenance.of(facts);
    this.capture = capture;
    this.drops = drops;
    this.telemetry = telemetry;
    this.faults = setup.faults;
    this.scheduling = setup.experiment.scheduling;
    this.ending = ending;
    this.heedsMarks = !setup.experiment.transport().control().signals().isEmpty();
  }

  /** What tells this run from others in a comparison: its load balancing, or its transport. */
  public String name() {
    return name;
  }

  /**
   * When the last byte had arrived.
   *
   * @throws IllegalStateException if not all have: see {@link #unfinished}
   */
  public Time completion() {
    if (ending.isEarly()) {
      throw new IllegalStateException(
          "a run is complete when all has arrived, but %s: see unfinished() and diagnosis()"
              .formatted(ending.count()));
    }
    return new Time(completionPs);
  }

  /**
   * What holds messages up that have not arrived, and a line for each of them with the reason;
   * empty if all have. Only {@link Experiment#attempt} and comparisons come to such runs.
   */
  public List<String> unfinished() {
    return ending.why();
  }

  Ending ending() {
    return ending;
  }

  /** {@link #completion} in us, NaN if there is none. */
  double completionUs() {
    return ending.isEarly() ? Double.NaN : completionPs / 1e6;
  }

  /**
   * Bus bandwidth of a collective in GB/s, as nccl-tests defines it; NaN for other traffic.
   *
   * @see weft.collective.Collective#busBandwidthFactor
   */
  public double busBandwidth() {
    return busBytes == 0 || ending.isEarly() ? Double.NaN : busBytes * 1e3 / completionPs;
  }

  /**
   * Payload of all messages in Gb/s, from the first start to the last arrival: neither headers nor
   * what was sent again counts. NaN if not all have arrived.
   */
  public double goodput() {
    if (ending.isEarly()) {
      return Double.NaN;
    }
    return 8.0 * payload / (completionPs / 1e3 - 1e3 * flows.doubleColumn("start (us)").min());
  }

  /** Whether senders slow down when they are told of marks. */
  boolean heedsMarks() {
    return heedsMarks;
  }

  boolean isCollective() {
    return busBytes != 0;
  }

  /**
   * A row a message: who, how much, when posted, received and acknowledged, at which rate. Of a
   * ring on flows with more than a million messages those of the rounds that were simulated.
   */
  public Table flows() {
    return flows.copy();
  }

  /** What the ports did. */
  public NetworkLoad networkLoad() {
    return load;
  }

  /**
   * What the ports did for each traffic class, a row a class: packets and bytes sent over all
   * links, marks, pauses, drops, and where it was most, how long it was paused and waited.
   *
   * @throws IllegalStateException if there was one class, or no packets
   */
  public Table classes() {
    return ClassTable.of(load, scheduling);
  }

  /**
   * The packets that passed the experiment's taps: {@code run.capture().save("incast.pcapng")}.
   *
   * @throws IllegalStateException if it had none
   */
  public Capture capture() {
    if (capture.points().isEmpty()) {
      throw new IllegalStateException(
          "this run captured nothing, because its experiment had no tap: add .capturing(Tap.gpu(0)) before run()");
    }
    return capture;
  }

  /**
   * The ports over time: {@code run.telemetry().queueDepth()}.
   *
   * @throws IllegalStateException if the experiment was not sampling
   */
  public Telemetry telemetry() {
    if (telemetry == null) {
      throw new IllegalStateException(
          "this run has counters but no samples, because its experiment took none: add .sampling(us(10)) before run()");
    }
    return telemetry;
  }

  /** The deepest queue over time, where the experiment was sampling. */
  Optional<DeepestQueue> deepestQueue() {
    return Optional.ofNullable(telemetry).map(Telemetry::deepest);
  }

  /** The headers of what was dropped, trimmed or destroyed by cables. */
  public Drops drops() {
    return drops;
  }

  /** What went wrong in the network, and at which device. */
  public Diagnosis diagnosis() {
    return Examination.of(load, drops, ending, faults);
  }

  /**
   * What broke and what the network made of it until the run was over: a row for each moment and
   * fault.
   */
  public Table faults() {
    return faults.table(load.elapsedPs());
  }

  /** The faults asked for, in a line; empty if there were none. */
  String faultsBriefly() {
    return faults.isEmpty() ? "" : faults.toString();
  }

  /** The fabric, cables coloured by load. */
  public Picture picture() {
    return load.picture();
  }

  /** Received minus start of each message, us, in their order. */
  double[] flowTimes() {
    return flows.doubleColumn(4).subtract(flows.doubleColumn(3)).asDoubleArray();
  }

  /**
   * One row: completion, bus bandwidth or goodput, 99th percentile of message times, and what went
   * on.
   */
  @Override
  public Table table() {
    return Comparison.table("Run of " + workload, what, List.of(this));
  }

  double percentile99() {
    return ending.isEarly() ? Double.NaN : new Percentile(99).evaluate(flowTimes());
  }

  /**
   * Share of the completion time that the busiest port outside the servers was sending. What comes
   * after, acknowledgements that were lost and timers that ran out for them, is not waited for.
   */
  double busiestPort() {
    long busiest =
        load.ports().stream()
            .filter(p -> !load.fabric().isScaleUp(load.fabric().links().get(p.link())))
            .mapToLong(PortCounters::busyPs)
            .max()
            .orElse(0);
    long time = ending.isEarly() ? load.elapsedPs() : completionPs;
    return Math.min(1, (double) busiest / time);
  }

  /** How many messages took at most how long. */
  @Override
  public XYChart chart() {
    return Comparison.chart(workload, List.of(this));
  }

  /** This run's line in such a chart: up by one message's share at the time of each. */
  void addTo(XYChart chart) {
    double[] times = Arrays.stream(flowTimes()).filter(t -> !Double.isNaN(t)).sorted().toArray();
    if (times.length == 0) {
      return; // nothing has arrived
    }
    int all = flows.rowCount();
    double[] time = new double[2 * times.length];
    double[] share = new double[2 * times.length];
    for (int i = 0; i < times.length; i++) {
      time[2 * i] = times[i];
      share[2 * i] = 100.0 * i / all;
      time[2 * i + 1] = times[i];
      share[2 * i + 1] = 100.0 * (i + 1) / all;
    }
    Charts.line(chart, name, time, share);
  }

  String workload() {
    return workload;
  }

  @Override
  public Provenance provenance() {
    return provenance;
  }

  @Override
  public String summary() {
    return "%s with %s%s: %s%s"
        .formatted(
            workload,
            name,
            faults.isEmpty() ? "" : ", during " + faults,
            ending.isEarly() ? ending.count() : completion(),
            busBytes == 0 || ending.isEarly()
                ? ""
                : ", bus bandwidth %.1f GB/s".formatted(busBandwidth()));
  }

  @Override
  public String toString() {
    return summary();
  }
}
