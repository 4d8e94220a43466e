package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.xavier;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;

import java.util.List;
import org.junit.jupiter.api.Test;
import weft.nn.compute.Team;

/** Batch and layer normalisation. */
class NormalizationTest {
  private static double[] oneEach(Network net, double... inputs) {
    var engine = Engine.of(net, Precision.FLOAT64, inputs.length, Engine.Use.LEARN, Team.ALONE);
    for (int i = 0; i < inputs.length; i++) {
      engine.load(i, new double[] {inputs[i]}, new double[] {0});
    }
    engine.forward(inputs.length, true, 0, 0);
    assertArrayEquals(new double[] {0.1 * 5, 0.9 + 0.1 * 10}, engine.statistics(), 1e-15);
    double[] outputs = new double[inputs.length];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = engine.output(i, 0);
    }
    return outputs;
  }

  @Test
  void aBatchIsNormalisedByItsOwnMeanAndVariance() {
    var net = Network.inputs(1).batchNorm().loss(squaredError());
    // mean 5, variance 20/3 divided by n = 3, and 10 divided by n - 1
    double[] inputs = {5 - Math.sqrt(10), 5, 5 + Math.sqrt(10)};
    double deviation = Math.sqrt(20 / 3.0 + 1e-5);
    assertArrayEquals(
        new double[] {-Math.sqrt(10) / deviation, 0, Math.sqrt(10) / deviation},
        oneEach(net, inputs),
        1e-12);
  }

  @Test
  void outsideTrainingTheRunningMeanAndVarianceAreUsed() {
    var net = Network.inputs(2).batchNorm().loss(squaredError());
    double scale = 1 / Math.sqrt(1 + 1e-5);
    assertArrayEquals(new double[] {3 * scale, -4 * scale}, net.forward(3, -4).outputs(), 1e-15);
  }

  @Test
  void aTrainedNetworkRemembersTheRunningMeanAndVariance() {
    var data = Datasets.digits().train();
    var net =
        Network.images(1, 8, 8)
            .conv2d(4, 3, identity())
            .batchNorm()
            .activation(relu())
            .flatten()
            .dense(10, softmax())
            .loss(crossEntropy());
    int[] rows = java.util.stream.IntStream.range(0, 512).toArray();
    var replica = Replica.of(net, sgd(0.1));
    for (int step = 0; step < 60; step++) {
      replica.backward(data, rows, step % 8 * 64, step % 8 * 64 + 64, 64);
      replica.step();
    }
    var trained = replica.network();
    assertEquals(8, trained.statistics().length);
    assertTrue(trained.statistics()[0] != 0 && trained.statistics()[4] != 1);
    double accuracy = trained.accuracy(data.rows(rows));
    assertTrue(accuracy > 0.9, () -> "accuracy " + accuracy);
  }

  @Test
  void theGradientOfBatchNormIsTheSlopeOfTheLossInAndOutsideTraining() {
    var image =
        Network.images(2, 5, 4)
            .conv2d(3, 2, tanh())
            .batchNorm()
            .activation(tanh())
            .conv2d(2, 2, identity())
            .flatten()
            .batchNorm()
            .dense(3, softmax())
            .init(xavier(4))
            .loss(crossEntropy());
    double error = new BatchCheck(image, 6).worstError();
    assertTrue(error < 1e-7, () -> "relative error in training " + error);
    double[] sample = new double[40];
    java.util.Arrays.setAll(sample, i -> Math.cos(i * i));
    var table = image.forward(sample).target(1).backward().gradientCheck();
    double outside = table.doubleColumn("relative error").max();
    assertTrue(outside < 1e-7, () -> "relative error outside training " + outside);
  }

  @Test
  void aVectorIsNormalisedByItself() {
    var net = Network.inputs(4).layerNorm().loss(squaredError());
    double scale = 1 / Math.sqrt(5 + 1e-5);
    assertArrayEquals(
        new double[] {-3 * scale, -scale, scale, 3 * scale},
        net.forward(1, 3, 5, 7).outputs(),
        1e-15);
  }

  @Test
  void theGradientOfLayerNormIsTheSlopeOfTheLoss() {
    var net =
        Network.inputs(5)
            .dense(7, tanh())
            .layerNorm()
            .dense(6, tanh())
            .layerNorm()
            .activation(softmax())
            .init(xavier(5))
            .loss(crossEntropy());
    double error = new BatchCheck(net, 5).worstError();
    assertTrue(error < 1e-7, () -> "relative error " + error);
  }

  @Test
  void scalesAndShiftsAreNotWeights() {
    var net = Network.inputs(3).batchNorm().layerNorm().loss(squaredError());
    assertArrayEquals(new double[] {1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0}, net.values());
    for (Layer layer : net.layers()) {
      assertEquals(
          List.of(
              new ParameterGroup("scales", 3, 1, false), new ParameterGroup("shifts", 3, 1, false)),
          layer.groups());
    }
    assertEquals(1, net.parameter("L2.scales[0]"));
  }

  @Test
  void aSingleNumberHasNoSpread() {
    var net = Network.inputs(64).batchNorm().dense(10, softmax()).loss(crossEntropy());
    var data = Datasets.digits().train();
    assertEquals(
        "batchNorm() trains on at least 2 numbers a channel, whose spread it measures, got a batch"
            + " of 1 sample: use larger batches or fewer workers, or layerNorm()",
        Refusal.of(() -> Replica.of(net, sgd(0.1)).backward(data, new int[] {0}, 0, 1, 1)));
  }
}
