package weft.collective;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;
import org.knowm.xchart.XYChart;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.LongColumn;
import tech.tablesaw.api.Table;
import weft.report.Charts;
import weft.report.Numbers;
import weft.report.Plottable;
import weft.report.Tabular;
import weft.units.Check;
import weft.units.DataSize;
import weft.units.Time;
import weft.units.Units;

/**
 * What nccl-tests printed, such as {@code all_reduce_perf}: paste it into a text block. Each size
 * was measured twice, with the result in an array of its own and in place of the input.
 *
 * @param lines in their order, at least one
 */
public record NcclTests(List<Line> lines) implements Tabular, Plottable {
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final int MEASURED = 8; // last columns: time, algbw, busbw, #wrong, twice

  /**
   * One size; bandwidths in GB/s.
   *
   * @param size of the array, as nccl-tests counts it
   * @param time out of place
   * @param algorithmBandwidth size over time
   * @param busBandwidth times the factor of the collective
   * @param timeInPlace in place
   * @param busBandwidthInPlace in place
   */
  public record Line(
      DataSize size,
      Time time,
      double algorithmBandwidth,
      double busBandwidth,
      Time timeInPlace,
      double busBandwidthInPlace) {}

  /** Copies the list. */
  public NcclTests {
    lines = List.copyOf(Check.notNull("lines", lines, "use NcclTests.read(output)"));
    if (lines.isEmpty()) {
      throw new IllegalArgumentException(
          "an output of nccl-tests has a line a size that begins with the size in bytes, but there is none: paste the lines below \"out-of-place, in-place\"");
    }
  }

  /**
   * The lines with figures; all others are skipped.
   *
   * @param output as printed
   * @throws IllegalArgumentException if there is no line with figures, or one of them is cut off
   */
  public static NcclTests read(String output) {
    Check.notNull("an output", output, "paste what all_reduce_perf printed");
    var lines = new ArrayList<Line>();
    output
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && Character.isDigit(line.charAt(0)))
        .forEach(line -> lines.add(line(line)));
    return new NcclTests(lines);
  }

  /**
   * {@link #read(String)} of a file.
   *
   * @throws UncheckedIOException if the file cannot be read
   */
  public static NcclTests read(Path file) {
    Check.notNull("a file", file, "write for example Path.of(\"all_reduce.txt\")");
    try {
      return read(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the output of nccl-tests in %s cannot be read".formatted(file), e);
    }
  }

  private static Line line(String text) {
    String[] words = BLANKS.split(text, -1);
    int first = words.length - MEASURED;
    if (first < 2) {
      throw new IllegalArgumentException(
          "a line of nccl-tests ends with time, algbw, busbw and #wrong, twice, but one is \"%s\": paste whole lines"
              .formatted(text));
    }
    try {
      return new Line(
          new DataSize(Long.parseLong(words[0])),
          Units.us(Double.parseDouble(words[first])),
          Double.parseDouble(words[first + 1]),
          Double.parseDouble(words[first + 2]),
          Units.us(Double.parseDouble(words[first + 4])),
          Double.parseDouble(words[first + 6]));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "a line of nccl-tests has numbers for size, time, algbw and busbw, but one is \"%s\": paste it as printed"
              .formatted(text),
          e);
    }
  }

  /**
   * What nccl-tests prints as {@code Avg bus bandwidth}, GB/s: the mean over all sizes, in and out
   * of place. It is a figure of the sizes that were asked for more than of the network.
   */
  public double average() {
    return lines.stream()
        .mapToDouble(l -> (l.busBandwidth + l.busBandwidthInPlace) / 2)
        .average()
        .orElseThrow();
  }

  /** A row a size. */
  @Override
  public Table table() {
    return Table.create(
        "nccl-tests",
        LongColumn.create("size (B)", lines.stream().mapToLong(l -> l.size.bytes()).toArray()),
        doubles("time (us)", l -> l.time.micros()),
        doubles("algbw (GB/s)", Line::algorithmBandwidth),
        doubles("busbw (GB/s)", Line::busBandwidth),
        doubles("busbw in place (GB/s)", Line::busBandwidthInPlace));
  }

  private DoubleColumn doubles(String title, ToDoubleFunction<Line> value) {
    return Numbers.column(title, lines.stream().mapToDouble(value).toArray());
  }

  /** Bus bandwidth over size, and its average. */
  @Override
  public XYChart chart() {
    XYChart chart = Charts.lines("nccl-tests, bus bandwidth by size", "array size", "busbw (GB/s)");
    chart
        .getStyler()
        .setXAxisLogarithmic(true)
        .setXAxisTickLabelsFormattingFunction(size -> new DataSize(Math.round(size)).decimal());
    Charts.line(chart, "measured", sizes(), values(Line::busBandwidth));
    Charts.line(chart, "\"Avg bus bandwidth\"", sizes(), values(l -> average()));
    return chart;
  }

  /** {@link #chart()} with what NCCL's model expects, on the servers that were measured. */
  public XYChart chart(Nccl expected) {
    Check.notNull("an expectation", expected, "write Nccl.defaults().on(DGX_H100, 2)");
    XYChart chart = chart();
    Charts.line(
        chart, "NCCL expects", sizes(), values(l -> expected.estimate(l.size).busBandwidth()));
    return chart;
  }

  private double[] sizes() {
    return values(l -> l.size.bytes());
  }

  private double[] values(ToDoubleFunction<Line> value) {
    return lines.stream().mapToDouble(value).toArray();
  }

  @Override
  public String toString() {
    return "nccl-tests, %d sizes up to %s, average bus bandwidth %.1f GB/s"
        .formatted(lines.size(), lines.get(lines.size() - 1).size, average());
  }
}
