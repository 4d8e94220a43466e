package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.xavier;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import weft.nn.compute.Team;

/** What dropout drops depends on seed, layer, step and sample, and on nothing else. */
class DropoutTest {
  private static final int WIDTH = 1001;

  /** The outputs for inputs of 1, a row after the other. */
  private static double[] drawn(NetworkBuilder builder, int rows, long step, int firstRow) {
    var net = builder.precision(Precision.FLOAT64).loss(squaredError());
    var engine = Engine.of(net, Precision.FLOAT64, rows, Engine.Use.LEARN, Team.ALONE);
    double[] ones = new double[WIDTH];
    Arrays.fill(ones, 1);
    for (int row = 0; row < rows; row++) {
      engine.load(row, ones, ones);
    }
    engine.forward(rows, true, step, firstRow);
    double[] all = new double[rows * WIDTH];
    Arrays.setAll(all, i -> engine.output(i / WIDTH, i % WIDTH));
    return all;
  }

  private final NetworkBuilder quarter = Network.inputs(WIDTH).dropout(0.25);

  @Test
  void theShareIsDroppedAndTheOthersGrowByAsMuch() {
    double[] all = drawn(quarter, 100, 0, 0);
    long zeros = Arrays.stream(all).filter(a -> a == 0).count();
    // a binomial of 100,100 draws has a standard deviation of 137
    assertEquals(25_025, (double) zeros, 4 * 137);
    assertTrue(Arrays.stream(all).allMatch(a -> a == 0 || a == 1 / 0.75));
  }

  @Test
  void aSampleIsDrawnTheSameWhereverTheBatchIsCut() {
    double[] whole = drawn(quarter, 64, 3, 0);
    double[] second = drawn(quarter, 32, 3, 32);
    assertArrayEquals(Arrays.copyOfRange(whole, 32 * WIDTH, 64 * WIDTH), second);
  }

  @Test
  void stepsSamplesSeedsAndLayersAreDrawnDifferently() {
    double[] one = drawn(quarter, 2, 0, 0);
    assertFalse(Arrays.equals(one, drawn(quarter, 2, 1, 0)));
    assertFalse(
        Arrays.equals(Arrays.copyOf(one, WIDTH), Arrays.copyOfRange(one, WIDTH, 2 * WIDTH)));
    var other = Network.inputs(WIDTH).dropout(0.25, 2);
    assertFalse(Arrays.equals(one, drawn(other, 2, 0, 0)));
    double[] twice = drawn(quarter.dropout(0.25), 100, 0, 0);
    long kept = Arrays.stream(twice).filter(a -> a > 0).count();
    assertEquals(0.75 * 0.75 * 100 * WIDTH, (double) kept, 4 * 157);
  }

  @Test
  void outsideTrainingNothingIsDropped() {
    var net = Network.inputs(3).dropout(0.9).loss(squaredError());
    assertArrayEquals(new double[] {1, 2, 3}, net.forward(1, 2, 3).outputs());
  }

  @Test
  void theGradientIsTheSlopeOfTheLoss() {
    var net =
        Network.inputs(6)
            .dropout(0.1)
            .dense(9, tanh())
            .dropout(0.4)
            .dense(3, softmax())
            .init(xavier(5))
            .loss(crossEntropy());
    double error = new BatchCheck(net, 5).worstError();
    assertTrue(error < 1e-7, () -> "relative error " + error);
  }

  @Test
  void aShareIsBelowOne() {
    assertEquals(
        "dropout(share) drops a share of at least 0 and below 1, got 1.0: try dropout(0.1)",
        Refusal.of(() -> Network.inputs(2).dropout(1)));
    assertEquals("dropout(0.25)", quarter.loss(squaredError()).layers().get(0).name());
    assertEquals(
        "dropout(0.1, 7)",
        Network.inputs(2).dropout(0.1, 7).loss(squaredError()).layers().get(0).name());
  }
}
