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

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weft.nn.compute.Team;

/** Convolutions give what their definition says, whatever the sizes. */
class ConvolutionTest {
  @Test
  void aKernelSlidesOverTheImage() {
    var net =
        Network.images(1, 3, 3)
            .conv2d(1, 2, identity())
            .weights(1, 2, 3, 4)
            .biases(10)
            .flatten()
            .loss(squaredError());
    assertArrayEquals(
        new double[] {
          10 + 1 + 4 + 12 + 20, 10 + 2 + 6 + 15 + 24, 10 + 4 + 10 + 21 + 32, 10 + 5 + 12 + 24 + 36
        },
        net.forward(1, 2, 3, 4, 5, 6, 7, 8, 9).outputs());
  }

  @ParameterizedTest
  @CsvSource({
    // channels, height, width, outs, kernel, stride, padding
    "1, 6, 5, 1, 3, 1, 0",
    "2, 7, 5, 3, 3, 1, 1",
    "3, 9, 8, 5, 3, 2, 1",
    "2, 11, 13, 30, 5, 3, 2",
    "1, 28, 28, 6, 5, 1, 2",
    "6, 14, 14, 16, 5, 1, 0",
    "2, 5, 4, 7, 1, 1, 0",
    "2, 8, 8, 4, 2, 3, 0",
    "1, 40, 33, 2, 7, 1, 3"
  })
  void isTheSumOfTheDefinition(
      int channels, int height, int width, int outs, int kernel, int stride, int padding) {
    var net =
        Network.images(channels, height, width)
            .conv2d(outs, kernel, identity())
            .padding(padding)
            .stride(stride)
            .biases(new double[outs])
            .flatten()
            .loss(squaredError());
    double[] image = new double[channels * height * width];
    Arrays.setAll(image, i -> Math.sin(i * i + 1));
    double[] expected = byDefinition((Conv2d) net.layers().get(0), net.values(), image);
    assertArrayEquals(expected, net.forward(image).outputs(), 1e-13);
  }

  @ParameterizedTest
  @CsvSource({
    // images, height, width, outs, kernel, stride, padding: some make groups that are not full
    "21, 14, 14, 16, 5, 1, 0",
    "19, 14, 14, 32, 5, 1, 2",
    "33, 9, 8, 5, 3, 2, 1",
    "65, 5, 4, 7, 1, 1, 0",
    "3, 28, 28, 6, 5, 1, 2"
  })
  void givesABatchWhatItGivesEachImageAlone(
      int images, int height, int width, int outs, int kernel, int stride, int padding) {
    var net =
        Network.images(2, height, width)
            .conv2d(3, 1, identity())
            .conv2d(outs, kernel, relu())
            .padding(padding)
            .stride(stride)
            .flatten()
            .loss(squaredError());
    int size = net.out().size();
    var batch = Engine.of(net, Precision.FLOAT64, images, Engine.Use.LEARN, Team.ALONE);
    var alone = Engine.of(net, Precision.FLOAT64, 1, Engine.Use.LEARN, Team.ALONE);
    double[] gradient = new double[net.parameters()];
    double[] outputs = new double[images * size];
    for (int n = 0; n < images; n++) {
      double[] image = new double[2 * height * width];
      for (int i = 0; i < image.length; i++) {
        image[i] = Math.sin(i * (n + 1.0) + n);
      }
      batch.load(n, image, new double[size]);
      alone.load(0, image, new double[size]);
      alone.forward(1, true, 0, 0);
      alone.backward(1, 1, false);
      double[] own = alone.gradientCopy();
      Arrays.setAll(gradient, i -> gradient[i] + own[i]);
      for (int i = 0; i < size; i++) {
        outputs[n * size + i] = alone.output(0, i);
      }
    }
    batch.forward(images, true, 0, 0);
    batch.backward(images, 1, false);
    for (int i = 0; i < outputs.length; i++) {
      assertEquals(outputs[i], batch.output(i / size, i % size), 1e-12);
    }
    assertArrayEquals(gradient, batch.gradientCopy(), 1e-9);
  }

  private static double[] byDefinition(Conv2d layer, double[] values, double[] image) {
    Shape out = layer.out();
    double[] results = new double[out.size()];
    for (int i = 0; i < results.length; i++) {
      int x = i % out.dimension(2);
      int y = i / out.dimension(2) % out.dimension(1);
      int o = i / (out.dimension(1) * out.dimension(2));
      for (int w = 0; w < layer.inputs(); w++) {
        int k = layer.kernel();
        int c = w / (k * k);
        int row = y * layer.stride() + w / k % k - layer.padding();
        int column = x * layer.stride() + w % k - layer.padding();
        int height = layer.in().dimension(1);
        int width = layer.in().dimension(2);
        if (row >= 0 && row < height && column >= 0 && column < width) {
          results[i] += values[o * layer.inputs() + w] * image[(c * height + row) * width + column];
        }
      }
    }
    return results;
  }

  @ParameterizedTest
  @CsvSource({"3, 1, 0", "3, 1, 1", "3, 2, 2", "2, 3, 0", "1, 1, 0", "4, 2, 3"})
  void theGradientIsTheSlopeOfTheLoss(int kernel, int stride, int padding) {
    var net =
        Network.images(2, 7, 8)
            .conv2d(3, 2, tanh())
            .conv2d(4, kernel, tanh())
            .padding(padding)
            .stride(stride)
            .flatten()
            .dense(3, softmax())
            .init(xavier(3))
            .loss(crossEntropy());
    double error = new BatchCheck(net, 3).worstError();
    assertTrue(error < 1e-7, () -> "relative error " + error);
  }

  @Test
  void aBatchIsWhatItsSamplesAreOneByOne() {
    var net =
        Network.images(2, 6, 6)
            .conv2d(5, 3, tanh())
            .padding(1)
            .flatten()
            .dense(4, identity())
            .loss(squaredError());
    double[] whole = new BatchCheck(net, 70).outputs();
    assertEquals(280, whole.length);
    var batch = new BatchCheck(net, 70);
    batch.step();
    double[] outputs = batch.outputs();
    double[] image = new double[72];
    Arrays.fill(image, 0.5);
    batch.engine().load(69, image, new double[4]);
    batch.engine().forward(70);
    for (int i = 0; i < 4; i++) {
      assertEquals(net.forward(image).outputs()[i], batch.engine().output(69, i), 1e-13);
      assertEquals(outputs[4 + i], batch.engine().output(1, i));
    }
  }

  @Test
  void costsTwoFlopsForEachWeightAndPosition() {
    var cost = LeNetBenchmark.leNet().costs().get(3 - 1);
    assertEquals("conv2d(16, 5, relu())", cost.name());
    assertEquals(16 * 6 * 25 + 16, cost.count());
    assertEquals(2L * 16 * 6 * 25 * 100, cost.forwardFlops());
    assertEquals(16 * 100 * 4, cost.activationBytes());
    assertEquals(61_706, LeNetBenchmark.leNet().parameters());
  }

  @Test
  void weightsStartWithTheDeviationOfWhatFeedsThem() {
    var net =
        Network.images(8, 5, 5)
            .conv2d(50, 5, Activations.relu())
            .flatten()
            .dense(1, identity())
            .loss(squaredError());
    double squares = 0;
    for (int i = 0; i < 10_000; i++) {
      squares += net.values()[i] * net.values()[i];
    }
    assertEquals(2.0 / 200, squares / 10_000, 0.0005);
    assertEquals(0, net.values()[10_000]);
  }
}
