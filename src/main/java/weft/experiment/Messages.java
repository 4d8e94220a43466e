package weft.experiment;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.fabric.Fabric;
import weft.report.Numbers;

/** What became of each message of a run, in the order of sending. */
final class Messages {
  /** The number of a source or destination that is no GPU but a switch that adds. */
  static final int NO_GPU = -1;

  private final int[] source;
  private final int[] destination;
  private final int[] inClass; // place among the classes
  private final List<String> classes;
  private final Fabric fabric;
  private final long[] bytes;
  private final long[] posted; // ps
  private final long[] received;
  private final long[] acknowledged;
  private int count;
  private long completion;
  private long payload;
  private Map<String, String> facts = Map.of();

  /** Room for so many of a run. */
  Messages(int most, Setup setup) {
    this.classes = setup.experiment.scheduling.classes();
    this.fabric = setup.fabric;
    inClass = new int[most];
    source = new int[most];
    destination = new int[most];
    bytes = new long[most];
    posted = new long[most];
    received = new long[most];
    acknowledged = new long[most];
  }

  /**
   * The next message.
   *
   * @param receivedPs below 0 if it has not arrived
   * @param acknowledgedPs below 0 if its sender does not know
   */
  void add(
      int from,
      int to,
      int trafficClass,
      long size,
      long postedPs,
      long receivedPs,
      long acknowledgedPs) {
    source[count] = from;
    destination[count] = to;
    inClass[count] = trafficClass;
    bytes[count] = size;
    payload += size;
    posted[count] = postedPs;
    received[count] = receivedPs;
    acknowledged[count++] = acknowledgedPs;
    completion = Math.max(completion, receivedPs);
  }

  /**
   * Says that there are more, which are not listed.
   *
   * @param lastReceivedPs when the last of all arrives
   * @param all their payload, those listed included, bytes
   */
  void goesOn(long lastReceivedPs, long all, Map<String, String> told) {
    completion = lastReceivedPs;
    payload = all;
    facts = told;
  }

  /** Payload of all, bytes. */
  long payload() {
    return payload;
  }

  /** What the list does not tell of itself. */
  Map<String, String> facts() {
    return facts;
  }

  /** When the last byte had arrived, ps. */
  long completionPs() {
    return completion;
  }

  private int[] gpus(int[] ends) {
    return Arrays.stream(ends, 0, count)
        .map(end -> end < fabric.endpoints() ? end : NO_GPU)
        .toArray();
  }

  private StringColumn names(String column, int[] ends) {
    return StringColumn.create(
        column,
        Arrays.stream(ends, 0, count)
            .mapToObj(end -> fabric.nodes().get(Aggregation.nodeOf(fabric, end)).name()));
  }

  /** A row each, without the times of what has not come; where switches add, their names too. */
  Table table(String workload) {
    var table =
        Table.create(
            "Messages of " + workload,
            IntColumn.create("source", gpus(source)),
            IntColumn.create("destination", gpus(destination)),
            LongColumn.create("size (B)", bytes),
            Numbers.empty("start (us)", count),
            Numbers.empty("received (us)", count),
            Numbers.empty("acknowledged (us)", count),
            Numbers.empty("rate (Gb/s)", count));
    for (int m = 0; m < count; m++) {
      table.doubleColumn(3).set(m, posted[m] / 1e6);
      if (received[m] >= 0) {
        table.doubleColumn(4).set(m, received[m] / 1e6);
        table.doubleColumn(6).set(m, bytes[m] * 8e3 / (received[m] - posted[m]));
      }
      if (acknowledged[m] >= 0) {
        table.doubleColumn(5).set(m, acknowledged[m] / 1e6);
      }
    }
    if (IntStream.concat(Arrays.stream(source), Arrays.stream(destination))
        .anyMatch(end -> end >= fabric.endpoints())) {
      table.addColumns(names("from", source), names("to", destination));
    }
    if (classes.size() > 1) {
      table.addColumns(StringColumn.create("class", Arrays.stream(inClass).mapToObj(classes::get)));
    }
    return table;
  }
}
