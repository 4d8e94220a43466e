package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.he;
import static weft.nn.Initializers.xavier;
import static weft.nn.Losses.squaredError;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.junit.jupiter.api.Test;

/** Weights start as the named distribution says, and the same seed gives the same weights. */
class InitializerTest {
  private static double[] weights(Activation activation, Initializer initializer) {
    var net = Network.inputs(200).dense(300, activation).init(initializer).loss(squaredError());
    return Arrays.copyOf(net.values(), 200 * 300);
  }

  private static void assertNormal(double variance, double[] weights) {
    double deviation = Math.sqrt(variance);
    assertEquals(0, StatUtils.mean(weights), 4 * deviation / Math.sqrt(weights.length));
    assertEquals(variance, StatUtils.variance(weights), 0.03 * variance);
    double p =
        new KolmogorovSmirnovTest()
            .kolmogorovSmirnovTest(
                new NormalDistribution(0, deviation), Arrays.copyOf(weights, 2000));
    assertFalse(p < 0.01, "not normal, p = " + p);
  }

  @Test
  void heHasVarianceTwoOverInputs() {
    assertNormal(2.0 / 200, weights(relu(), he(1)));
  }

  @Test
  void xavierHasVarianceTwoOverInputsPlusOutputs() {
    assertNormal(2.0 / 500, weights(tanh(), xavier(1)));
  }

  @Test
  void biasesStartAtZero() {
    var net = Network.inputs(2).dense(3, relu()).init(he(1)).loss(squaredError());
    assertArrayEquals(new double[3], Arrays.copyOfRange(net.values(), 6, 9));
  }

  @Test
  void withoutAWordReluGetsHeAndTheRestXavierOfSeedOne() {
    var silent = Network.inputs(4).dense(3, relu()).dense(2, tanh()).loss(squaredError());
    var he = Network.inputs(4).dense(3, relu()).dense(2, tanh()).init(he(1)).loss(squaredError());
    var xavier =
        Network.inputs(4).dense(3, relu()).dense(2, tanh()).init(xavier(1)).loss(squaredError());
    assertArrayEquals(Arrays.copyOf(he.values(), 15), Arrays.copyOf(silent.values(), 15));
    assertArrayEquals(
        Arrays.copyOfRange(xavier.values(), 15, 23), Arrays.copyOfRange(silent.values(), 15, 23));
  }

  @Test
  void aLayersWidthLeavesTheDrawsOfOthersAlone() {
    var narrow = Network.inputs(4).dense(3, relu()).dense(2, relu()).loss(squaredError());
    var wide = Network.inputs(4).dense(3, relu()).dense(9, relu()).loss(squaredError());
    assertArrayEquals(Arrays.copyOf(narrow.values(), 12), Arrays.copyOf(wide.values(), 12));
  }

  @Test
  void anotherSeedGivesOtherWeights() {
    assertFalse(Arrays.equals(weights(relu(), he(1)), weights(relu(), he(2))));
    assertArrayEquals(weights(relu(), he(7)), weights(relu(), he(7)));
  }
}
