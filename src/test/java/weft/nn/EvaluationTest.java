package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.xavier;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;

import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** How well a network does, counted by hand. */
class EvaluationTest {
  /** A network whose outputs are its three inputs, so that a row says what it is taken for. */
  private static final Network MIRROR =
      Network.inputs(3)
          .dense(3, identity())
          .weights(1, 0, 0, 0, 1, 0, 0, 0, 1)
          .loss(squaredError());

  private static final Evaluation EVALUATION =
      MIRROR.evaluate(
          Dataset.of(
              new double[][] {{3, 2, 1}, {3, 1, 2}, {1, 3, 2}, {0, 2, 1}, {1, 2, 1}, {1, 1, 1}},
              new int[] {0, 0, 0, 1, 2, 1}));

  @Test
  void rightOnesAreCounted() {
    assertEquals(3 / 6.0, EVALUATION.accuracy()); // of equal outputs the first counts
    assertEquals(3 / 6.0, EVALUATION.topK(1));
    assertEquals(4 / 6.0, EVALUATION.topK(2));
    assertEquals(1, EVALUATION.topK(3));
    assertEquals(
        "topK(k) takes k from 1 to the 3 classes, got 4: write for example topK(3)",
        Refusal.of(() -> EVALUATION.topK(4)));
  }

  @Test
  void confusionHasTheTruthInItsRows() {
    var confusion = EVALUATION.confusion();
    assertEquals(2, confusion.count(0, 0));
    assertEquals(1, confusion.count(0, 1));
    assertEquals(1, confusion.count(1, 0));
    assertEquals(1, confusion.count(1, 1));
    assertEquals(1, confusion.count(2, 1));
    assertEquals(0, confusion.count(2, 2));
    assertEquals(List.of("class", "as 0", "as 1", "as 2"), confusion.table().columnNames());
    assertEquals(2, confusion.table().intColumn("as 0").get(0));
    assertEquals(1, confusion.table().intColumn("as 1").get(0));
  }

  @Test
  void mistakesAreListedAndTheirRowsFound() {
    var mistakes = EVALUATION.confusion().mistakes();
    assertEquals(List.of("0", "1", "2"), mistakes.stringColumn("class").asList());
    assertEquals(List.of("1", "0", "1"), mistakes.stringColumn("taken for").asList());
    assertEquals(100 / 3.0, mistakes.doubleColumn("share of the class (%)").get(0));
    assertEquals(50, mistakes.doubleColumn("share of the class (%)").get(1));
    assertArrayEquals(new int[] {2}, EVALUATION.rows(0, 1));
    assertArrayEquals(new int[] {0, 1}, EVALUATION.rows(0, 0));
    assertArrayEquals(new int[] {}, EVALUATION.rows(2, 0));
    assertEquals(
        "class 3 does not exist: give one from 0 to 2", Refusal.of(() -> EVALUATION.rows(0, 3)));
  }

  @Test
  void theMostFrequentMistakeComesFirst() {
    var rows = new double[][] {{3, 2, 1}, {1, 2, 3}, {1, 3, 2}, {0, 5, 1}};
    var mistakes = MIRROR.evaluate(Dataset.of(rows, new int[] {0, 0, 2, 2})).confusion().mistakes();
    assertEquals(List.of(2, 1), mistakes.intColumn("rows").asList());
    assertEquals("2", mistakes.getString(0, "class"));
  }

  @Test
  void classesHavePrecisionAndRecall() {
    var table = EVALUATION.perClass();
    assertEquals(100 * 2 / 3.0, table.doubleColumn("precision (%)").get(0));
    assertEquals(100 * 2 / 3.0, table.doubleColumn("recall (%)").get(0));
    assertEquals(100 / 3.0, table.doubleColumn("precision (%)").get(1));
    assertEquals(50, table.doubleColumn("recall (%)").get(1));
    assertEquals(40, table.doubleColumn("F1 (%)").get(1));
    assertTrue(table.doubleColumn("precision (%)").isMissing(2)); // nothing was taken for it
    assertEquals(0, table.doubleColumn("recall (%)").get(2));
    assertEquals(1, table.intColumn("rows").get(2));
  }

  @Test
  void itAgreesWithTheNetworksOwnFigures() {
    var net = Network.inputs(64).dense(10, softmax()).init(xavier(1)).loss(crossEntropy());
    var test = Datasets.digits().test();
    var evaluation = net.evaluate(test);
    assertEquals(net.accuracy(test), evaluation.accuracy());
    assertEquals(net.loss(test), evaluation.loss());
    double slow = 0;
    for (int row = 0; row < 100; row++) {
      slow += net.forward(test.inputs(row)).target(test.label(row)).backward().loss() / 100;
    }
    int[] first = new int[100];
    java.util.Arrays.setAll(first, i -> i);
    assertEquals(slow, net.evaluate(test.rows(first)).loss(), 1e-5);
  }

  @Test
  void theHeatMapIsAnSvg() throws Exception {
    var picture = EVALUATION.confusion().picture();
    var svg =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(picture.svg())));
    assertEquals(1 + 9, svg.getElementsByTagName("rect").getLength());
    assertTrue(picture.svg().contains("<title>0 taken for 1: 1 of 3 rows</title>"));
    assertEquals(
        "confusion matrix of data with 3 classes: 3 of 6 rows, 50 %, lie on the diagonal",
        picture.alt());
    var digits = Datasets.digits().test();
    var net = Network.inputs(64).dense(10, softmax()).init(xavier(1)).loss(crossEntropy());
    assertTrue(
        net.evaluate(digits)
            .confusion()
            .picture()
            .svg()
            .contains(">Confusion matrix, digits test<"));
  }

  @Test
  void numbersHaveErrors() {
    var evaluation =
        MIRROR.evaluate(
            Dataset.of(
                new double[][] {{1, 2, 3}, {0, 0, 0}}, new double[][] {{1, 2, 5}, {1, 0, 0}}));
    assertEquals(0.5, evaluation.meanAbsoluteError());
    assertEquals(Math.sqrt(5 / 6.0), evaluation.rootMeanSquaredError(), 1e-15);
    assertEquals(2.5, evaluation.loss());
    assertEquals(
        List.of("rows", "loss", "mean absolute error", "root mean squared error"),
        evaluation.table().columnNames());
  }

  @Test
  void perplexityIsHowManyClassesANetworkHesitatesAmong() {
    Network net = Network.inputs(1).dense(4, softmax()).weights(0, 0, 0, 0).loss(crossEntropy());
    var data = Dataset.of(new double[][] {{1}, {2}, {3}, {4}}, new int[] {0, 1, 2, 3});
    assertEquals(4, net.evaluate(data).perplexity(), 1e-6);
    assertEquals(
        "perplexity() is of probabilities judged by cross-entropy, but the network has another loss:"
            + " end it with softmax() and loss(crossEntropy())",
        Refusal.of(IllegalStateException.class, EVALUATION::perplexity));
  }
}
