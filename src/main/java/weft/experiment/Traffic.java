package weft.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.RandomDataGenerator;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.NumericColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.fabric.Fabric;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Tabular;
import weft.sim.RandomStreams;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;
import weft.units.Units;

/**
 * A list of flows.
 *
 * @param name what tables call it
 * @param flows at least one
 */
public record Traffic(String name, List<Flow> flows) implements Tabular {
  private static final int MOST_GPUS = 1 << 20;

  /**
   * @throws IllegalArgumentException if there is no flow
   */
  public Traffic {
    Check.notNull("traffic's name", name, "write for example \"flows\"");
    Check.notNull("flows", flows, "write Traffic.of(new Flow(0, 1, mb(1), Time.ZERO))")
        .forEach(
            flow -> Check.notNull("each flow", flow, "write new Flow(0, 1, mb(1), Time.ZERO)"));
    flows = List.copyOf(flows);
    if (flows.isEmpty()) {
      throw new IllegalArgumentException(
          "traffic has at least one flow, but none was given: write Traffic.of(new Flow(0, 1, mb(1), Time.ZERO))");
    }
  }

  /** The flows given. */
  public static Traffic of(Flow... flows) {
    Check.noneNull("flows", flows, "write new Flow(0, 1, mb(1), Time.ZERO)");
    return new Traffic("flows", List.of(flows));
  }

  /**
   * Every GPU writes to one other and is written to by one other, drawn at random, all at once.
   *
   * @param gpus how many GPUs take part, at least 2
   */
  public static Traffic permutation(int gpus, DataSize size, long seed) {
    Check.atLeast(2, "the gpus of a permutation", gpus, "write for example fabric.gpus()");
    if (gpus > MOST_GPUS) {
      throw new IllegalArgumentException(
          "a fabric joins at most %,d GPUs, but a permutation of %,d was asked for: write for example fabric.gpus()"
              .formatted(MOST_GPUS, gpus));
    }
    Check.notNull("a permutation's size", size, "write for example mb(1)");
    int[] order =
        new RandomDataGenerator(new RandomStreams(seed).named("permutation"))
            .nextPermutation(gpus, gpus);
    var flows = new ArrayList<Flow>();
    for (int i = 0; i < gpus; i++) { // one cycle through all, so nobody writes to itself
      flows.add(new Flow(order[i], order[(i + 1) % gpus], size, Time.ZERO));
    }
    return new Traffic("permutation of " + gpus + " x " + size, flows);
  }

  /**
   * GPUs of other servers write to GPU 0 all at once, over the network and not over NVLink: the
   * first so many after GPU 0's own server.
   *
   * @throws IllegalArgumentException if the other servers have fewer GPUs
   */
  public static Traffic incast(Fabric fabric, int senders, DataSize size) {
    Check.notNull("an incast's fabric", fabric, "build one by Fabric.leafSpine()");
    Check.notNull("an incast's size", size, "write for example mib(4)");
    int[] others =
        IntStream.range(1, fabric.gpus()).filter(gpu -> !fabric.shareServer(0, gpu)).toArray();
    if (senders < 1 || others.length < senders) {
      throw new IllegalArgumentException(
          "an incast into GPU 0 has 1 to %d senders, as many as other servers have GPUs, but senders was %d: give a number in that range, or add servers"
              .formatted(others.length, senders));
    }
    List<Flow> flows =
        Arrays.stream(others)
            .limit(senders)
            .mapToObj(gpu -> new Flow(gpu, 0, size, Time.ZERO))
            .toList();
    return new Traffic("incast of " + senders + " x " + size, flows);
  }

  /**
   * With other flows beside these, after them in tables.
   *
   * <pre>{@code
   * Traffic.incast(fabric, 8, mb(4)).and(new Flow(9, 10, mb(4), us(0)))
   * }</pre>
   */
  public Traffic and(Flow... others) {
    Check.noneNull("other flows", others, "write new Flow(0, 1, mb(1), Time.ZERO)");
    if (others.length == 0) {
      return this;
    }
    var all = new ArrayList<>(flows);
    all.addAll(List.of(others));
    return new Traffic(
        "%s and %d flow%s".formatted(name, others.length, others.length == 1 ? "" : "s"), all);
  }

  /**
   * Flows from a table with the columns {@code source}, {@code destination} (GPUs), {@code size
   * (B)} and, if there are, {@code start (us)} and {@code class}, as {@link #table()} writes it.
   */
  public static Traffic from(Table table) {
    Check.notNull("a table of flows", table, "write it as Traffic.table() does");
    for (String column : List.of("source", "destination", "size (B)")) {
      if (!table.containsColumn(column)) {
        throw new IllegalArgumentException(
            "flows need the columns source, destination and size (B), but the table has %s: rename or add columns"
                .formatted(table.columnNames()));
      }
    }
    boolean starts = table.containsColumn("start (us)");
    var flows = new ArrayList<Flow>();
    for (int row = 0; row < table.rowCount(); row++) {
      try {
        var flow =
            new Flow(
                (int) whole(table, "source", row, Integer.MAX_VALUE),
                (int) whole(table, "destination", row, Integer.MAX_VALUE),
                new DataSize(whole(table, "size (B)", row, 1L << 53)),
                starts ? Units.us(number(table, "start (us)", row)) : Time.ZERO);
        boolean classed = table.containsColumn("class") && !table.column("class").isMissing(row);
        flows.add(classed ? flow.inClass(table.column("class").getString(row)) : flow);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("flows, row %d: %s".formatted(row, e.getMessage()), e);
      }
    }
    return new Traffic(table.name(), flows);
  }

  private static long whole(Table table, String column, int row, long most) {
    double value = number(table, column, row);
    if (value < 0 || value > most || value != Math.rint(value)) {
      throw new IllegalArgumentException(
          "column %s holds whole numbers from 0, but has %s: correct it"
              .formatted(column, Digits.of(value)));
    }
    return (long) value;
  }

  private static double number(Table table, String column, int row) {
    if (table.column(column) instanceof NumericColumn<?> numbers && !numbers.isMissing(row)) {
      return numbers.getDouble(row);
    }
    throw new IllegalArgumentException(
        "column %s has %s in place of a number: correct it or leave the row out"
            .formatted(
                column,
                table.column(column).isMissing(row)
                    ? "nothing"
                    : table.get(row, table.columnIndex(column))));
  }

  /**
   * Again and again, beside something else: {@code job.sharing(traffic.every(us(200)))}.
   *
   * @param interval from one start to the next, above 0; what has not arrived by then is waited for
   */
  public Background every(Time interval) {
    return new Repeated(this, interval);
  }

  /** All flows in a traffic class of {@link Experiment#scheduling}. */
  public Traffic inClass(String trafficClass) {
    return new Traffic(name, flows.stream().map(flow -> flow.inClass(trafficClass)).toList());
  }

  /** Together with other traffic, its flows after these. */
  public Traffic and(Traffic other) {
    Check.notNull("other traffic", other, "write traffic.and(Traffic.permutation(16, mb(1), 1))");
    var all = new ArrayList<>(flows);
    all.addAll(other.flows);
    return new Traffic(name + " and " + other.name, all);
  }

  /** A row a flow. */
  @Override
  public Table table() {
    Table table =
        Table.create(
            name,
            IntColumn.create("source", flows.stream().mapToInt(Flow::source).toArray()),
            IntColumn.create("destination", flows.stream().mapToInt(Flow::destination).toArray()),
            LongColumn.create(
                "size (B)", flows.stream().mapToLong(f -> f.size().bytes()).toArray()),
            Numbers.column(
                "start (us)", flows.stream().mapToDouble(f -> f.start().micros()).toArray()));
    if (flows.stream().anyMatch(f -> f.trafficClass().isPresent())) {
      table.addColumns(
          StringColumn.create("class", flows.stream().map(f -> f.trafficClass().orElse(""))));
    }
    return table;
  }

  @Override
  public String toString() {
    return name;
  }
}
