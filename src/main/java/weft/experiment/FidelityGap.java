package weft.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.engine.packet.PortCounters;
import weft.report.Numbers;

/**
 * By how much the same experiment takes longer or shorter at another fidelity, and why: what the
 * closer look has seen that the other does not know.
 */
final class FidelityGap {
  private static final double SAME = 0.01;

  private final Run closest;

  private FidelityGap(Run closest) {
    this.closest = closest;
  }

  /** Adds two columns to a table of runs, the closest look first. */
  static void addTo(Table table, List<Run> runs) {
    var gap = new FidelityGap(runs.get(0));
    table.addColumns(
        Numbers.column(
            "against %s (%%)".formatted(runs.get(0).name()),
            runs.stream().mapToDouble(run -> Math.round(1000 * gap.of(run)) / 10.0).toArray()),
        StringColumn.create(
            "because", runs.stream().map(gap::because).collect(Collectors.toList())));
  }

  private double of(Run run) {
    return (double) run.completion().ps() / closest.completion().ps() - 1;
  }

  private String because(Run run) {
    if (run == closest) {
      return "";
    }
    double more = of(run);
    if (Math.abs(more) < SAME) {
      return "they agree";
    }
    boolean isAnalytic = run.name().equals(Fidelity.ANALYTIC.toString());
    if (more > 0) {
      return isAnalytic
          ? "a link is taken to be busy with all of a step, also where messages miss each other"
          : "links keep room for acknowledgements of full links the other way, also where these are not full";
    }
    return closest.networkLoad().packetHops() > 0
        ? String.join("; ", seen())
        : "messages of different steps are taken not to meet";
  }

  /** What held packets up. */
  private List<String> seen() {
    NetworkLoad load = closest.networkLoad();
    List<String> seen = new ArrayList<>();
    if (load.retransmissions() > 0) {
      seen.add("%,d packets were sent again".formatted(load.retransmissions()));
    }
    if (load.pauses() > 0) {
      seen.add("ports were paused %,d times".formatted(load.pauses()));
    }
    if (load.marks() > 0 && closest.heedsMarks()) {
      seen.add("senders slowed down, told by %,d ECN marks".formatted(load.marks()));
    }
    PortCounters deepest = load.ports().get(0);
    for (PortCounters port : load.ports()) {
      deepest = port.maxQueueBytes() > deepest.maxQueueBytes() ? port : deepest;
    }
    double rate = (double) load.fabric().links().get(deepest.link()).rate().bitsPerSecond();
    double us = deepest.maxQueueBytes() * 8e6 / rate;
    if (us >= 1) {
      seen.add("packets waited up to %.0f us in the queue of %s".formatted(us, deepest.name()));
    }
    return seen.isEmpty() ? List.of("senders waited for acknowledgements") : seen;
  }
}
