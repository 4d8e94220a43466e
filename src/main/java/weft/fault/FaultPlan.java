package weft.fault;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.fabric.Fabric;
import weft.fault.Fault.Effect;
import weft.fault.FaultStep.State;
import weft.fault.Timeline.Interval;
import weft.report.Numbers;
import weft.units.Check;

/**
 * Faults of one fabric, and what the network makes of them, as steps in time.
 *
 * <p>Each port's node notices by itself; routes lead around a link once the first of its ends has
 * noticed that it is down, and over it once both have noticed that it is back.
 */
public final class FaultPlan {
  private final List<Fault> faults;
  private final Failover failover;
  private final List<FaultStep> steps = new ArrayList<>();
  private final Map<Effect, Map<Integer, Timeline>> timelines = new EnumMap<>(Effect.class);

  private FaultPlan(Fabric fabric, List<Fault> faults, Failover failover) {
    this.faults = faults;
    this.failover = failover;
    for (Fault fault : faults) {
      for (int port : fault.ports(fabric)) {
        fault.intervals().forEach(timeline(fault.effect(), port)::add);
      }
    }
    timelines.values().stream()
        .flatMap(ports -> ports.keySet().stream())
        .map(port -> port / 2)
        .distinct()
        .sorted()
        .toList()
        .forEach(this::plan);
    steps.sort(
        Comparator.comparingLong(FaultStep::timePs)
            .thenComparing(FaultStep::state)
            .thenComparingInt(FaultStep::port));
  }

  /**
   * A plan.
   *
   * @throws IllegalArgumentException if a fault names what the fabric does not have, or its times
   *     do not fit
   */
  public static FaultPlan of(Fabric fabric, List<Fault> faults, Failover failover) {
    Check.notNull("a fabric", fabric, "write Fabric.leafSpine().servers(8, DGX_H100).build()");
    Check.notNull("faults", faults, "write List.of(Fault.linkDown(0))");
    faults.forEach(f -> Check.notNull("each fault", f, "write Fault.linkDown(0)"));
    Check.notNull("a failover", failover, "write Failover.DEFAULT");
    return new FaultPlan(fabric, List.copyOf(faults), failover);
  }

  private Timeline timeline(Effect effect, int port) {
    return timelines
        .computeIfAbsent(effect, e -> new TreeMap<>())
        .computeIfAbsent(port, p -> new Timeline());
  }

  private void plan(int link) {
    var avoided = new Timeline();
    for (int port = 2 * link; port < 2 * link + 2; port++) {
      Timeline cut = timeline(Effect.CUT, port);
      var dead = new Timeline();
      dead.addAll(cut);
      dead.addAll(timeline(Effect.SILENCE, port));
      add(State.DEAD, port, dead);
      Timeline noticed = cut.held(failover.hold().ps()).unheard(timeline(Effect.DEAFNESS, port));
      add(State.NOTICED, port, noticed);
      avoided.addAll(noticed.delayed(failover.reroute().ps()));
      add(State.BIT_ERRORS, port, timeline(Effect.BIT_ERRORS, port));
      add(State.SLOWNESS, port, timeline(Effect.SLOWNESS, port));
      add(State.UNAWARE, port, timeline(Effect.DEAFNESS, port));
      add(State.PAUSES, port, timeline(Effect.PAUSES, port));
    }
    add(State.AVOIDED, 2 * link, avoided);
  }

  private void add(State state, int port, Timeline timeline) {
    List<Interval> intervals = timeline.merged();
    for (int i = 0; i < intervals.size(); i++) {
      Interval now = intervals.get(i);
      steps.add(new FaultStep(now.from(), state, port, now.value(), now.cause()));
      boolean goesOn = i + 1 < intervals.size() && intervals.get(i + 1).from() == now.to();
      if (now.to() != Timeline.FOREVER && !goesOn) {
        steps.add(new FaultStep(now.to(), state, port, 0, now.cause()));
      }
    }
  }

  /** What happens, in the order of time. */
  public List<FaultStep> steps() {
    return List.copyOf(steps);
  }

  /** Whether there are no faults. */
  public boolean isEmpty() {
    return faults.isEmpty();
  }

  /** What was asked for, for provenance. */
  public Map<String, String> facts() {
    var facts = new LinkedHashMap<String, String>();
    if (!faults.isEmpty()) {
      facts.put("faults", toString());
      facts.put("faults are", failover.toString());
    }
    return facts;
  }

  /**
   * A row for each moment at which something changed: when, which fault, what became of it, at how
   * many ports.
   *
   * @param untilPs later moments are left out
   */
  public Table table(long untilPs) {
    Table table =
        Table.create(
            "Faults",
            Numbers.column("time (us)"),
            StringColumn.create("fault"),
            StringColumn.create("what happened"),
            IntColumn.create("ports"));
    var ports = new LinkedHashMap<List<Object>, Integer>();
    for (FaultStep step : steps) {
      if (step.timePs() <= untilPs) {
        int count = step.state() == State.AVOIDED ? 2 : 1;
        ports.merge(List.of(step.timePs(), step.cause(), step.effect()), count, Integer::sum);
      }
    }
    ports.forEach(
        (row, count) -> {
          table.doubleColumn(0).append((long) row.get(0) / 1e6);
          table.stringColumn(1).append((String) row.get(1));
          table.stringColumn(2).append((String) row.get(2));
          table.intColumn(3).append(count);
        });
    return table;
  }

  @Override
  public String toString() {
    return faults.isEmpty()
        ? "no faults"
        : faults.stream().map(Fault::toString).collect(Collectors.joining("; "));
  }
}
