package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.xavier;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pooling keeps the largest number or the mean of each window. */
class PoolingTest {
  private static final double[] IMAGE = {
    1, 2, 3, 4, 5, //
    5, 4, 3, 2, 1, //
    0, 7, 0, 8, 0,
  };

  private static double[] outputs(NetworkBuilder builder) {
    return builder.flatten().loss(squaredError()).forward(IMAGE).outputs();
  }

  @Test
  void rowsAndColumnsThatNoWholeWindowCoversAreLeftOut() {
    var image = Network.images(1, 3, 5);
    assertArrayEquals(new double[] {5, 4}, outputs(image.maxPool(2)));
    assertArrayEquals(new double[] {3, 3}, outputs(image.averagePool(2)));
  }

  @Test
  void windowsOverlapWithAStrideBelowTheirSize() {
    var image = Network.images(1, 3, 5);
    assertArrayEquals(new double[] {5, 4, 4, 5, 7, 7, 8, 8}, outputs(image.maxPool(2).stride(1)));
    assertArrayEquals(
        new double[] {25 / 9.0, 33 / 9.0, 26 / 9.0},
        outputs(image.averagePool(3).stride(1)),
        1e-15);
    assertArrayEquals(new double[] {7, 8}, outputs(image.maxPool(3).stride(2)));
  }

  @Test
  void ofEqualNumbersTheFirstGetsTheGradient() {
    var net =
        Network.images(1, 2, 2)
            .conv2d(1, 1, Activations.identity())
            .weights(0)
            .maxPool(2)
            .flatten()
            .loss(squaredError());
    var pass = net.forward(3, 4, 5, 6).target(-1).backward();
    assertArrayEquals(new double[] {2 * 3, 2}, pass.gradient());
  }

  @ParameterizedTest
  @CsvSource({"2, 2", "2, 1", "3, 2", "3, 3", "1, 2"})
  void theGradientIsTheSlopeOfTheLoss(int size, int stride) {
    var start = Network.images(2, 8, 7).conv2d(3, 2, tanh());
    for (var pooled : java.util.List.of(start.maxPool(size), start.averagePool(size))) {
      var net =
          pooled.stride(stride).flatten().dense(3, softmax()).init(xavier(2)).loss(crossEntropy());
      double error = new BatchCheck(net, 3).worstError();
      assertTrue(error < 1e-7, () -> net + ": relative error " + error);
    }
  }
}
