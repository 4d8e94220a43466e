package weft.collective;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.style.Styler;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Charts;
import weft.report.Numbers;
import weft.report.Plottable;
import weft.report.Tabular;
import weft.units.Check;
import weft.units.DataSize;

/**
 * What collectives that do the same cost over sizes from 8 B to 1 GiB, and where one overtakes the
 * other.
 *
 * @param model of the network
 * @param collectives one or more
 */
public record Crossovers(AlphaBeta model, List<Collective> collectives)
    implements Tabular, Plottable {
  private static final long SMALLEST = 8;
  private static final long LARGEST = 1L << 30;
  private static final int GRAIN = SizedCollective.BYTES_PER_ELEMENT;
  private static final Pattern KIND = Pattern.compile(" (All[A-Z]\\w+|ReduceScatter)\\b");

  /** Copies the list. */
  public Crossovers {
    Check.notNull("a model", model, "write AlphaBeta.of(64, us(1), gbps(400))");
    collectives =
        List.copyOf(
            Check.notNull("collectives", collectives, "use AlphaBeta.compare(AllReduce.ring())"));
    if (collectives.isEmpty()) {
      throw new IllegalArgumentException(
          "a comparison needs something to compare: compare(AllReduce.ring(), AllReduce.tree())");
    }
  }

  /** Names without the kind of collective, which titles have: {@code ring}, {@code tree}. */
  private String name(int collective) {
    return KIND.matcher(collectives.get(collective).toString()).replaceFirst("");
  }

  private String kind() {
    Matcher found = KIND.matcher(collectives.get(0).toString());
    return found.find() ? found.group(1) : "collectives";
  }

  private double micros(int collective, long bytes) {
    return model.time(collectives.get(collective), new DataSize(bytes)).micros();
  }

  private int fastest(long bytes) {
    int best = 0;
    for (int c = 1; c < collectives.size(); c++) {
      best = micros(c, bytes) < micros(best, bytes) ? c : best;
    }
    return best;
  }

  private static LongStream sizes(int factor) {
    return LongStream.iterate(SMALLEST, s -> s <= LARGEST, s -> s * factor);
  }

  /** A row a size, times in us, and who is fastest. */
  @Override
  public Table table() {
    int factor = 8;
    Table table =
        Table.create(
            kind() + " by the alpha-beta model, " + model,
            LongColumn.create("size (B)", sizes(factor).toArray()));
    for (int c = 0; c < collectives.size(); c++) {
      int column = c;
      table.addColumns(
          Numbers.column(
              name(c) + " (us)", sizes(factor).mapToDouble(s -> micros(column, s)).toArray()));
    }
    return table.addColumns(
        StringColumn.create("fastest", sizes(factor).mapToObj(s -> name(fastest(s)))));
  }

  /** A row a collective for one size: rounds, bytes through the busiest port, time. */
  public Table at(DataSize size) {
    List<Cost> costs = collectives.stream().map(c -> c.cost(model.ranks(), size)).toList();
    return Table.create(
        "%s of %s by the alpha-beta model, %s".formatted(kind(), size, model),
        StringColumn.create("algorithm", IntStream.range(0, costs.size()).mapToObj(this::name)),
        Numbers.column("rounds", costs.stream().mapToDouble(Cost::rounds).toArray()),
        Numbers.column(
            "bytes of a port (MB)", costs.stream().mapToDouble(c -> c.bytes() / 1e6).toArray()),
        Numbers.column(
            "time (us)",
            costs.stream()
                .mapToDouble(c -> c.time(model.latency(), model.rate()).micros())
                .toArray()));
  }

  /** A row for each range of sizes in which another is fastest, to 4 bytes; the first of equals. */
  public Table fastest() {
    Table table =
        Table.create(
            "Fastest " + kind() + " by the alpha-beta model, " + model,
            StringColumn.create("from"),
            StringColumn.create("fastest"),
            Numbers.column("time there (us)"));
    add(table, SMALLEST);
    long[] all = sizes(2).toArray();
    for (int i = 1; i < all.length; i++) {
      addChanges(table, all[i - 1], all[i]);
    }
    return table;
  }

  private void addChanges(Table table, long low, long high) {
    if (fastest(low) == fastest(high)) {
      return;
    }
    if (high - low <= GRAIN) {
      add(table, high);
      return;
    }
    long middle = (low + high) / 2 / GRAIN * GRAIN;
    addChanges(table, low, middle);
    addChanges(table, middle, high);
  }

  private void add(Table table, long bytes) {
    int best = fastest(bytes);
    table.stringColumn(0).append(new DataSize(bytes).decimal());
    table.stringColumn(1).append(name(best));
    table.doubleColumn(2).append(micros(best, bytes));
  }

  /** Time over size, a line a collective, both axes logarithmic. */
  @Override
  public XYChart chart() {
    XYChart chart =
        Charts.lines(kind() + " by the alpha-beta model, " + model, "array size", "time (us)");
    chart
        .getStyler()
        .setXAxisLogarithmic(true)
        .setYAxisLogarithmic(true)
        .setXAxisTickLabelsFormattingFunction(size -> new DataSize(Math.round(size)).decimal())
        .setLegendPosition(Styler.LegendPosition.InsideNW) // curves rise: that corner is free
        .setLegendLayout(Styler.LegendLayout.Vertical);
    double[] sizes = sizes(2).asDoubleStream().toArray();
    for (int c = 0; c < collectives.size(); c++) {
      int line = c;
      Charts.line(chart, name(c), sizes, sizes(2).mapToDouble(s -> micros(line, s)).toArray());
    }
    return chart;
  }

  @Override
  public String toString() {
    return fastest().toString();
  }
}
