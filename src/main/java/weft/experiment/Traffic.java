package weft.experiment;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.random.RandomDataGenerator;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;
import weft.fabric.Fabric;
import weft.report.Tabular;
import weft.sim.RandomStreams;
import weft.units.DataSize;
import weft.units.Time;

/**
 * A list of flows.
 *
 * @param name what tables call it
 * @param flows at least one
 */
public record Traffic(String name, List<Flow> flows) implements Tabular {
  /**
   * @throws IllegalArgumentException if there is no flow
   */
  public Traffic {
    flows = List.copyOf(flows);
    if (flows.isEmpty()) {
      throw new IllegalArgumentException("traffic has at least one flow, but none was given");
    }
  }

  /** The flows given. */
  public static Traffic of(Flow... flows) {
    return new Traffic("flows", List.of(flows));
  }

  /**
   * Every GPU writes to one other and is written to by one other, drawn at random, all at once.
   *
   * @param gpus how many GPUs take part, at least 2
   */
  public static Traffic permutation(int gpus, DataSize size, long seed) {
    if (gpus < 2) {
      throw new IllegalArgumentException(
          "a permutation needs at least 2 GPUs, but gpus was " + gpus);
    }
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
    var flows = new ArrayList<Flow>();
    for (int gpu = 1; gpu < fabric.gpus() && flows.size() < senders; gpu++) {
      if (!fabric.shareServer(0, gpu)) {
        flows.add(new Flow(gpu, 0, size, Time.ZERO));
      }
    }
    if (senders < 1 || flows.size() < senders) {
      throw new IllegalArgumentException(
          "an incast into GPU 0 has 1 to %d senders on other servers, but senders was %d"
              .formatted(flows.size(), senders));
    }
    return new Traffic("incast of " + senders + " x " + size, flows);
  }

  /**
   * Flows from a table with the columns {@code source}, {@code destination} (GPUs), {@code size
   * (B)} and, if there is one, {@code start (us)}, as {@link #table()} writes it.
   */
  public static Traffic from(Table table) {
    for (String column : List.of("source", "destination", "size (B)")) {
      if (!table.containsColumn(column)) {
        throw new IllegalArgumentException(
            "flows need the columns source, destination and size (B), but the table has %s"
                .formatted(table.columnNames()));
      }
    }
    boolean starts = table.containsColumn("start (us)");
    var flows = new ArrayList<Flow>();
    for (int row = 0; row < table.rowCount(); row++) {
      double start = starts ? table.numberColumn("start (us)").getDouble(row) : 0;
      flows.add(
          new Flow(
              (int) table.numberColumn("source").getDouble(row),
              (int) table.numberColumn("destination").getDouble(row),
              new DataSize((long) table.numberColumn("size (B)").getDouble(row)),
              new Time(Math.round(start * 1e6))));
    }
    return new Traffic(table.name(), flows);
  }

  /** A row a flow. */
  @Override
  public Table table() {
    return Table.create(
        name,
        IntColumn.create("source", flows.stream().mapToInt(Flow::source).toArray()),
        IntColumn.create("destination", flows.stream().mapToInt(Flow::destination).toArray()),
        LongColumn.create("size (B)", flows.stream().mapToLong(f -> f.size().bytes()).toArray()),
        DoubleColumn.create(
            "start (us)", flows.stream().mapToDouble(f -> f.start().micros()).toArray()));
  }

  @Override
  public String toString() {
    return name;
  }
}
