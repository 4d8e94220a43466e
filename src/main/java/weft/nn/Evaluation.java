package weft.nn;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.util.FastMath;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.report.Digits;
import weft.report.Numbers;
import weft.report.Tabular;
import weft.units.Check;

/** How well a network does on a data set: loss, and what it took each class for. */
public final class Evaluation implements Tabular {
  /** Of more classes it is only counted how many rows are right, not what they are taken for. */
  private static final int MOST_CLASSES = 1000;

  private final Counts counts;

  Evaluation(Counts counts) {
    this.counts = counts;
  }

  /** What is counted row by row. */
  static final class Counts {
    private final Dataset data;
    private final int width;
    private final boolean crossEntropy;

    /** To predict in a row. */
    private final int numbers;

    private double loss;
    private double absoluteError;
    private double squaredError;

    /** How many rows had so many outputs ahead of that of their class. */
    private final int[] ahead;

    /** Rows by class, then by prediction. */
    private final int[][] predictions;

    /** What each row was taken for; empty if rows have numbers or several classes. */
    private final int[] taken;

    Counts(Network network, Dataset data) {
      this.data = data;
      width = network.out().width();
      crossEntropy = network.loss() instanceof CrossEntropy;
      numbers = data.targetNames().size();
      ahead = new int[data.classes()];
      int told = data.classes() <= MOST_CLASSES ? data.classes() : 0;
      predictions = new int[told][told];
      taken = new int[data.hasClasses() && data.positions() == 1 ? data.size() : 0];
    }

    void addLoss(double sum) {
      loss += sum;
    }

    void add(Engine engine, int at, int row) {
      if (data.hasClasses()) {
        for (int p = 0; p < data.positions(); p++) {
          int predicted = addPosition(engine, at, p, data.label(row, p));
          if (taken.length > 0) {
            taken[row] = predicted;
          }
        }
        return;
      }
      for (int i = 0; i < numbers; i++) {
        double error = engine.output(at, i) - data.target(row, i);
        absoluteError += Math.abs(error);
        squaredError += error * error;
      }
    }

    private int addPosition(Engine engine, int at, int position, int label) {
      int predicted = engine.predicted(at, position, width);
      if (predictions.length > 0) {
        predictions[label][predicted]++;
      }
      int wrong = predicted == label ? 0 : 1;
      ahead[width == 1 ? wrong : rank(engine, at, position * width, label)]++;
      return predicted;
    }

    /** How many predictions were judged: one a row, or of sequences one a step. */
    double judged() {
      return (double) data.size() * data.positions();
    }

    /** How many outputs are ahead of that of a class; of equals the first is. */
    private int rank(Engine engine, int at, int from, int label) {
      double own = engine.output(at, from + label);
      int rank = 0;
      for (int i = 0; i < width; i++) {
        double other = engine.output(at, from + i);
        if (other > own || (other == own && i < label)) {
          rank++;
        }
      }
      return rank;
    }
  }

  /** How many rows were judged. */
  public int size() {
    return counts.data.size();
  }

  /** The mean loss of a row. */
  public double loss() {
    return counts.loss / size();
  }

  /**
   * Among how many equally likely classes the network hesitates, from 1 to unbounded: e to the mean
   * cross-entropy, of sequences that of a step (Jelinek et al. 1977). Guessing among C classes has
   * C.
   *
   * @throws IllegalStateException if the network's loss is not cross-entropy
   */
  public double perplexity() {
    requireClasses("perplexity()");
    if (!counts.crossEntropy) {
      throw new IllegalStateException(
          "perplexity() is of probabilities judged by cross-entropy, but the network has another"
              + " loss: end it with softmax() and loss(crossEntropy())");
    }
    return FastMath.exp(loss());
  }

  /**
   * The share of rows, 0 to 1, whose largest output is that of the row's class, of sequences the
   * share of all steps; of equal outputs the first counts. A single output stands for the second of
   * two classes, from 0.5 on.
   *
   * @throws IllegalStateException if the rows have numbers to predict
   */
  public double accuracy() {
    requireClasses("accuracy()");
    return right() / counts.judged();
  }

  private int right() {
    return counts.ahead[0];
  }

  /**
   * The share of rows, 0 to 1, whose class has one of the {@code k} largest outputs.
   *
   * @param k from 1 to the number of classes
   * @throws IllegalStateException if the rows have numbers to predict
   */
  public double topK(int k) {
    requireClasses("topK(k)");
    if (k < 1 || k > counts.data.classes()) {
      throw new IllegalArgumentException(
          "topK(k) takes k from 1 to the %d classes, got %d: write for example topK(%d)"
              .formatted(counts.data.classes(), k, Math.min(3, counts.data.classes())));
    }
    return Arrays.stream(counts.ahead, 0, k).sum() / counts.judged();
  }

  /**
   * How many rows of each class were taken for which.
   *
   * @throws IllegalStateException if the rows have numbers to predict
   */
  public Confusion confusion() {
    requireFewClasses("confusion()");
    return new Confusion(counts.data.name(), counts.data.classNames(), counts.predictions);
  }

  /**
   * The numbers of the rows of one class that were taken for another, or for their own, ascending:
   * {@code test.picture(evaluation.rows(9, 3))} shows the nines that were read as threes.
   *
   * @param truth the rows' class, from 0
   * @param prediction what they were taken for, from 0
   * @throws IllegalStateException if the rows have numbers to predict, or a class a position
   */
  public int[] rows(int truth, int prediction) {
    requireClasses("rows(truth, prediction)");
    if (counts.data.positions() > 1) {
      throw new IllegalStateException(
          "rows(truth, prediction) needs rows with one class, but those of %s have %d: read confusion()"
              .formatted(counts.data.name(), counts.data.positions()));
    }
    Check.index("class", truth, counts.data.classes());
    Check.index("class", prediction, counts.data.classes());
    return IntStream.range(0, size())
        .filter(row -> counts.data.label(row) == truth && counts.taken[row] == prediction)
        .toArray();
  }

  /**
   * A row a class: precision, the share of the rows taken for it that are of it; recall, the share
   * of its rows taken for it; F1, their harmonic mean; and how many rows it has. A share of nothing
   * is left empty.
   *
   * @throws IllegalStateException if the rows have numbers to predict
   */
  public Table perClass() {
    requireFewClasses("perClass()");
    int classes = counts.data.classes();
    double[] precision = new double[classes];
    double[] recall = new double[classes];
    double[] f1 = new double[classes];
    int[] support = new int[classes];
    for (int c = 0; c < classes; c++) {
      int hits = counts.predictions[c][c];
      int taken = 0;
      for (int truth = 0; truth < classes; truth++) {
        taken += counts.predictions[truth][c];
      }
      support[c] = Arrays.stream(counts.predictions[c]).sum();
      precision[c] = percent(hits, taken);
      recall[c] = percent(hits, support[c]);
      f1[c] = percent(2 * hits, taken + support[c]);
    }
    return Table.create(
        "Classes of " + counts.data.name(),
        StringColumn.create("class", counts.data.classNames()),
        Numbers.column("precision (%)", precision),
        Numbers.column("recall (%)", recall),
        Numbers.column("F1 (%)", f1),
        IntColumn.create("rows", support));
  }

  private static double percent(int part, int whole) {
    return whole == 0 ? Double.NaN : 100.0 * part / whole;
  }

  /**
   * The mean distance of an output from its number.
   *
   * @throws IllegalStateException if the rows have classes
   */
  public double meanAbsoluteError() {
    requireNumbers("meanAbsoluteError()");
    return counts.absoluteError / ((double) size() * counts.numbers);
  }

  /**
   * The root of the mean squared distance of an output from its number.
   *
   * @throws IllegalStateException if the rows have classes
   */
  public double rootMeanSquaredError() {
    requireNumbers("rootMeanSquaredError()");
    return Math.sqrt(counts.squaredError / ((double) size() * counts.numbers));
  }

  private void requireClasses(String what) {
    if (!counts.data.hasClasses()) {
      throw new IllegalStateException(
          "%s needs rows with classes, but %s has numbers to predict: read loss() or meanAbsoluteError()"
              .formatted(what, counts.data.name()));
    }
  }

  private void requireFewClasses(String what) {
    requireClasses(what);
    if (counts.predictions.length == 0) {
      throw new IllegalStateException(
          "%s tells at most %d classes apart, but %s has %d: read topK(k)"
              .formatted(what, MOST_CLASSES, counts.data.name(), counts.data.classes()));
    }
  }

  private void requireNumbers(String what) {
    if (counts.data.hasClasses()) {
      throw new IllegalStateException(
          "%s needs rows with numbers to predict, but %s has classes: read accuracy()"
              .formatted(what, counts.data.name()));
    }
  }

  /** One row: how many rows, the mean loss, and accuracy or errors. */
  @Override
  public Table table() {
    var table =
        Table.create(
            "Evaluation on " + counts.data.name(),
            IntColumn.create("rows", new int[] {size()}),
            Numbers.column("loss", loss()));
    return counts.data.hasClasses()
        ? table.addColumns(Numbers.column("accuracy (%)", 100 * accuracy()))
        : table.addColumns(
            Numbers.column("mean absolute error", meanAbsoluteError()),
            Numbers.column("root mean squared error", rootMeanSquaredError()));
  }

  /** In a line: {@code 97.2 % of 1797 rows right, loss 0.098}. */
  @Override
  public String toString() {
    return counts.data.hasClasses()
        ? "%s %% of %s of %s right, loss %s"
            .formatted(
                Digits.of(100 * accuracy(), 4),
                Digits.counted(size(), "row"),
                counts.data.name(),
                Digits.of(loss()))
        : "mean absolute error %s over %s of %s, loss %s"
            .formatted(
                Digits.of(meanAbsoluteError()),
                Digits.counted(size(), "row"),
                counts.data.name(),
                Digits.of(loss()));
  }
}
