package weft.nn;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Numbers;
import weft.report.Picture;
import weft.report.Tabular;
import weft.units.Check;

/** How many rows of each class a network took for which: the confusion matrix. */
public final class Confusion implements Tabular {
  private final String name;
  private final List<String> classes;
  private final int[][] counts;

  Confusion(String name, List<String> classes, int[][] counts) {
    this.name = name;
    this.classes = classes;
    this.counts = counts;
  }

  /**
   * How many rows of one class were taken for another.
   *
   * @param truth the rows' class, from 0
   * @param prediction what they were taken for, from 0
   */
  public int count(int truth, int prediction) {
    Check.index("class", truth, classes.size());
    Check.index("class", prediction, classes.size());
    return counts[truth][prediction];
  }

  /** The names of the classes. */
  public List<String> classNames() {
    return classes;
  }

  /** A row for each class the rows have, a column for each they were taken for. */
  @Override
  public Table table() {
    var table = Table.create("Confusion matrix, " + name, StringColumn.create("class", classes));
    var titles = new HashSet<String>();
    for (int prediction = 0; prediction < classes.size(); prediction++) {
      int[] column = new int[classes.size()];
      for (int truth = 0; truth < column.length; truth++) {
        column[truth] = counts[truth][prediction];
      }
      String title = "as " + classes.get(prediction);
      boolean isNew =
          titles.add(title.strip().toLowerCase(Locale.ROOT)); // as tables tell them apart
      table.addColumns(
          IntColumn.create(isNew ? title : title + " (class " + prediction + ")", column));
    }
    return table;
  }

  /**
   * A row for each kind of mistake that was made, the most frequent first: how many rows, and what
   * share of their class.
   */
  public Table mistakes() {
    record Kind(int truth, int prediction) {}
    int n = classes.size();
    List<Kind> kinds =
        IntStream.range(0, n * n)
            .mapToObj(i -> new Kind(i / n, i % n))
            .filter(kind -> kind.truth != kind.prediction)
            .filter(kind -> counts[kind.truth][kind.prediction] > 0)
            .sorted(Comparator.comparingInt(kind -> -counts[kind.truth][kind.prediction]))
            .toList();
    var table =
        Table.create(
            "Mistakes, " + name,
            StringColumn.create("class", kinds.stream().map(k -> classes.get(k.truth)).toList()),
            StringColumn.create(
                "taken for", kinds.stream().map(k -> classes.get(k.prediction)).toList()));
    return table.addColumns(
        IntColumn.create(
            "rows", kinds.stream().mapToInt(k -> counts[k.truth][k.prediction]).toArray()),
        Numbers.column(
            "share of the class (%)",
            kinds.stream().mapToDouble(k -> share(k.truth, k.prediction)).toArray()));
  }

  private double share(int truth, int prediction) {
    return 100.0 * counts[truth][prediction] / Arrays.stream(counts[truth]).sum();
  }

  /**
   * The same as a heat map: a row for each class the rows have, a column for each they were taken
   * for, the darker the larger the share of its row.
   *
   * @throws IllegalStateException if there are more classes than can be drawn
   */
  public Picture picture() {
    return ConfusionPicture.of(name, classes, counts);
  }

  /** The table as text. */
  @Override
  public String toString() {
    return table().printAll();
  }
}
