package weft.parallel;

import java.util.List;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Numbers;

/** What schedules cost, side by side. */
final class ScheduleTable {
  private ScheduleTable() {}

  static Table of(List<PipelineSchedule> schedules, int stages, int microBatches) {
    var names = StringColumn.create("schedule");
    var bubbles = Numbers.column("bubble (% of work)");
    var kept = Numbers.column("micro-batches kept by stage 0");
    var sends = IntColumn.create("sends of a stage, each way");
    for (PipelineSchedule schedule : schedules) {
      names.append(schedule.toString());
      bubbles.append(100 * schedule.bubble(stages, microBatches));
      kept.append(schedule.held(0, stages, microBatches));
      sends.append(microBatches * schedule.chunks());
    }
    return Table.create(
        "%d stages, %d micro-batches".formatted(stages, microBatches), names, bubbles, kept, sends);
  }
}
