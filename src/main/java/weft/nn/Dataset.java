package weft.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.nn.compute.DoubleTargets;
import weft.nn.compute.FloatTargets;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Picture;
import weft.report.Tabular;
import weft.units.Check;

/**
 * Samples with a class each, or with numbers to predict: an immutable value. Features and numbers
 * are kept in single precision and are always finite. Load one with {@link Datasets}, or give its
 * rows by {@link #of(double[][], int[])}.
 */
public final class Dataset implements Tabular {
  private static final String TRAIN = " train";
  private static final String TEST = " test";
  private static final String VALIDATION = " validation";

  private final String name;
  private final String description;
  private final List<String> featureNames;
  private final List<String> classNames;
  private final float[] values;
  private final int[] labels;
  private final int positions;
  private final List<String> targetNames;
  private final float[] targets;

  /** Made when first asked for, the same by whomever. */
  private @Nullable String fingerprint;

  /** Rows with a class each; takes over the arrays. */
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
    this(
        name,
        description,
        featureNames,
        classNames,
        values,
        labels,
        positions,
        List.of(),
        new float[0]);
  }

  /** Rows with numbers to predict; takes over the arrays. */
  static Dataset withTargets(
      String name,
      String description,
      List<String> featureNames,
      float[] values,
      List<String> targetNames,
      float[] targets) {
    return new Dataset(
        name, description, featureNames, List.of(), values, new int[0], 1, targetNames, targets);
  }

  private Dataset(
      String name,
      String description,
      List<String> featureNames,
      List<String> classNames,
      float[] values,
      int[] labels,
      int positions,
      List<String> targetNames,
      float[] targets) {
    if (labels.length == 0 && targets.length == 0) {
      throw new IllegalArgumentException("the data set " + name + " has no rows: check its source");
    }
    this.name = name;
    this.description = description;
    this.featureNames = List.copyOf(featureNames);
    this.classNames = List.copyOf(classNames);
    this.values = values;
    this.labels = labels;
    this.positions = positions;
    this.targetNames = List.copyOf(targetNames);
    this.targets = targets;
  }

  /**
   * Rows with a class each, written in a cell.
   *
   * @param inputs the numbers of each row
   * @param classes the class of each row, from 0
   * @throws IllegalArgumentException naming the row, if a value cannot be used
   */
  public static Dataset of(double[][] inputs, int[] classes) {
    return GivenRows.classified(inputs, classes);
  }

  /**
   * Rows with numbers to predict, written in a cell.
   *
   * @param inputs the numbers of each row
   * @param targets what each row should give, at least one number
   * @throws IllegalArgumentException naming the row, if a value cannot be used
   */
  public static Dataset of(double[][] inputs, double[][] targets) {
    return GivenRows.measured(inputs, targets);
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
    return hasClasses() ? labels.length / positions : targets.length / targetNames.size();
  }

  /** Whether rows have a class; otherwise they have numbers to predict. */
  public boolean hasClasses() {
    return !classNames.isEmpty();
  }

  /** How many numbers a row has. */
  public int features() {
    return featureNames.size();
  }

  /** How many classes there are, whether or not every one occurs; 0 if rows have numbers. */
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

  /** The names of the numbers to predict; empty if rows have classes. */
  public List<String> targetNames() {
    return targetNames;
  }

  /** How many classes a row has: 1, or in a data set of sequences one a step. */
  public int positions() {
    return positions;
  }

  /**
   * The class of a row, from 0.
   *
   * @throws IllegalStateException if rows have numbers to predict instead, or are sequences, which
   *     have a class a position
   */
  public int label(int row) {
    requireClasses();
    if (positions > 1) {
      throw new IllegalStateException(
          "each of the %d positions of a row of %s has a class: ask for label(row, position)"
              .formatted(positions, name));
    }
    return labels[known(row)];
  }

  /** The class of a position of a row, both from 0. */
  public int label(int row, int position) {
    requireClasses();
    return labels[known(row) * positions + Check.index("position", position, positions)];
  }

  private void requireClasses() {
    if (!hasClasses()) {
      throw new IllegalStateException(
          "the rows of %s have numbers to predict, no classes: read targets(row)".formatted(name));
    }
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

  /**
   * A copy of the numbers a row should give; of a class, 1 at its place and 0 elsewhere; of a
   * sequence, so for each position.
   */
  public double[] targets(int row) {
    known(row);
    double[] copy = new double[hasClasses() ? positions * classes() : targetNames.size()];
    if (hasClasses()) {
      for (int p = 0; p < positions; p++) {
        copy[p * classes() + labels[row * positions + p]] = 1;
      }
      return copy;
    }
    for (int i = 0; i < copy.length; i++) {
      copy[i] = targets[row * copy.length + i];
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
    int width = targetNames.size();
    int[] classes = new int[hasClasses() ? numbers.length * positions : 0];
    float[] expected = new float[numbers.length * width];
    for (int i = 0; i < numbers.length; i++) {
      if (numbers[i] < 0 || numbers[i] >= size()) {
        throw new IllegalArgumentException(
            "the data set %s has rows 0 to %d, got row %d: name one of those"
                .formatted(name, size() - 1, numbers[i]));
      }
      System.arraycopy(values, numbers[i] * features(), chosen, i * features(), features());
      if (hasClasses()) {
        System.arraycopy(labels, numbers[i] * positions, classes, i * positions, positions);
      } else {
        System.arraycopy(targets, numbers[i] * width, expected, i * width, width);
      }
    }
    String what =
        "%s %d of its %s.".formatted(description, numbers.length, Digits.counted(size(), "row"));
    return new Dataset(
        name, what, featureNames, classNames, chosen, classes, positions, targetNames, expected);
  }

  /**
   * Some steps of every row of a data set of sequences, with their classes.
   *
   * @param from first step
   * @param to one past the last
   * @throws IllegalArgumentException if rows do not have a class at every feature
   */
  public Dataset steps(int from, int to) {
    if (positions != features() || from < 0 || from >= to || to > positions) {
      throw new IllegalArgumentException(
          "steps(from, to) takes steps out of sequences that have a class at every one, at least 1, but %s has %s and %s a row, got steps(%d, %d): write for example Datasets.persuasion().sequences(64).steps(0, 32)"
              .formatted(
                  name,
                  Digits.counted(features(), "feature"),
                  Digits.counted(positions, "class"),
                  from,
                  to));
    }
    int count = to - from;
    float[] some = new float[size() * count];
    int[] classes = new int[some.length];
    for (int row = 0; row < size(); row++) {
      System.arraycopy(values, row * positions + from, some, row * count, count);
      System.arraycopy(labels, row * positions + from, classes, row * count, count);
    }
    String what = "%s Steps %d to %d.".formatted(description, from, to - 1);
    var features = featureNames.subList(from, to);
    return new Dataset(name, what, features, classNames, some, classes, count);
  }

  /**
   * Sets a share of the rows aside, drawn by chance, of each class as large a share as of the
   * whole; sequences without regard to their classes. Twice gives three parts: {@code outer =
   * data.holdOut(0.2, 1)} and {@code inner = outer.train().holdOut(0.25, 1)} leave 60, 20 and 20
   * per cent.
   *
   * @param share to set aside, above 0 and below 1
   * @param seed of the draw, the stream "hold out"
   * @throws IllegalArgumentException if either part would be empty
   */
  public Split holdOut(double share, long seed) {
    int[] held = HoldOut.rows(this, share, seed);
    int[] rest = IntStream.range(0, size()).filter(i -> Arrays.binarySearch(held, i) < 0).toArray();
    return split(rest, held);
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
          "holdOutEvery(n) needs n from 2 to the %s of %s, got %d: 5 keeps a fifth"
              .formatted(Digits.counted(size(), "row"), name, n));
    }
    int[] train = IntStream.range(0, size()).filter(i -> i % n != n - 1).toArray();
    int[] test = IntStream.range(0, size()).filter(i -> i % n == n - 1).toArray();
    return split(train, test);
  }

  /** Rows to train on are split into rows to train on and rows for validation. */
  private Split split(int[] rest, int[] held) {
    boolean again = name.endsWith(TRAIN);
    String whole = again ? name.substring(0, name.length() - TRAIN.length()) : name;
    return new Split(
        rows(rest).named(whole + TRAIN), rows(held).named(whole + (again ? VALIDATION : TEST)));
  }

  /** Every feature shifted and scaled to mean 0 and standard deviation 1 over these rows. */
  public Dataset standardized() {
    return Scaling.of(this).apply(this);
  }

  Dataset named(String other) {
    return withNames(other, description, values);
  }

  private Dataset withNames(String other, String what, float[] features) {
    return new Dataset(
        other, what, featureNames, classNames, features, labels, positions, targetNames, targets);
  }

  float value(int row, int feature) {
    return values[row * features() + feature];
  }

  /** The same rows with other feature values. */
  Dataset withValues(float[] others, String note) {
    return withNames(name, description + note, others);
  }

  /** Name, number of rows, and a checksum of every number and class. */
  String fingerprint() {
    String made = fingerprint;
    if (made == null) {
      made =
          "%s, %d rows, sha256 %s"
              .formatted(name, size(), Hash.of(values, labels, targets).substring(0, 32));
      fingerprint = made;
    }
    return made;
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
    if (labels.length > 0) {
      for (int p = 0; p < positions; p++) {
        to.label(position + p, labels[row * positions + p]);
      }
      return;
    }
    int width = targetNames.size();
    for (int i = 0; i < width; i++) {
      to.value(position, i, targets[row * width + i]);
    }
  }

  /** Likewise in double precision. */
  void loadTarget(int row, DoubleTargets to, int position) {
    if (labels.length > 0) {
      for (int p = 0; p < positions; p++) {
        to.label(position + p, labels[row * positions + p]);
      }
      return;
    }
    int width = targetNames.size();
    for (int i = 0; i < width; i++) {
      to.value(position, i, targets[row * width + i]);
    }
  }

  /** A number to predict. */
  float target(int row, int index) {
    return targets[row * targetNames.size() + index];
  }

  /**
   * These rows as images, for data sets whose rows are square images.
   *
   * @throws IllegalArgumentException if they are not, or a row does not exist
   */
  public Picture picture(int... rows) {
    return DatasetPicture.of(
        this, Check.notNull("row numbers", rows, "write for example picture(0, 1, 2)"));
  }

  /** A row per sample: every feature under its name, and the class or the numbers to predict. */
  @Override
  public Table table() {
    var table = Table.create(name);
    for (int f = 0; f < features(); f++) {
      table.addColumns(column(featureNames.get(f), values, f, features()));
    }
    if (!hasClasses()) {
      for (int t = 0; t < targetNames.size(); t++) {
        table.addColumns(column(targetNames.get(t), targets, t, targetNames.size()));
      }
      return table;
    }
    return table.addColumns(
        StringColumn.create(
            "class", IntStream.range(0, size()).mapToObj(this::classesOf).toList()));
  }

  /** The name of a row's class, or of a sequence's classes one after the other. */
  String classesOf(int row) {
    return Arrays.stream(labels, row * positions, (row + 1) * positions)
        .mapToObj(classNames::get)
        .collect(Collectors.joining());
  }

  /** A column of numbers with the digits they were given with. */
  private DoubleColumn column(String title, float[] from, int at, int width) {
    double[] column = new double[size()];
    for (int row = 0; row < column.length; row++) {
      column[row] = Double.parseDouble(Float.toString(from[row * width + at]));
    }
    return Numbers.column(title, column);
  }

  /** Name, rows, features and classes in a line. */
  @Override
  public String toString() {
    String expected =
        hasClasses()
            ? Digits.counted(classes(), "class")
            : Digits.counted(targetNames.size(), "number") + " to predict";
    return "%s: %s, %s, %s. %s"
        .formatted(
            name,
            Digits.counted(size(), "row"),
            Digits.counted(features(), "feature"),
            expected,
            description);
  }
}
