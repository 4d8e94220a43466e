package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.sigmoid;
import static weft.nn.Activations.tanh;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;
import static weft.nn.Sample.inputs;

import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

/** Learning until the loss is small, in one call. */
class SampleTrainingTest {
  private final Network hand =
      Network.inputs(2)
          .dense(2, relu())
          .weights(0.5, 0.5, 1.0, 1.0)
          .biases(0.0, 0.5)
          .dense(1, relu())
          .weights(1.0, 1.0)
          .biases(0.5)
          .loss(squaredError());

  @Test
  void theHandExampleConverges() {
    var run = hand.train(sgd(0.01)).on(inputs(1, 0).target(2)).untilLossBelow(1e-6);
    assertTrue(run.converged());
    assertEquals(44, run.iterations());
    assertEquals(2, run.network().forward(1, 0).outputs()[0], 1e-3);
    assertEquals("loss 9.0791e-7, below 1e-6, after 44 iterations", run.summary());
  }

  @Test
  void aTrainingSaysWhatItWouldLearn() {
    assertEquals(
        "inputs(2).dense(2, relu()).dense(1, relu()).loss(squaredError()): 9 parameters, float32 on"
            + " 1 sample by sgd(0.01): untilLossBelow(1e-6) or trace(100) learns",
        hand.train(sgd(0.01)).on(inputs(1, 0).target(2)).toString());
  }

  @Test
  void everyParameterIsTracedFromStartToEnd() {
    var table = hand.train(sgd(0.01)).on(inputs(1, 0).target(2)).untilLossBelow(1e-6).table();
    assertEquals(45, table.rowCount());
    assertEquals(0.25, table.doubleColumn("loss").get(0));
    assertEquals(1.0, table.doubleColumn("W53").get(0));
    assertEquals(0.995, table.doubleColumn("W53").get(1));
    assertEquals(0.5, table.doubleColumn("W32").get(44));
  }

  @Test
  void trainingIsStepByStepWhatStepDoes() {
    var net = hand;
    for (int i = 0; i < 5; i++) {
      net = net.step(sgd(0.01), net.forward(1, 0).target(2).backward());
    }
    var run = hand.train(sgd(0.01)).on(inputs(1, 0).target(2)).atMost(5).untilLossBelow(1e-9);
    assertFalse(run.converged());
    assertArrayEquals(net.values(), run.network().values());
  }

  @Test
  void momentumIsPyTorchs() {
    var run =
        hand.train(sgd(0.01).momentum(0.9))
            .on(inputs(1, 0).target(2))
            .atMost(2)
            .untilLossBelow(1e-9);
    // b5: gradient 1, then g2 with v = 0.9 + g2.
    var one = hand.step(sgd(0.01), hand.forward(1, 0).target(2).backward());
    double second = one.forward(1, 0).target(2).backward().gradient()[8];
    assertEquals(0.49 - 0.01 * (0.9 + second), run.network().values()[8], 1e-15);
  }

  @Test
  void exclusiveOrIsLearnedFromFourSamples() {
    var net = Network.inputs(2).dense(4, tanh()).dense(1, sigmoid()).loss(squaredError());
    var run =
        net.train(sgd(0.5).momentum(0.9))
            .on(
                inputs(0, 0).target(0),
                inputs(0, 1).target(1),
                inputs(1, 0).target(1),
                inputs(1, 1).target(0))
            .untilLossBelow(1e-3);
    assertTrue(run.converged(), run::summary);
    assertTrue(run.network().forward(0, 1).outputs()[0] > 0.9);
  }

  @Test
  void longRunsAreThinnedButKeepTheirEnds() {
    var net = Network.inputs(1).dense(1, identity()).weights(0).loss(squaredError());
    var run = net.train(sgd(1e-4)).on(inputs(1).target(1)).atMost(20_001).untilLossBelow(1e-12);
    var iterations = run.table().intColumn("iteration");
    assertTrue(iterations.size() <= 2001, "rows " + iterations.size());
    assertEquals(0, iterations.get(0));
    assertEquals(20_001, iterations.get(iterations.size() - 1));
  }

  @Test
  void aRunCanBeRepeated() {
    var training = hand.train(sgd(0.01)).on(inputs(1, 0).target(2));
    assertEquals(
        training.untilLossBelow(1e-6).table().print(),
        training.untilLossBelow(1e-6).table().print());
  }

  @Test
  void theChartHasTitleAxesAndLegend() {
    var chart = hand.train(sgd(0.01)).on(inputs(1, 0).target(2)).untilLossBelow(1e-6).chart();
    assertEquals("Loss while learning by sgd(0.01)", chart.getTitle());
    assertEquals("iteration", chart.getXAxisTitle());
    assertEquals("loss of the sample", chart.getSeriesCollection().iterator().next().getName());
  }

  @Test
  void theTraceHasParametersAndOnDemandGradients() {
    var trace = hand.train(sgd(0.01)).on(inputs(1, 0).target(2)).trace(2);
    var all = trace.table();
    assertEquals(11, all.columnCount());
    assertEquals(3, all.rowCount());
    var some = trace.of("W53", "b5").withGradients().table();
    assertEquals(
        List.of("iteration", "loss", "W53", "dL/dW53", "b5", "dL/db5"), some.columnNames());
    assertEquals(1.0, some.doubleColumn("W53").get(0));
    assertEquals(0.5, some.doubleColumn("dL/dW53").get(0));
    assertEquals(0.995, some.doubleColumn("W53").get(1));
    assertEquals(
        some.doubleColumn("W53").get(2),
        some.doubleColumn("W53").get(1) - 0.01 * some.doubleColumn("dL/dW53").get(1));
    assertEquals(
        "there is no parameter W99: they are called W31 to b5, table() lists them",
        Refusal.of(() -> trace.of("W99")));
  }

  @Test
  void chosenParametersAreDrawn() {
    var run = hand.train(sgd(0.01)).on(inputs(1, 0).target(2)).untilLossBelow(1e-6);
    var chart = run.chart("W53", "b5");
    assertEquals("Parameters while learning", chart.getTitle());
    assertEquals(
        List.of("W53", "b5"),
        chart.getSeriesCollection().stream().map(series -> series.getName()).toList());
    assertEquals(9, run.trace().chart().getSeriesCollection().size());
  }

  @Test
  void divergenceSaysWhatToTry() {
    var net = Network.inputs(1).dense(1, identity()).weights(1).loss(squaredError());
    var training = net.train(sgd(5)).on(inputs(3).target(1));
    assertEquals(
        "training diverges: the loss was 4 at first and is 3.88962e+11 after 6 steps:"
            + " the learning rate 5 is probably too large, try sgd(0.5)",
        Refusal.of(ArithmeticException.class, () -> training.untilLossBelow(1e-6))
            .replaceAll("is [0-9.e+]+ after [0-9]+", "is 3.88962e+11 after 6"));
  }

  @Test
  void aDeadNetworkSaysThatItIs() {
    var net = Network.inputs(1).dense(1, relu()).weights(-1).loss(squaredError());
    Convergence dead = net.train(sgd(0.1)).on(inputs(1).target(1)).untilLossBelow(1e-6);
    assertFalse(dead.converged());
    assertEquals(
        "training stands still at loss 1: no parameter has changed since iteration 0; neurons with"
            + " ReLU and z of 0 or less pass no gradient, so start from other weights or biases, or"
            + " try a smaller rate",
        dead.summary());
  }

  @Test
  void aTrainingCanBeInterrupted() {
    var net = Network.inputs(1).dense(1, identity()).weights(0).loss(squaredError());
    Thread.currentThread().interrupt();
    var stopped =
        assertThrows(
            CancellationException.class,
            () -> net.train(sgd(1e-9)).on(inputs(1).target(1)).untilLossBelow(1e-12));
    assertEquals("interrupted: training, iteration 0", stopped.getMessage());
  }

  @Test
  void refusalsSayWhatIsMissing() {
    assertEquals(
        "training needs samples: write train(...).on(inputs(1, 0).target(2))",
        Refusal.of(IllegalStateException.class, () -> hand.train(sgd(0.01)).untilLossBelow(1e-6)));
    assertEquals(
        "a loss threshold is above 0, got 0.0: try untilLossBelow(1e-6)",
        Refusal.of(() -> hand.train(sgd(0.01)).on(inputs(1, 0).target(2)).untilLossBelow(0)));
    assertEquals(
        "dense(2) expects 2 inputs, got a sample of 3 numbers: give one for each input",
        Refusal.of(() -> hand.train(sgd(0.01)).on(inputs(1, 0, 0).target(2)).untilLossBelow(1e-6)));
  }
}
