package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.sigmoid;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weft.nn.compute.Team;

/** Networks of image layers as a whole. */
class ImageNetworkTest {
  /** Every kind of layer. */
  private static Network every() {
    return Network.images(2, 9, 13)
        .conv2d(3, 3, identity())
        .padding(1)
        .stride(2)
        .batchNorm()
        .activation(tanh())
        .averagePool(2)
        .stride(1)
        .conv2d(4, 2, sigmoid())
        .maxPool(2)
        .flatten()
        .layerNorm()
        .dense(3, softmax())
        .loss(crossEntropy());
  }

  @Test
  void agreesWithPyTorch() {
    // PyTorch 1.13, float64, the same parameters and samples; sums over the batch of 4
    var net = every();
    var engine = Engine.of(net, Precision.FLOAT64, 4, Engine.Use.LEARN, Team.ALONE);
    for (int i = 0; i < net.parameters(); i++) {
      engine.parameter(i, 0.5 * Math.sin(3.0 * i + 1) + 0.2);
    }
    int[] labels = {0, 2, 1, 2};
    for (int row = 0; row < 4; row++) {
      int first = row * 234;
      double[] image = new double[234];
      Arrays.setAll(image, i -> Math.sin(0.7 * (first + i) * (first + i) + 0.3));
      double[] target = new double[3];
      target[labels[row]] = 1;
      engine.load(row, image, target);
    }
    engine.forward(4, true, 0, 0);
    assertEquals(8.062881317612348, engine.loss(4), 1e-12);
    engine.backward(4, 1, false);
    double[] gradient = engine.gradientCopy();
    double squares = 0;
    double mixed = 0;
    for (int i = 0; i < gradient.length; i++) {
      squares += gradient[i] * gradient[i];
      mixed += Math.cos(i) * gradient[i];
    }
    assertEquals(158, gradient.length);
    assertEquals(9.860817019919873, Math.sqrt(squares), 1e-12);
    assertEquals(-4.178232736814003, mixed, 1e-12);
    assertArrayEquals(
        new double[] {
          -0.007403832010997035, 0.041108999549808456, -0.008222174704531546,
          1.0182047600005728, 0.9901168668393319, 1.0261678902710227
        },
        engine.statistics(),
        1e-14);
    engine.forward(4);
    assertEquals(8.110632240852144, engine.loss(4), 1e-12);
  }

  @ParameterizedTest
  @EnumSource
  void theNumberOfThreadsChangesNoBit(Precision precision) {
    for (Network net : java.util.List.of(every(), LeNetBenchmark.leNet())) {
      double[] alone = new BatchCheck(net, 100, precision, Team.ALONE).gradient();
      try (var team = Team.of(3)) {
        assertArrayEquals(alone, new BatchCheck(net, 100, precision, team).gradient());
      }
    }
  }

  @Test
  void bothPrecisionsAgree() {
    for (Network net : java.util.List.of(every(), LeNetBenchmark.leNet())) {
      double[] exact = new BatchCheck(net, 50).gradient();
      double[] single = new BatchCheck(net, 50, Precision.FLOAT32, Team.ALONE).gradient();
      double norm = Math.sqrt(Arrays.stream(exact).map(g -> g * g).sum());
      assertArrayEquals(exact, single, 1e-5 * norm);
    }
  }

  @Test
  void gradientsAreAddedToThoseBefore() {
    var check = new BatchCheck(every(), 10);
    double[] once = check.gradient();
    check.engine().backward(10, 0, true);
    assertArrayEquals(once, check.engine().gradientCopy(), 1e-15);
    check.step();
    check.engine().forward(10, true, 5, 0);
    check.engine().backward(10, 1, true);
    assertArrayEquals(
        Arrays.stream(once).map(g -> 2 * g).toArray(), check.engine().gradientCopy(), 1e-12);
  }

  @Test
  void aStepAllocatesNothing() {
    var net = Network.inputs(64).dropout(0.2).dense(8, relu()).layerNorm().loss(squaredError());
    for (Network each : java.util.List.of(net, every(), LeNetBenchmark.leNet())) {
      var check = new BatchCheck(each, 32, Precision.FLOAT32, Team.ALONE);
      var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 20; i++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        check.step();
        least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
      }
      assertEquals(0, least, each.toString());
    }
  }

  @Test
  void writesItselfAsACellDoes() {
    assertEquals(
        "images(2, 9, 13).conv2d(3, 3, identity()).padding(1).stride(2).batchNorm()"
            + ".activation(tanh()).averagePool(2).stride(1).conv2d(4, 2, sigmoid()).maxPool(2)"
            + ".flatten().layerNorm().dense(3, softmax()).loss(crossEntropy()): 158 parameters,"
            + " float32",
        every().toString());
  }

  @Test
  void aLayerIsRefusedWhereItsShapeDoesNotFit() {
    var image = Network.images(1, 28, 28);
    assertEquals(
        "dense(10) takes vectors, but conv2d(16, 5, relu()) gives images of shape [16, 24, 24]:"
            + " write flatten() before dense(...)",
        Refusal.of(() -> image.conv2d(16, 5, relu()).dense(10, softmax())));
    assertEquals(
        "dense(10) takes vectors, but images(1, 28, 28) gives images of shape [1, 28, 28]:"
            + " write flatten() before dense(...)",
        Refusal.of(() -> image.dense(10, softmax())));
    assertEquals(
        "conv2d(6, 5) takes images, but inputs(784) gives shape [784]: begin with"
            + " Network.images(1, 28, 28) and put it before flatten()",
        Refusal.of(() -> Network.inputs(784).conv2d(6, 5, relu())));
    assertEquals(
        "maxPool(2) takes images, but flatten() gives shape [784]: begin with"
            + " Network.images(1, 28, 28) and put it before flatten()",
        Refusal.of(() -> image.flatten().maxPool(2)));
    assertEquals(
        "layerNorm() takes vectors or sequences, but images(1, 28, 28) gives images of shape"
            + " [1, 28, 28]: use batchNorm(), or write flatten() before it",
        Refusal.of(image::layerNorm));
    assertEquals(
        "softmax() shares out among the numbers of a vector, so conv2d(2, 3) cannot have it: end"
            + " the network in flatten().dense(10, softmax())",
        Refusal.of(() -> image.conv2d(2, 3, softmax())));
    assertEquals(
        "softmax() shares out among the numbers of a vector, so activation(...) on an image cannot"
            + " have it: end the network in flatten().dense(10, softmax())",
        Refusal.of(() -> image.activation(softmax())));
  }

  @Test
  void windowsMustFit() {
    var image = Network.images(1, 4, 6);
    assertEquals(
        "conv2d(2, 5, relu()) looks at 5 x 5 numbers at a time, but the image before it is 4 x 6:"
            + " use a smaller one",
        Refusal.of(() -> image.conv2d(2, 5, relu()).flatten()));
    assertEquals(
        "maxPool(5) looks at 5 x 5 numbers at a time, but the image before it is 4 x 6:"
            + " use a smaller one",
        Refusal.of(() -> image.maxPool(5).flatten()));
    assertEquals(
        "the padding of conv2d(2, 3) is from 0 to 2, or kernels would see zeros alone, got 3:"
            + " padding(1) keeps the image's size",
        Refusal.of(() -> image.conv2d(2, 3, relu()).padding(3)));
    assertEquals(
        "a stride is at least 1, got 0: write for example stride(2)",
        Refusal.of(() -> image.conv2d(2, 3, relu()).stride(0)));
    assertEquals(
        "padding(1) belongs to a conv2d, but the last layer is maxPool(2): write it right after"
            + " conv2d(...)",
        Refusal.of(() -> image.maxPool(2).padding(1)));
    assertEquals(
        "stride(...) belongs to a conv2d or a pooling, but the last layer is flatten(): write it"
            + " right after conv2d(...)",
        Refusal.of(() -> image.flatten().stride(2)));
    assertEquals(
        "maxPool(size) has a window of at least 1, got 0: write for example maxPool(2)",
        Refusal.of(() -> image.maxPool(0)));
  }

  @Test
  void sizesAreChecked() {
    assertEquals(
        "an image has at least 1 channel, 1 row and 1 column, got images(0, 28, 28): write for"
            + " example Network.images(1, 28, 28)",
        Refusal.of(() -> Network.images(0, 28, 28)));
    assertEquals(
        "an image has at most 67108864 numbers, got images(3, 100000, 100000): use smaller ones",
        Refusal.of(() -> Network.images(3, 100_000, 100_000)));
    assertEquals(
        "a convolution has at least 1 channel and a kernel of at least 1, got conv2d(0, 5): write"
            + " for example conv2d(6, 5, relu())",
        Refusal.of(() -> Network.images(1, 28, 28).conv2d(0, 5, relu())));
    assertEquals(
        "a layer has at most 67108864 outputs, but conv2d(100000, 1) on images of shape"
            + " [1, 28, 28] has more: use fewer channels",
        Refusal.of(() -> Network.images(1, 28, 28).conv2d(100_000, 1, relu())));
    var data = Datasets.digits().train();
    var small = Network.images(1, 4, 4).flatten().dense(10, softmax()).loss(crossEntropy());
    assertTrue(
        Refusal.of(() -> small.accuracy(data))
            .endsWith(
                "has 64 features, so begin with images whose channels x height x width are 64"));
    assertEquals(
        "images(1, 4, 4) expects 16 inputs, got a sample of 2 numbers: give one for each input",
        Refusal.of(() -> small.forward(1, 2)));
  }

  @Test
  void givenWeightsAreCounted() {
    var conv = Network.images(2, 5, 5).conv2d(3, 2, relu());
    assertEquals(
        "conv2d(3, 2) on 2 channels has 3 x 2 x 2 x 2 = 24 weights, kernel by kernel, got 2: give"
            + " that many",
        Refusal.of(() -> conv.weights(1, 2)));
    assertEquals(
        "conv2d(3, 2) has 3 biases, one per channel, got 1: give that many",
        Refusal.of(() -> conv.biases(1)));
    assertEquals(
        "weights(...) are given to a dense or conv2d layer, but the last one is flatten(): write"
            + " them right after it",
        Refusal.of(() -> conv.flatten().weights(1)));
    assertEquals(
        "given",
        conv.weights(new double[24]).flatten().loss(squaredError()).layers().get(0).start());
  }

  @Test
  void aNetworkEndsInAVector() {
    var image = Network.images(1, 4, 4);
    assertEquals(
        "a loss compares vectors, but maxPool(2) gives images of shape [1, 2, 2]: add"
            + " flatten().dense(10, softmax())",
        Refusal.of(() -> image.maxPool(2).loss(squaredError())));
    assertEquals(
        "a loss compares vectors, but activation(relu()) gives images of shape [1, 4, 4]: add"
            + " flatten().dense(10, softmax())",
        Refusal.of(() -> image.activation(relu()).loss(squaredError())));
    assertEquals(
        "crossEntropy() compares probabilities that sum to 1, but the last layer ends in"
            + " identity(): make it dense(16, softmax()), or use squaredError()",
        Refusal.of(() -> image.flatten().loss(crossEntropy())));
    var split = Network.inputs(2).dense(3, identity()).activation(softmax()).loss(crossEntropy());
    var whole = Network.inputs(2).dense(3, softmax()).init(Initializers.xavier(1));
    assertArrayEquals(
        whole.loss(crossEntropy()).forward(1, 2).target(1).backward().gradient(),
        split.forward(1, 2).target(1).backward().gradient());
  }
}
