package weft.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.nn.compute.DoubleTargets;
import weft.nn.compute.FloatTargets;
import weft.report.Picture;
import weft.report.Tabular;
import weft.units.Check;

/**
 * Samples with a class each: an immutable value. Features are kept in single precision and are
 * always finite numbers. Load one with {@link Datasets}.
 */
public final class Dataset implements Tabular {
  private final String name;
  private final String description;
  private final List<String> featureNames;
  private final List<String> classNames;
  private final float[] values;
  private final int[] labels;
  private final int positions;

  /** Takes over the arrays. */
  Dataset(
      String name,
      String description,
      List<String> featureNames,
      List<String> classNames,
      float[] values,
      int[] labels) {
    this(name, description, featureNames, classNames, values, labels, 1);
  }

  /**
   * Likewise of sequences.
   *
   * @param labels the classes of a row's positions, row by row
   * @param positions of a row
   */
  Dataset(
      String name,
      String description,
      List<String> featureNames,
      List<String> classNames,
      float[] values,
      int[] labels,
      int positions) {
    if (labels.length == 0) {
      throw new IllegalArgumentException("the data set " + name + " has no rows: check its source");
    }
    this.name = name;
    this.description = description;
    this.featureNames = List.copyOf(featureNames);
    this.classNames = List.copyOf(classNames);
    this.values = values;
    this.labels = labels;
    this.positions = positions;
  }

  /** A short name, for messages and provenance. */
  public String name() {
    return name;
  }

  /** Where the rows come from and what was done to them. */
  public String description() {
    return description;
  }

  /** How many rows. */
  public int size() {
    return labels.length / positions;
  }

  /** How many numbers a row has. */
  public int features() {
    return featureNames.size();
  }

  /** How many classes there are, whether or not every one occurs. */
  public int classes() {
    return classNames.size();
  }

  /** The names of the features, in order. */
  public List<String> featureNames() {
    return featureNames;
  }

  /** The names of the classes, by class index. */
  public List<String> classNames() {
    return classNames;
  }

  /** How many classes a row has: 1, or in a data set of sequences one a step. */
  public int positions() {
    return positions;
  }

  /**
   * The class of a row, from 0.
   *
   * @throws IllegalStateException if rows are sequences, which have a class a position
   */
  public int label(int row) {
    if (positions > 1) {
      throw new IllegalStateException(
          "each of the %d positions of a row of %s has a class: ask for label(row, position)"
              .formatted(positions, name));
    }
    return labels[known(row)];
  }

  /** The class of a position of a row, both from 0. */
  public int label(int row, int position) {
    return labels[known(row) * positions + Check.index("position", position, positions)];
  }

  /** A copy of a row's features, as {@link Network#forward} takes them. */
  public double[] inputs(int row) {
    known(row);
    double[] copy = new double[features()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = values[row * features() + i];
    }
    return copy;
  }

  private int known(int row) {
    return row >= 0 && row < size() ? row : Check.index("row", row, size());
  }

  /** All features as a matrix: a row per sample, a column per feature. */
  public RealMatrix matrix() {
    RealMatrix matrix = MatrixUtils.createRealMatrix(size(), features());
    for (int row = 0; row < size(); row++) {
      matrix.setRow(row, inputs(row));
    }
    return matrix;
  }

  /** The rows with these numbers, in this order. */
  public Dataset rows(int... numbers) {
    if (Check.notNull("row numbers", numbers, "write for example rows(0, 1, 2)").length == 0) {
      throw new IllegalArgumentException(
          "rows(...) takes at least one row number, but was given none: write for example rows(0)");
    }
    float[] chosen = new float[numbers.length * features()];
    int[] classes = new int[numbers.length * positions];
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < 0 || numbers[i] >= size()) {
        throw new IllegalArgumentException(
            "the data set %s has rows 0 to %d, got row %d: name one of those"
                .formatted(name, size() - 1, numbers[i]));
      }
      System.arraycopy(values, numbers[i] * features(), chosen, i * features(), features());
      System.arraycopy(labels, numbers[i] * positions, classes, i * positions, positions);
    }
    String what = "%s %d of its %d rows.".formatted(description, numbers.length, size());
    return new Dataset(name, what, featureNames, classNames, chosen, classes, positions);
  }

  /**
   * Sets every {@code n}-th row aside for testing, the last of each group of n: no draw, so that
   * everyone gets the same rows.
   *
   * @param n at least 2 and at most the number of rows
   */
  public Split holdOutEvery(int n) {
    if (n < 2 || n > size()) {
      throw new IllegalArgumentException(
          "holdOutEvery(n) needs n from 2 to the %d rows of %s, got %d: 5 keeps a fifth"
              .formatted(size(), name, n));
    }
    int[] train = IntStream.range(0, size()).filter(i -> i % n != n - 1).toArray();
    int[] test = IntStream.range(0, size()).filter(i -> i % n == n - 1).toArray();
    return new Split(rows(train).named(name + " train"), rows(test).named(name + " test"));
  }

  /** Every feature shifted and scaled to mean 0 and standard deviation 1 over these rows. */
  public Dataset standardized() {
    return Scaling.of(this).apply(this);
  }

  Dataset named(String other) {
    return new Dataset(other, description, featureNames, classNames, values, labels, positions);
  }

  float value(int row, int feature) {
    return values[row * features() + feature];
  }

  /** The same rows with other feature values. */
  Dataset withValues(float[] others, String note) {
    return new Dataset(
        name, description + note, featureNames, classNames, others, labels, positions);
  }

  /** Writes a row's features to {@code to} from {@code at} on. */
  void load(int row, float[] to, int at) {
    System.arraycopy(values, row * features(), to, at, features());
  }

  /** Likewise in double precision. */
  void load(int row, double[] to, int at) {
    for (int i = 0; i < features(); i++) {
      to[at + i] = values[row * features() + i];
    }
  }

  /** Writes what a row should give to the positions from {@code position} on. */
  void loadTarget(int row, FloatTargets to, int position) {
    for (int p = 0; p < positions; p++) {
      to.label(position + p, labels[row * positions + p]);
    }
  }

  /** Likewise in double precision. */
  void loadTarget(int row, DoubleTargets to, int position) {
    for (int p = 0; p < positions; p++) {
      to.label(position + p, labels[row * positions + p]);
    }
  }

  /**
   * These rows as images, for data sets whose rows are square images.
   *
   * @throws IllegalArgumentException if they are not, or a row does not exist
   */
  public Picture picture(int... rows) {
    return DatasetPicture.of(this, rows);
  }

  /** A row per sample: every feature under its name, and the class. */
  @Override
  public Table table() {
    var table = Table.create(name);
    for (int f = 0; f < features(); f++) {
      double[] column = new double[size()];
      for (int row = 0; row < size(); row++) {
        column[row] = Double.parseDouble(Float.toString(value(row, f)));
      }
      table.addColumns(DoubleColumn.create(featureNames.get(f), column));
    }
    return table.addColumns(
        StringColumn.create(
            "class", IntStream.range(0, size()).mapToObj(this::classesOf).toList()));
  }

  /** The name of a row's class, or of a sequence's classes one after the other. */
  private String classesOf(int row) {
    return Arrays.stream(labels, row * positions, (row + 1) * positions)
        .mapToObj(classNames::get)
        .collect(Collectors.joining());
  }

  /** Name, rows, features and classes in a line. */
  @Override
  public String toString() {
    return "%s: %d rows, %d features, %d classes. %s"
        .formatted(name, size(), features(), classes(), description);
  }
}
