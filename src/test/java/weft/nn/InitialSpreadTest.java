package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.relu;
import static weft.nn.Initializers.constant;
import static weft.nn.Initializers.he;
import static weft.nn.Initializers.heUniform;
import static weft.nn.Initializers.xavierUniform;
import static weft.nn.Losses.squaredError;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Starts that are not normal: even between two limits, or all the same. */
class InitialSpreadTest {
  @Test
  void uniformStartsHaveTheVarianceOfTheirRule() {
    assertEven(heUniform(3).layer(100, 400), Math.sqrt(6 / 100.0));
    assertEven(xavierUniform(3).layer(100, 400), Math.sqrt(6 / 500.0));
  }

  private static void assertEven(InitialWeights weights, double limit) {
    double largest = Arrays.stream(weights.weights()).map(Math::abs).max().orElseThrow();
    assertTrue(largest <= limit && largest > 0.999 * limit, largest + " of " + limit);
    assertEquals(0, weights.mean(), 0.02 * limit);
    assertEquals(limit * limit / 3, weights.variance(), 0.02 * limit * limit / 3);
    assertTrue(weights.chart().getSeriesCollection().size() == 2);
  }

  @Test
  void constantStartsAreAllTheSame() {
    var weights = constant(0.5).layer(2, 3);
    assertArrayEquals(new double[] {0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, weights.weights());
    assertEquals(0, weights.variance());
    assertTrue(
        Refusal.of(IllegalStateException.class, weights::chart).contains("are all the same"));
    assertTrue(Refusal.of(() -> constant(Double.NaN)).contains("finite number, got NaN"));
  }

  @Test
  void networksStartSo() {
    var net = Network.inputs(2).dense(3, relu()).init(xavierUniform(9)).loss(squaredError());
    assertEquals("xavierUniform(9)", net.start());
    assertNotEquals(heUniform(1).layer(4, 4).weights()[0], he(1).layer(4, 4).weights()[0]);
    assertEquals(
        "constant(0.1)",
        Network.inputs(2).dense(3, relu()).init(constant(0.1)).loss(squaredError()).start());
  }
}
