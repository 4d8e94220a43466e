package weft.experiment;

import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.engine.packet.ClassCounters;
import weft.report.Numbers;
import weft.transport.Scheduling;

/** What the ports of a run did for each of its traffic classes. */
final class ClassTable {
  private final List<ClassCounters> counters;
  private final Scheduling scheduling;

  private ClassTable(List<ClassCounters> counters, Scheduling scheduling) {
    this.counters = counters;
    this.scheduling = scheduling;
  }

  /** A row a class, in the order of the scheduling. */
  static Table of(NetworkLoad load, Scheduling scheduling) {
    if (load.classes().isEmpty()) {
      throw new IllegalStateException(
          "this run counted no classes, because all its traffic was in one or it ran without packets: see networkLoad(), or give two classes, for example scheduling(Scheduling.strict(\"training\", \"storage\")), at(packets())");
    }
    return new ClassTable(load.classes(), scheduling).table();
  }

  private Table table() {
    return Table.create(
        "Traffic classes, all ports together",
        StringColumn.create("class", scheduling.classes()),
        IntColumn.create("priority", classes().map(Scheduling::priority).toArray()),
        IntColumn.create("DSCP", classes().map(Scheduling::dscp).toArray()),
        LongColumn.create("packets sent", sums(ClassCounters::packets)),
        Numbers.column(
            "sent (MB)", classes().mapToDouble(c -> sum(c, ClassCounters::bytes) / 1e6).toArray()),
        LongColumn.create("ECN marks", sums(ClassCounters::marks)),
        LongColumn.create("pauses sent", sums(ClassCounters::pausesSent)),
        Numbers.column("longest paused (us)", most(ClassCounters::pausedPs, 1e6)),
        Numbers.column("longest queue (kB)", most(ClassCounters::maxQueueBytes, 1e3)),
        LongColumn.create("drops", sums(ClassCounters::drops)));
  }

  private IntStream classes() {
    return IntStream.range(0, scheduling.classes().size());
  }

  private long sum(int ofClass, ToLongFunction<ClassCounters> value) {
    return counters.stream().filter(c -> c.trafficClass() == ofClass).mapToLong(value).sum();
  }

  private long[] sums(ToLongFunction<ClassCounters> value) {
    return classes().mapToLong(c -> sum(c, value)).toArray();
  }

  /** Of the port where it was most. */
  private double[] most(ToLongFunction<ClassCounters> value, double unit) {
    return classes()
        .mapToDouble(
            ofClass ->
                counters.stream()
                        .filter(c -> c.trafficClass() == ofClass)
                        .mapToLong(value)
                        .max()
                        .orElse(0)
                    / unit)
        .toArray();
  }
}
