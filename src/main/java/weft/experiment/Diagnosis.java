package weft.experiment;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Tabular;

/**
 * What went wrong in a run's network and which device is to blame, by what an engineer can see: the
 * counters of ports and queue pairs, the headers of dropped packets, and what the network was meant
 * to do. It is not told of any {@link Misconfiguration}.
 *
 * <p>What it knows of:
 *
 * <ul>
 *   <li><b>PFC off</b>: a switch drops without having paused anybody, or goes on sending when its
 *       neighbour pauses it;
 *   <li><b>pauses ignored</b>: a NIC goes on sending when its switch pauses it;
 *   <li><b>pause storm</b>: a NIC keeps its switch paused for most of the time, because it is
 *       broken or its host takes data in slowly;
 *   <li><b>headroom too small</b>: a switch drops what still comes in from neighbours that stopped
 *       when it paused them;
 *   <li><b>queue too short</b>: a switch that pauses drops all the same, because one of its queues
 *       has a longest of its own;
 *   <li><b>ECN marks too late</b>: a switch's queue went beyond the Kmax of the network's profile,
 *       and nothing was marked;
 *   <li><b>ECN threshold above the PFC threshold</b>: switches pause and mark nothing, because an
 *       input is paused before a queue reaches Kmin;
 *   <li><b>priority mismatch</b>: what is dropped in a lossless network is data of NICs that send
 *       it in another priority;
 *   <li><b>bit errors</b>: a cable loses packets;
 *   <li><b>deadlock</b>: switches in a circle wait for each other;
 *   <li><b>link down</b>: a port sends and has no link;
 *   <li><b>timeout too short</b>: senders repeat what was not lost.
 * </ul>
 *
 * @param findings the gravest first; none for a healthy network, which may drop packets if it is
 *     meant to
 */
public record Diagnosis(List<Finding> findings) implements Tabular {
  /** Copies the list. */
  public Diagnosis {
    findings = List.copyOf(findings);
  }

  /** A row a finding. */
  @Override
  public Table table() {
    return Table.create(
        findings.isEmpty() ? "Nothing went wrong" : "What went wrong",
        column("finding", Finding::what),
        column("device", Finding::device),
        column("evidence", Finding::evidence),
        column("remedy", Finding::remedy));
  }

  private StringColumn column(String name, Function<Finding, String> value) {
    return StringColumn.create(name, findings.stream().map(value));
  }

  /** A line a finding. */
  @Override
  public String toString() {
    return findings.isEmpty()
        ? "nothing went wrong"
        : findings.stream().map(Finding::toString).collect(Collectors.joining("\n"));
  }
}
