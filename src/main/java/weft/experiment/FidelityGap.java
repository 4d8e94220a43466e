package weft.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.engine.packet.PortCounters;
import weft.engine.packet.QueuePairCounters;
import weft.report.Numbers;

/**
 * By how much the same experiment takes longer or shorter at another fidelity, and why: what the
 * closer look has seen that the other does not know.
 */
final class FidelityGap {
  private static final double SAME = 0.01;

  /** The most that room for acknowledgements takes: their bytes for one of data. */
  private static final double ROOM = 0.025;

  private final List<Run> runs;
  private final Run closest;

  private FidelityGap(List<Run> runs) {
    this.runs = runs;
    this.closest = closest(runs);
  }

  /** In whatever order a reader named them. */
  private static Run closest(List<Run> runs) {
    for (Fidelity level : Fidelity.values()) {
      for (Run run : runs) {
        if (run.name().equals(level.toString())) {
          return run;
        }
      }
    }
    return runs.get(0);
  }

  /** Adds two columns to a table of runs. */
  static void addTo(Table table, List<Run> runs) {
    var gap = new FidelityGap(runs);
    table.addColumns(
        Numbers.column(
            "against %s (%%)".formatted(gap.closest.name()),
            runs.stream().mapToDouble(run -> Math.round(1000 * gap.of(run)) / 10.0).toArray()),
        StringColumn.create(
            "because", runs.stream().map(gap::because).collect(Collectors.toList())));
  }

  private double of(Run run) {
    return beside(run, closest);
  }

  private static double beside(Run run, Run other) {
    return (double) run.completion().ps() / other.completion().ps() - 1;
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
          : more > ROOM && deepest().maxQueueBytes() > 0
              ? "queues serve whoever came first, which is faster here than even shares"
              : "links keep room for acknowledgements of full links the other way, also where these are not full";
    }
    List<String> why = new ArrayList<>();
    if (isAnalytic && missesSteps(run)) {
      why.add("messages of different steps are taken not to meet");
    }
    if (closest.networkLoad().packetHops() > 0 && !flowsAgree()) {
      why.addAll(seen());
    }
    return String.join("; ", why.isEmpty() ? seen() : why);
  }

  /** Whether closed forms are faster than the same messages that share links at every moment. */
  private boolean missesSteps(Run analytic) {
    return flows().map(flows -> beside(analytic, flows) < -SAME).orElse(false);
  }

  /** Whether nothing that only packets know tells. */
  private boolean flowsAgree() {
    return flows().map(flows -> Math.abs(of(flows)) < SAME).orElse(false);
  }

  private Optional<Run> flows() {
    return runs.stream().filter(run -> run.name().equals(Fidelity.FLOWS.toString())).findFirst();
  }

  private PortCounters deepest() {
    return closest.networkLoad().ports().stream()
        .max(Comparator.comparingLong(PortCounters::maxQueueBytes))
        .orElseThrow();
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
    PortCounters deepest = deepest();
    double rate = (double) load.fabric().links().get(deepest.link()).rate().bitsPerSecond();
    double us = deepest.maxQueueBytes() * 8e6 / rate;
    if (us >= 1) {
      seen.add("packets waited up to %.0f us in the queue of %s".formatted(us, deepest.name()));
    }
    if (seen.isEmpty()) {
      seen.add(
          load.queuePairs().stream().anyMatch(QueuePairCounters::waited)
              ? "senders waited for acknowledgements"
              : "no single cause is known: nothing was lost, paused or marked, and no queue was long");
    }
    return seen;
  }
}
