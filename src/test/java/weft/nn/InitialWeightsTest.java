package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static weft.nn.Initializers.he;
import static weft.nn.Initializers.xavier;

import org.junit.jupiter.api.Test;

/** Weights drawn to be looked at. */
class InitialWeightsTest {
  @Test
  void heDrawsWithVarianceTwoOverTheInputs() {
    assertEquals(1.0, he(1).layer(2, 5000).variance(), 0.05);
    assertEquals(2.0 / 512, he(1).layer(512, 20).variance(), 0.05 * 2 / 512);
    assertEquals(0.0, he(1).layer(2, 5000).mean(), 0.03);
  }

  @Test
  void xavierCountsTheOutputsToo() {
    assertEquals(2.0 / 200, xavier(1).layer(100, 100).variance(), 0.05 * 2 / 200);
  }

  @Test
  void theyAreTheWeightsANetworkOfThisSeedBeginsWith() {
    var net =
        Network.inputs(2).dense(3, Activations.relu()).init(he(7)).loss(Losses.squaredError());
    double[] first = new double[6];
    for (int i = 0; i < 6; i++) {
      first[i] = net.parameter("W%d%d".formatted(3 + i / 2, 1 + i % 2));
    }
    assertArrayEquals(first, he(7).layer(2, 3).weights());
  }

  @Test
  void theHistogramHoldsAllButTheFarthest() {
    var chart = he(1).layer(2, 5000).chart();
    double drawn = 0;
    for (double count : chart.getSeries("drawn").getYData()) {
      drawn += count;
    }
    assertEquals(10_000, drawn, 5);
  }

  @Test
  void aLayerOfNothingIsRefused() {
    assertEquals(
        "a layer has at least 1 input and 1 neuron, got 0 and 5: write for example layer(784, 128)",
        Refusal.of(() -> he(1).layer(0, 5)));
  }

  @Test
  void anUnknownParameterIsNamedWithThoseThatAre() {
    var net = Network.inputs(1).dense(1, Activations.relu()).loss(Losses.squaredError());
    assertEquals(
        "there is no parameter W99: they are called W21 to b2, table() lists them",
        Refusal.of(() -> net.parameter("W99")));
  }

  @Test
  void aLossOfZeroIsDrawnAtTheBottomOfTheLogarithmicAxis() {
    var sample = Sample.inputs(1).target(2);
    var net =
        Network.inputs(1)
            .dense(1, Activations.identity())
            .weights(1)
            .biases(0)
            .loss(Losses.squaredError());
    var exact = net.train(Optimizers.sgd(0.25)).on(sample).untilLossBelow(1e-6);
    var chart = Convergence.overlay(exact, exact);
    assertEquals(0, exact.loss());
    assertArrayEquals(new double[] {1, 0.1}, chart.getSeries("sgd(0.25)").getYData(), 1e-12);
    assertArrayEquals(new double[] {1, 0.1}, chart.getSeries("sgd(0.25) (2)").getYData(), 1e-12);
  }
}
