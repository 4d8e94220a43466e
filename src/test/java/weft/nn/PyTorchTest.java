package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.gelu;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.leakyRelu;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.sigmoid;
import static weft.nn.Activations.silu;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Losses.absoluteError;
import static weft.nn.Losses.binaryCrossEntropy;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.halfSquaredError;
import static weft.nn.Losses.huber;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.adam;
import static weft.nn.Optimizers.adamW;
import static weft.nn.Optimizers.lamb;
import static weft.nn.Optimizers.sgd;
import static weft.nn.Schedules.constant;
import static weft.nn.Schedules.cosine;
import static weft.nn.Schedules.oneCycle;
import static weft.nn.Schedules.step;
import static weft.nn.Schedules.warmUp;

import com.google.gson.Gson;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import weft.nn.compute.Team;

/**
 * Every layer, loss, optimiser and schedule against what PyTorch computes in float64: {@code
 * src/test/python/oracles.py} wrote the figures.
 */
class PyTorchTest {
  /** One case of the file. */
  @SuppressWarnings("ArrayRecordComponent")
  record Case(
      String name,
      double[][] inputs,
      int[][] classes,
      double[][] targets,
      double[] start,
      double[] outputs,
      double loss,
      double[] gradient,
      double[] after,
      double[] statistics,
      double[] evaluated) {
    @Override
    public String toString() {
      return name;
    }

    int rows() {
      return inputs.length;
    }
  }

  record File(String pytorch, List<Case> cases, Map<String, double[]> rates) {}

  private static File file() {
    var stream = PyTorchTest.class.getResourceAsStream("pytorch.json.gz");
    try (var reader =
        new InputStreamReader(
            new GZIPInputStream(Objects.requireNonNull(stream)), StandardCharsets.UTF_8)) {
      return new Gson().fromJson(reader, File.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Arguments> cases() {
    return file().cases().stream()
        .flatMap(
            each ->
                Stream.of(Precision.FLOAT64, Precision.FLOAT32)
                    .map(precision -> Arguments.of(each, precision)));
  }

  static Stream<Arguments> rates() {
    return file().rates().entrySet().stream()
        .map(each -> Arguments.of(schedule(each.getKey()), each.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rates")
  void aScheduleGivesPyTorchsRates(RateSchedule schedule, double[] expected) {
    assertArrayEquals(expected, schedule.over(expected.length).rates(), 1e-12);
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("cases")
  void agreesWithPyTorch(Case expected, Precision precision) {
    double tolerance = precision == Precision.FLOAT64 ? 1e-12 : 1e-5;
    var network = network(expected.name()).precision(precision).withValues(expected.start());
    var data = data(expected, network);
    int[] rows = IntStream.range(0, expected.rows()).toArray();

    var engine = Engine.of(network, precision, rows.length, Engine.Use.LEARN, Team.ALONE);
    engine.load(data, rows, 0, rows.length);
    engine.forward(rows.length, true, 0, 0);
    close("outputs", expected.outputs(), outputs(engine, network, rows.length), tolerance);

    var replica = Replica.of(network, optimizer(expected.name()));
    double loss = replica.backward(data, rows, 0, rows.length, rows.length) / rows.length;
    assertEquals(expected.loss(), loss, tolerance * expected.loss());
    engine.backward(rows.length, 1.0 / rows.length, false);
    close("gradient", expected.gradient(), engine.gradientCopy(), tolerance);
    replica.step();
    for (int update = 1; update < 10; update++) {
      replica.backward(data, rows, 0, rows.length, rows.length);
      replica.step();
    }
    close("after ten updates", expected.after(), replica.network().values(), tolerance);
    var trained = replica.network();
    close("statistics", expected.statistics(), trained.statistics(), tolerance);
    var judge = Engine.of(trained, precision, rows.length, Engine.Use.EVALUATE, Team.ALONE);
    judge.load(data, rows, 0, rows.length);
    judge.forward(rows.length);
    close("evaluated", expected.evaluated(), outputs(judge, trained, rows.length), tolerance);
  }

  /**
   * Close beside the largest of all: a number that cancels to almost 0 has no digits of its own.
   */
  private static void close(String what, double[] expected, double[] actual, double tolerance) {
    assertEquals(expected.length, actual.length, what);
    double largest = 0;
    double error = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      error = Math.max(error, Math.abs(expected[i] - actual[i]));
    }
    assertTrue(
        error <= tolerance * largest, what + " differ by " + error + " of at most " + largest);
  }

  private static double[] outputs(Engine engine, Network network, int rows) {
    int width = network.out().size();
    double[] outputs = new double[rows * width];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = engine.output(i / width, i % width);
    }
    return outputs;
  }

  private static Dataset data(Case given, Network network) {
    if (given.classes() == null) {
      return Dataset.of(given.inputs(), given.targets());
    }
    int features = given.inputs()[0].length;
    float[] values = new float[given.rows() * features];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) given.inputs()[i / features][i % features];
    }
    int positions = given.classes()[0].length;
    int[] labels = Stream.of(given.classes()).flatMapToInt(IntStream::of).toArray();
    return new Dataset(
        given.name(), "", names(features), names(network.outputs()), values, labels, positions);
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(String::valueOf).toList();
  }

  private static Optimizer optimizer(String name) {
    return switch (name) {
      case "optimiser-momentum" -> sgd(0.05).momentum(0.9);
      case "optimiser-nesterov" -> sgd(0.05).momentum(0.9).nesterov();
      case "optimiser-sgd-decay" -> sgd(0.05).momentum(0.9).weightDecay(0.1);
      case "optimiser-adam" -> adam(0.01);
      case "optimiser-adam-decay" -> adam(0.01).weightDecay(0.1);
      case "optimiser-adamW" -> adamW(0.01).weightDecay(0.1);
      case "optimiser-adamW-betas" -> adamW(0.01).betas(0.8, 0.95).epsilon(1e-6).weightDecay(0.01);
      case "optimiser-lamb" -> lamb(0.01);
      case "optimiser-lamb-decay" -> lamb(0.02).betas(0.8, 0.95).epsilon(1e-4).weightDecay(0.1);
      case "experts-all" -> adamW(0.01).weightDecay(0.1);
      case "optimiser-clipped" -> sgd(0.1).clipNorm(0.5);
      case "schedule-step" -> sgd(0.1).schedule(step(3, 0.5));
      case "schedule-cosine" -> sgd(0.1).schedule(cosine(10));
      case "schedule-oneCycle" -> sgd(0.1).schedule(oneCycle(10));
      case "schedule-warmUp" -> sgd(0.1).schedule(warmUp(4));
      case "schedule-cosine-floor" -> sgd(0.1).schedule(cosine(10, 0.2));
      case "schedule-warmUp-then-cosine" -> sgd(0.1).schedule(warmUp(4).then(cosine(8)));
      default -> sgd(0.1);
    };
  }

  private static RateSchedule schedule(String cell) {
    return Stream.of(
            constant(),
            step(7, 0.3),
            cosine(40),
            cosine(40, 0.1),
            warmUp(10),
            warmUp(10).then(cosine(30)),
            oneCycle(40))
        .filter(each -> each.toString().equals(cell))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no schedule " + cell));
  }

  private static Network network(String name) {
    if (name.startsWith("dense-")) {
      return hidden(activation(name.substring("dense-".length())), squaredError());
    }
    if (name.startsWith("optimiser-") || name.startsWith("schedule-")) {
      return hidden(tanh(), squaredError());
    }
    if (name.startsWith("loss-")) {
      return loss(name.substring("loss-".length()));
    }
    return name.startsWith("conv2d") || name.contains("Pool") || name.contains("images")
        ? image(name)
        : other(name);
  }

  private static Activation activation(String name) {
    return switch (name) {
      case "relu" -> relu();
      case "leakyRelu" -> leakyRelu(0.1);
      case "gelu" -> gelu();
      case "silu" -> silu();
      case "sigmoid" -> sigmoid();
      case "tanh" -> tanh();
      case "softmax" -> softmax();
      default -> identity();
    };
  }

  private static Network hidden(Activation activation, Loss loss) {
    return Network.inputs(5).dense(6, activation).dense(3, identity()).loss(loss);
  }

  private static Network loss(String name) {
    return switch (name) {
      case "squaredError" -> hidden(tanh(), squaredError());
      case "halfSquaredError" -> hidden(tanh(), halfSquaredError());
      case "absoluteError" -> hidden(tanh(), absoluteError());
      case "huber" -> hidden(tanh(), huber(0.5));
      case "binaryCrossEntropy" ->
          Network.inputs(5).dense(6, tanh()).dense(3, sigmoid()).loss(binaryCrossEntropy());
      default -> Network.inputs(5).dense(6, tanh()).dense(4, softmax()).loss(crossEntropy());
    };
  }

  private static Network image(String name) {
    var images = Network.images(2, 8, 8);
    var layers =
        switch (name) {
          case "conv2d" -> images.conv2d(3, 3, relu());
          case "conv2d-padding" -> images.conv2d(3, 5, tanh()).padding(2);
          case "conv2d-stride" -> images.conv2d(3, 3, gelu()).padding(1).stride(2);
          case "conv2d-twice" ->
              images.conv2d(4, 3, relu()).padding(1).conv2d(3, 3, sigmoid()).stride(2);
          case "maxPool" -> images.conv2d(3, 3, tanh()).padding(1).maxPool(2);
          case "maxPool-overlapping" -> images.conv2d(3, 3, tanh()).padding(1).maxPool(3).stride(2);
          case "averagePool" -> images.conv2d(3, 3, tanh()).padding(1).averagePool(2);
          default -> images.conv2d(3, 3, identity()).padding(1).batchNorm().activation(relu());
        };
    return layers.flatten().dense(3, softmax()).loss(crossEntropy());
  }

  private static Network other(String name) {
    var tokens = Network.tokens(7, 6).embedding(8);
    return switch (name) {
      case "lenet" ->
          Network.images(1, 12, 12)
              .conv2d(6, 5, relu())
              .padding(2)
              .maxPool(2)
              .conv2d(8, 3, relu())
              .maxPool(2)
              .flatten()
              .dense(4, softmax())
              .loss(crossEntropy());
      case "batchNorm-vectors" ->
          vectors().batchNorm().activation(tanh()).dense(3, identity()).loss(squaredError());
      case "layerNorm-vectors" ->
          vectors().layerNorm().activation(tanh()).dense(3, identity()).loss(squaredError());
      case "dropout" ->
          Network.inputs(5)
              .dense(7, tanh())
              .dropout(0.4)
              .dense(6, relu())
              .dropout(0.25)
              .dense(3, identity())
              .loss(squaredError());
      case "residual" ->
          vectors()
              .residual(inside -> inside.dense(6, relu()).dense(6, identity()))
              .dense(3, identity())
              .loss(squaredError());
      case "embedding" -> classified(tokens, 5);
      case "positions" -> classified(tokens.positions(), 5);
      case "recurrent" -> classified(tokens.recurrent(5), 4);
      case "recurrent-last" -> classified(tokens.recurrent(5).lastStep(), 4);
      case "lstm" -> classified(tokens.lstm(5), 4);
      case "lstm-last" -> classified(tokens.lstm(5).lastStep(), 4);
      case "attention" -> classified(tokens.attention(2), 4);
      case "causalAttention" -> classified(tokens.causalAttention(4), 4);
      case "layerNorm-sequence" -> classified(tokens.layerNorm(), 4);
      case "transformer" -> transformer(tokens);
      case "experts" -> predicting(vectors().experts(5, 2, 7, silu()));
      case "experts-one" -> predicting(vectors().experts(3, 1, 4, tanh()));
      case "experts-all" -> predicting(vectors().experts(3, 3, 4, relu()));
      case "experts-sequence" ->
          classified(tokens.residual(inside -> inside.layerNorm().experts(4, 2, 16, gelu())), 4);
      default -> throw new IllegalArgumentException("no network for the case " + name);
    };
  }

  private static NetworkBuilder vectors() {
    return Network.inputs(5).dense(6, identity());
  }

  private static Network predicting(NetworkBuilder layers) {
    return layers.dense(3, identity()).loss(squaredError());
  }

  private static Network classified(NetworkBuilder layers, int classes) {
    return layers.dense(classes, softmax()).loss(crossEntropy());
  }

  private static Network transformer(NetworkBuilder tokens) {
    var layers = tokens.positions();
    for (int block = 0; block < 2; block++) {
      layers =
          layers
              .residual(inside -> inside.layerNorm().causalAttention(2))
              .residual(inside -> inside.layerNorm().dense(32, gelu()).dense(8, identity()));
    }
    return classified(layers.layerNorm(), 7);
  }
}
