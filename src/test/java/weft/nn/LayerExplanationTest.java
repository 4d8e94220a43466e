package weft.nn;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What layers write on paper is true: each side of each equation is calculated and compared with a
 * slow reference, whose gradients are differences of its loss.
 */
class LayerExplanationTest {
  private static final double[] NONE = {};

  @Test
  void aConvolutionIsAWeightedSumOfWhatItsWindowCovers() {
    convolution(Shape.image(1, 3, 3), 2, 2, 1, 0, relu());
    convolution(Shape.image(1, 2, 2), 1, 2, 1, 1, identity());
    convolution(Shape.image(1, 4, 4), 2, 2, 2, 0, relu());
    convolution(Shape.image(3, 2, 2), 2, 1, 1, 0, relu());
    String text = convolution(Shape.image(1, 2, 2), 1, 2, 1, 1, identity()).explain().text();
    assertTrue(
        text.startsWith(
            """
            Forward pass
            layer, from [1, 2, 2] to [1, 3, 3]:
            Z1[0,0,0] = (X[0,0,0] x L1.weights[3]) + L1.weights[4]
            """),
        text);
  }

  private static ExplainedLayer convolution(
      Shape in, int channels, int kernel, int stride, int padding, Activation activation) {
    int height = (in.dimension(1) + 2 * padding - kernel) / stride + 1;
    int width = (in.dimension(2) + 2 * padding - kernel) / stride + 1;
    Shape out = Shape.image(channels, height, width);
    double[] parameters = ExplainedLayer.wave(channels * (in.dimension(0) * kernel * kernel + 1));
    var check =
        new ExplainedLayer(
            in,
            out,
            parameters,
            NONE,
            new ConvolutionExplanation(in, out, kernel, stride, padding, activation),
            (x, w) -> convolve(in, out, kernel, stride, padding, x, w),
            activation == relu());
    check.everyLineIsTrue(4 * channels);
    return check;
  }

  private static double[] convolve(
      Shape in, Shape out, int kernel, int stride, int padding, double[] x, double[] w) {
    double[] z = new double[out.size()];
    int at = 0;
    for (int o = 0; o < out.dimension(0); o++) {
      for (int r = 0; r < out.dimension(1); r++) {
        for (int c = 0; c < out.dimension(2); c++, at++) {
          z[at] = w[w.length - out.dimension(0) + o];
          int k = o * in.dimension(0) * kernel * kernel;
          for (int i = 0; i < in.dimension(0); i++) {
            for (int kr = 0; kr < kernel; kr++) {
              for (int kc = 0; kc < kernel; kc++, k++) {
                z[at] +=
                    w[k] * pixel(in, x, i, r * stride + kr - padding, c * stride + kc - padding);
              }
            }
          }
        }
      }
    }
    return z;
  }

  private static double pixel(Shape in, double[] x, int channel, int row, int column) {
    boolean inside = row >= 0 && row < in.dimension(1) && column >= 0 && column < in.dimension(2);
    return inside ? x[(channel * in.dimension(1) + row) * in.dimension(2) + column] : 0;
  }

  @Test
  void poolingTakesTheLargestOrTheMean() {
    for (boolean largest : new boolean[] {true, false}) {
      pooling(Shape.image(2, 4, 4), 2, 2, largest);
      pooling(Shape.image(1, 3, 3), 2, 1, largest);
      pooling(Shape.image(1, 5, 3), 2, 2, largest);
    }
    String text = pooling(Shape.image(1, 2, 2), 2, 2, true).explain().text();
    assertTrue(
        text.contains(
            "\nO1[0,0,0] = max(X[0,0,0], X[0,0,1], X[0,1,0], X[0,1,1]) = max(0.841471, -0.157746,"),
        text);
  }

  private static ExplainedLayer pooling(Shape in, int size, int stride, boolean largest) {
    int height = (in.dimension(1) - size) / stride + 1;
    int width = (in.dimension(2) - size) / stride + 1;
    Shape out = Shape.image(in.dimension(0), height, width);
    var check =
        new ExplainedLayer(
            in,
            out,
            NONE,
            NONE,
            new PoolingExplanation(in, out, size, stride, largest),
            (x, w) -> {
              double[] pooled = new double[out.size()];
              for (int i = 0; i < pooled.length; i++) {
                int channel = i / (height * width);
                int top = i / width % height * stride;
                int left = i % width * stride;
                double sum = 0;
                double most = Double.NEGATIVE_INFINITY;
                for (int k = 0; k < size * size; k++) {
                  double each = pixel(in, x, channel, top + k / size, left + k % size);
                  sum += each;
                  most = Math.max(most, each);
                }
                pooled[i] = largest ? most : sum / (size * size);
              }
              return pooled;
            },
            false);
    check.everyLineIsTrue(3);
    return check;
  }

  @Test
  void normalisationSubtractsTheMeanAndDividesByTheDeviation() {
    for (Shape shape : new Shape[] {Shape.vector(4), Shape.sequence(2, 3)}) {
      int width = shape.width();
      new ExplainedLayer(
              shape,
              shape,
              ExplainedLayer.wave(2 * width),
              NONE,
              new NormalizationExplanation(width, 1, false, 1e-5),
              (x, w) -> normalised(x, w, width),
              false)
          .everyLineIsTrue(8);
    }
    double[] statistics = {0.2, -0.3, 1.5, 0.7};
    Shape image = Shape.image(2, 2, 2);
    new ExplainedLayer(
            image,
            image,
            ExplainedLayer.wave(4),
            statistics,
            new NormalizationExplanation(2, 4, true, 1e-5),
            (x, w) ->
                IntStream.range(0, 8)
                    .mapToDouble(
                        i ->
                            w[i / 4]
                                    * (x[i] - statistics[i / 4])
                                    / Math.sqrt(statistics[2 + i / 4] + 1e-5)
                                + w[2 + i / 4])
                    .toArray(),
            false)
        .everyLineIsTrue(8);
  }

  private static double[] normalised(double[] x, double[] w, int width) {
    double[] y = new double[x.length];
    for (int from = 0; from < x.length; from += width) {
      double mean = Arrays.stream(x, from, from + width).average().orElseThrow();
      double variance =
          Arrays.stream(x, from, from + width)
              .map(each -> (each - mean) * (each - mean))
              .average()
              .orElseThrow();
      for (int i = 0; i < width; i++) {
        y[from + i] = w[i] * (x[from + i] - mean) / Math.sqrt(variance + 1e-5) + w[width + i];
      }
    }
    return y;
  }

  @Test
  void anEmbeddingLooksUpRows() {
    Shape in = Shape.tokens(3, 4);
    double[] tokens = {2, 0, 2, 1};
    var check =
        new ExplainedLayer(
            in,
            Shape.sequence(4, 2),
            tokens,
            ExplainedLayer.wave(6),
            NONE,
            new EmbeddingExplanation(2),
            (x, w) ->
                IntStream.range(0, 8)
                    .mapToDouble(i -> w[(int) (tokens[i / 2] * 2) + i % 2])
                    .toArray(),
            false);
    check.everyLineIsTrue(8);
    assertTrue(
        check
            .explain()
            .text()
            .contains("\ndL/dL1.weights[4] = dL/dO1[0,0] + dL/dO1[2,0] = 0.05 + 0.05 = 0.1\n"),
        check.explain().text());
  }

  @Test
  void positionsAreAdded() {
    Shape shape = Shape.sequence(2, 3);
    new ExplainedLayer(
            shape,
            shape,
            ExplainedLayer.wave(6),
            NONE,
            AdditionExplanation.INSTANCE,
            (x, w) -> IntStream.range(0, 6).mapToDouble(i -> x[i] + w[i]).toArray(),
            false)
        .everyLineIsTrue(12);
  }

  @Test
  void aRecurrentLayerSeesItsOutputsOfTheStepBefore() {
    new ExplainedLayer(
            Shape.sequence(3, 2),
            Shape.sequence(3, 2),
            ExplainedLayer.wave(10),
            NONE,
            new RecurrentExplanation(2, 2),
            (x, w) -> recurrent(x, w),
            false)
        .everyLineIsTrue(6);
  }

  private static double[] recurrent(double[] x, double[] w) {
    double[] h = new double[6];
    for (int t = 0; t < 3; t++) {
      for (int j = 0; j < 2; j++) {
        double z = w[8 + j] + w[2 * j] * x[2 * t] + w[2 * j + 1] * x[2 * t + 1];
        if (t > 0) {
          z += w[4 + 2 * j] * h[2 * t - 2] + w[5 + 2 * j] * h[2 * t - 1];
        }
        h[2 * t + j] = Math.tanh(z);
      }
    }
    return h;
  }

  @Test
  void everyGateOfAnLstmIsWrittenOut() {
    var check =
        new ExplainedLayer(
            Shape.sequence(3, 1),
            Shape.sequence(3, 2),
            ExplainedLayer.wave(32),
            NONE,
            new LstmExplanation(1, 2),
            (x, w) -> lstm(x, w),
            false);
    check.everyLineIsTrue(60);
    String text = check.explain().text();
    assertTrue(text.contains("\nc1[1,0] = (f1[1,0] x c1[0,0]) + (i1[1,0] x g1[1,0]) = "), text);
    assertTrue(text.contains("\nO1[1,0] = o1[1,0] x tanh(c1[1,0]) = "), text);
  }

  private static double[] lstm(double[] x, double[] w) {
    double[] h = new double[6];
    double[] c = new double[2];
    for (int t = 0; t < 3; t++) {
      for (int j = 0; j < 2; j++) {
        double[] z = new double[4];
        for (int gate = 0; gate < 4; gate++) {
          int row = 2 * gate + j;
          z[gate] = w[24 + row] + w[row] * x[t];
          if (t > 0) {
            z[gate] += w[8 + 2 * row] * h[2 * t - 2] + w[9 + 2 * row] * h[2 * t - 1];
          }
        }
        c[j] = c[j] / (1 + Math.exp(-z[1])) + Math.tanh(z[2]) / (1 + Math.exp(-z[0]));
        h[2 * t + j] = Math.tanh(c[j]) / (1 + Math.exp(-z[3]));
      }
    }
    return h;
  }

  @Test
  void everyScoreOfTheFirstHeadIsWrittenOut() {
    for (boolean causal : new boolean[] {true, false}) {
      Shape shape = Shape.sequence(2, 2);
      var check =
          new ExplainedLayer(
              shape,
              shape,
              ExplainedLayer.wave(24),
              NONE,
              new AttentionExplanation(2, 2, 1, causal),
              (x, w) -> attention(x, w, causal),
              false);
      check.everyLineIsTrue(40);
    }
  }

  private static double[] attention(double[] x, double[] w, boolean causal) {
    double[][] qkv = new double[2][6];
    for (int t = 0; t < 2; t++) {
      for (int r = 0; r < 6; r++) {
        qkv[t][r] = w[12 + r] + w[2 * r] * x[2 * t] + w[2 * r + 1] * x[2 * t + 1];
      }
    }
    double[] y = new double[4];
    for (int t = 0; t < 2; t++) {
      double total = 0;
      double[] made = new double[2];
      for (int u = 0; u < (causal ? t + 1 : 2); u++) {
        double dot = qkv[t][0] * qkv[u][2] + qkv[t][1] * qkv[u][3];
        double e = Math.exp(dot / Math.sqrt(2));
        total += e;
        made[0] += e * qkv[u][4];
        made[1] += e * qkv[u][5];
      }
      for (int j = 0; j < 2; j++) {
        y[2 * t + j] = w[22 + j] + (w[18 + 2 * j] * made[0] + w[19 + 2 * j] * made[1]) / total;
      }
    }
    return y;
  }

  @Test
  void activationsAndArrangementsHandOnNumberByNumber() {
    Shape shape = Shape.vector(4);
    new ExplainedLayer(
            shape,
            shape,
            NONE,
            NONE,
            new ActivationExplanation(relu(), 4, false),
            (x, w) -> Arrays.stream(x).map(each -> Math.max(0, each)).toArray(),
            false)
        .everyLineIsTrue(4);
    var flat =
        new ExplainedLayer(
            Shape.image(1, 2, 2),
            shape,
            NONE,
            NONE,
            PassingExplanation.INSTANCE,
            (x, w) -> x.clone(),
            false);
    flat.everyLineIsTrue(4);
    assertTrue(flat.explain().text().contains("\nO1 = X[0,0,0] = 0.841471\n"));
  }

  @Test
  void aDenseLayerOverASequenceSharesItsWeights() {
    Shape in = Shape.sequence(2, 3);
    Dense dense = Dense.of(in, 2, relu());
    var check =
        new ExplainedLayer(
            in,
            Shape.sequence(2, 2),
            ExplainedLayer.wave(8),
            NONE,
            new DenseExplanation(dense),
            (x, w) ->
                IntStream.range(0, 4)
                    .mapToDouble(
                        i ->
                            w[6 + i % 2]
                                + IntStream.range(0, 3)
                                    .mapToDouble(k -> x[i / 2 * 3 + k] * w[i % 2 * 3 + k])
                                    .sum())
                    .toArray(),
            true);
    check.everyLineIsTrue(8);
  }
}
