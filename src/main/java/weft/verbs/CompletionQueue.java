package weft.verbs;

import java.util.ArrayList;
import java.util.List;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Numbers;
import weft.report.Tabular;

/** Where a device tells what came of work requests. It is as deep as it needs to be. */
public final class CompletionQueue implements Tabular {
  private final Device device;
  private final List<WorkCompletion> all = new ArrayList<>();
  private int polled;

  CompletionQueue(Device device) {
    this.device = device;
  }

  void add(WorkCompletion completion) {
    all.add(completion);
  }

  /** What has completed since the last time it was polled. */
  public List<WorkCompletion> poll() {
    List<WorkCompletion> news = List.copyOf(all.subList(polled, all.size()));
    polled = all.size();
    return news;
  }

  /** All that ever completed, a row each. */
  @Override
  public Table table() {
    var table =
        Table.create(
            "Completions of device " + device.name(),
            Numbers.column("time (us)"),
            LongColumn.create("request"),
            StringColumn.create("QP"),
            StringColumn.create("operation"),
            StringColumn.create("status"),
            IntColumn.create("code"),
            IntColumn.create("size (B)"),
            StringColumn.create("immediate"),
            StringColumn.create("reason"));
    for (WorkCompletion c : all) {
      table.doubleColumn(0).append(c.at().micros());
      table.longColumn(1).append(c.id());
      table.stringColumn(2).append("0x%06x".formatted(c.queuePair()));
      table.stringColumn(3).append(c.operation().toString());
      table.stringColumn(4).append(c.status().toString());
      table.intColumn(5).append(c.status().code());
      table.intColumn(6).append(c.bytes());
      table
          .stringColumn(7)
          .append(c.immediate().isPresent() ? "0x%08x".formatted(c.immediate().getAsInt()) : "");
      table.stringColumn(8).append(c.reason());
    }
    return table;
  }

  @Override
  public String toString() {
    return "completion queue of device %s, %d completions".formatted(device.name(), all.size());
  }
}
