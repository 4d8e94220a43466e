package weft.experiment;

import java.util.List;
import java.util.stream.Collectors;
import weft.engine.packet.PacketEngine;

/**
 * How a run ended: with all messages there, or at rest before.
 *
 * @param missing messages that have not arrived
 * @param messages all that were to arrive
 * @param why what holds them up, and a line for each that was sent; empty if none is missing
 * @param circle the names of ports each of which waits for the next, and the last for the first
 */
record Ending(long missing, long messages, List<String> why, List<String> circle) {
  static final Ending ALL_ARRIVED = new Ending(0, 0, List.of(), List.of());

  private static final int LINES = 10;

  /**
   * How an engine ended that has nothing more to do.
   *
   * @param messages that were to arrive
   * @param arrived how many of them have
   */
  static Ending of(PacketEngine engine, long messages, long arrived) {
    List<String> why = messages == arrived ? List.of() : engine.stuck();
    return why.isEmpty()
        ? ALL_ARRIVED
        : new Ending(messages - arrived, messages, why, engine.deadlock());
  }

  boolean isEarly() {
    return missing > 0;
  }

  /** {@code 2 of 5 messages have not arrived}. */
  String count() {
    return "%,d of %,d messages %s not arrived"
        .formatted(missing, messages, missing == 1 ? "has" : "have");
  }

  /** What is stuck and why: several lines of it. */
  String inLines() {
    String more = why.size() > LINES ? "\nand %,d more".formatted(why.size() - LINES) : "";
    return count() + ":\n" + String.join("\n", why.subList(0, Math.min(LINES, why.size()))) + more;
  }

  /** The same in half a sentence: the first line, and how many more there are. */
  String briefly() {
    return why.get(0) + (why.size() == 1 ? "" : ", and %d more".formatted(why.size() - 1));
  }

  /** What a diagnosis says that these lines do not, each after a line break. */
  String findings(Diagnosis diagnosis) {
    return diagnosis.findings().stream()
        .filter(finding -> why.stream().noneMatch(line -> line.startsWith(finding.what())))
        .map(finding -> "\n" + finding)
        .collect(Collectors.joining());
  }
}
