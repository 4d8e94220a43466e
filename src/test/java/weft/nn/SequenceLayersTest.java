package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.gelu;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.silu;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.xavier;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.apache.commons.math3.util.FastMath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import weft.nn.compute.Team;

/** Layers over sequences: against differences of the loss, and against sums written out. */
class SequenceLayersTest {
  private static final int VOCABULARY = 5;
  private static final int STEPS = 7;

  /** Layers between an embedding of width 4 and the predictions. */
  static List<Arguments> layers() {
    return List.of(
        named("embedding alone", b -> b),
        named("positions", b -> b.positions()),
        named("layer norm", b -> b.layerNorm()),
        named("recurrent", b -> b.recurrent(3)),
        named("two recurrent", b -> b.recurrent(3).recurrent(4)),
        named("lstm", b -> b.lstm(3)),
        named("two lstm", b -> b.lstm(3).lstm(2)),
        named("attention", b -> b.attention(2)),
        named("causal attention", b -> b.causalAttention(2)),
        named("residual", b -> b.residual(r -> r.dense(6, gelu()).dense(4, identity()))),
        named("residual that ends in silu", b -> b.residual(r -> r.dense(4, silu()))),
        named("one of many experts", b -> b.experts(4, 1, 3, tanh())),
        named("two of three experts", b -> b.experts(3, 2, 5, gelu())),
        named("all experts", b -> b.residual(r -> r.layerNorm().experts(2, 2, 3, relu()))),
        named("transformer", SequenceLayersTest::block));
  }

  private static Arguments named(String name, UnaryOperator<NetworkBuilder> layers) {
    return Arguments.of(name, layers);
  }

  private static NetworkBuilder block(NetworkBuilder b) {
    return b.positions()
        .residual(r -> r.layerNorm().causalAttention(2))
        .residual(r -> r.layerNorm().dense(8, gelu()).dense(4, identity()))
        .layerNorm();
  }

  private static Network network(UnaryOperator<NetworkBuilder> layers) {
    var built = layers.apply(Network.tokens(VOCABULARY, STEPS).embedding(4).init(xavier(3)));
    return spread(built.dense(VOCABULARY, softmax()).loss(crossEntropy()));
  }

  /** The same layers with parameters that are not near 0, where a mistake could hide. */
  private static Network spread(Network net) {
    var engine = Engine.of(net, Precision.FLOAT64, 1, Engine.Use.LEARN, Team.ALONE);
    var random = new Random(11);
    for (int i = 0; i < net.parameters(); i++) {
      engine.parameter(i, net.values()[i] + 0.5 * random.nextGaussian());
    }
    return net.trainedBy(engine);
  }

  private static double[] drawn(long seed) {
    return new Random(seed).ints(STEPS, 0, VOCABULARY).asDoubleStream().toArray();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void gradientIsTheSlopeOfTheLoss(String name, UnaryOperator<NetworkBuilder> layers) {
    var check = network(layers).forward(drawn(1)).target(drawn(2)).backward().gradientCheck();

    double worst = check.doubleColumn("relative error").max();
    assertTrue(worst < 1e-7, () -> "relative error " + worst + "\n" + check.printAll());
  }

  @Test
  void lastStepPassesItsGradientToTheLastStepAlone() {
    var net =
        spread(
            Network.tokens(VOCABULARY, STEPS)
                .embedding(4)
                .lstm(3)
                .lastStep()
                .dense(3, softmax())
                .loss(crossEntropy()));

    var check = net.forward(drawn(1)).target(2).backward().gradientCheck();

    assertTrue(check.doubleColumn("relative error").max() < 1e-7);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("layers")
  void bothPrecisionsAgree(String name, UnaryOperator<NetworkBuilder> layers) {
    var net = network(layers);
    double[] exact = gradient(net, Precision.FLOAT64, 1, 9);
    double[] single = gradient(net, Precision.FLOAT32, 1, 9);

    double largest =
        IntStream.range(0, exact.length).mapToDouble(i -> Math.abs(exact[i])).max().orElse(0);
    assertArrayEquals(exact, single, 1e-5 * Math.max(1, largest));
  }

  /** Enough rows that every layer cuts its work. */
  private static double[] gradient(Network net, Precision precision, int threads, int rows) {
    try (var team = Team.of(threads)) {
      var engine = Engine.of(net, precision, rows, Engine.Use.LEARN, team);
      load(engine, net, rows);
      engine.forward(rows, true, 1, 0);
      engine.backward(rows, 1.0 / rows, false);
      return engine.gradientCopy();
    }
  }

  private static void load(Engine engine, Network net, int rows) {
    engine.load(data(net, rows), IntStream.range(0, rows).toArray(), 0, rows);
  }

  private static Dataset data(Network net, int rows) {
    int length = net.inputs();
    int vocabulary = net.in().vocabulary();
    var random = new Random(5);
    float[] tokens = new float[rows * length];
    int[] next = new int[rows * length];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = random.nextInt(vocabulary);
      next[i] = random.nextInt(vocabulary);
    }
    var features = IntStream.range(0, length).mapToObj(String::valueOf).toList();
    var classes = IntStream.range(0, vocabulary).mapToObj(String::valueOf).toList();
    return new Dataset("drawn", "Drawn.", features, classes, tokens, next, length);
  }

  private static Network large(UnaryOperator<NetworkBuilder> layers) {
    return layers
        .apply(Network.tokens(20, 80).embedding(32))
        .dense(20, softmax())
        .loss(crossEntropy());
  }

  static List<Arguments> largeLayers() {
    return List.of(
        named("recurrent", b -> b.recurrent(32)),
        named("lstm", b -> b.lstm(32)),
        named(
            "transformer",
            b ->
                b.positions()
                    .residual(r -> r.layerNorm().causalAttention(4))
                    .residual(r -> r.layerNorm().dense(64, gelu()).dense(32, identity()))
                    .layerNorm()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("largeLayers")
  void theNumberOfThreadsChangesNoBit(String name, UnaryOperator<NetworkBuilder> layers) {
    var net = large(layers);
    assertArrayEquals(
        gradient(net, Precision.FLOAT32, 1, 32), gradient(net, Precision.FLOAT32, 3, 32));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("largeLayers")
  void stepsDoNotAllocate(String name, UnaryOperator<NetworkBuilder> layers) {
    var net = large(layers);
    var engine = Engine.of(net, Precision.FLOAT32, 8, Engine.Use.LEARN, Team.ALONE);
    var updater = Updater.of(sgd(0.01), Precision.FLOAT32, net.layers());
    load(engine, net, 8);
    for (int i = 0; i < 200; i++) {
      step(engine, updater);
    }
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    for (int i = 0; i < 10; i++) {
      step(engine, updater);
    }
    long allocated = threads.getThreadAllocatedBytes(thread) - before;
    assertTrue(allocated < 2000, () -> allocated + " bytes");
  }

  private static void step(Engine engine, Updater updater) {
    engine.forward(8, true, 1, 0);
    engine.loss(8);
    engine.backward(8, 1.0 / 8, false);
    engine.update(updater);
  }

  /** Blocks of 64 queries over 80 steps, and steps that must not see later ones. */
  @Test
  void attentionIsTheWeightedMeanOfTheValues() {
    for (boolean causal : new boolean[] {false, true}) {
      var builder = Network.tokens(6, 80).embedding(4);
      var net =
          spread(
              (causal ? builder.causalAttention(2) : builder.attention(2))
                  .dense(6, softmax())
                  .loss(crossEntropy()));
      double[] tokens = new Random(3).ints(80, 0, 6).asDoubleStream().toArray();
      var trace = Trace.forward(net, tokens, null);
      double[][] x = rows(trace.activations()[0], 4);
      double[] expected = attention(x, net.values(), 6 * 4, 2, causal);
      assertArrayEquals(expected, trace.activations()[1], 1e-12);
    }
  }

  private static double[][] rows(double[] flat, int width) {
    double[][] rows = new double[flat.length / width][width];
    for (int i = 0; i < flat.length; i++) {
      rows[i / width][i % width] = flat[i];
    }
    return rows;
  }

  private static double[] attention(
      double[][] x, double[] parameters, int offset, int heads, boolean causal) {
    int d = x[0].length;
    int size = d / heads;
    double[][] made = linear(x, parameters, offset, 3 * d);
    double[][] mixed = new double[x.length][d];
    for (int h = 0; h < heads; h++) {
      for (int t = 0; t < x.length; t++) {
        int end = causal ? t + 1 : x.length;
        double total = 0;
        for (int s = 0; s < end; s++) {
          double product = 0;
          for (int i = 0; i < size; i++) {
            product += made[t][h * size + i] * made[s][d + h * size + i];
          }
          double weight = FastMath.exp(product / Math.sqrt(size));
          total += weight;
          for (int i = 0; i < size; i++) {
            mixed[t][h * size + i] += weight * made[s][2 * d + h * size + i];
          }
        }
        for (int i = 0; i < size; i++) {
          mixed[t][h * size + i] /= total;
        }
      }
    }
    double[][] out = linear(mixed, parameters, offset + 3 * d * d + 3 * d, d);
    return java.util.Arrays.stream(out).flatMapToDouble(java.util.Arrays::stream).toArray();
  }

  private static double[][] linear(double[][] x, double[] parameters, int offset, int outs) {
    int ins = x[0].length;
    double[][] y = new double[x.length][outs];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < outs; o++) {
        y[t][o] = parameters[offset + outs * ins + o];
        for (int i = 0; i < ins; i++) {
          y[t][o] += parameters[offset + o * ins + i] * x[t][i];
        }
      }
    }
    return y;
  }

  @Test
  void lstmFollowsItsEquations() {
    var net =
        spread(
            Network.tokens(VOCABULARY, STEPS)
                .embedding(2)
                .lstm(2)
                .dense(2, softmax())
                .loss(crossEntropy()));
    var trace = Trace.forward(net, drawn(4), null);
    double[][] x = rows(trace.activations()[0], 2);
    double[] p = net.values();
    int w = VOCABULARY * 2;
    double[] h = new double[2];
    double[] c = new double[2];
    for (int t = 0; t < STEPS; t++) {
      double[] z = new double[8];
      for (int g = 0; g < 8; g++) {
        z[g] = p[w + 32 + g];
        for (int i = 0; i < 2; i++) {
          z[g] += p[w + g * 2 + i] * x[t][i] + p[w + 16 + g * 2 + i] * h[i];
        }
      }
      for (int n = 0; n < 2; n++) {
        c[n] = sigmoid(z[2 + n]) * c[n] + sigmoid(z[n]) * FastMath.tanh(z[4 + n]);
        h[n] = sigmoid(z[6 + n]) * FastMath.tanh(c[n]);
        assertEquals(h[n], trace.activations()[1][t * 2 + n], 1e-14);
      }
    }
  }

  private static double sigmoid(double z) {
    return 1 / (1 + FastMath.exp(-z));
  }

  @Test
  void recurrentFollowsItsEquation() {
    var net =
        spread(
            Network.tokens(VOCABULARY, STEPS)
                .embedding(1)
                .recurrent(1)
                .dense(2, softmax())
                .loss(crossEntropy()));
    var trace = Trace.forward(net, drawn(4), null);
    double[] p = net.values();
    double h = 0;
    for (int t = 0; t < STEPS; t++) {
      h = FastMath.tanh(p[5] * trace.activations()[0][t] + p[6] * h + p[7]);
      assertEquals(h, trace.activations()[1][t], 1e-15);
    }
  }

  @Test
  void layerNormGivesMean0AndVariance1() {
    var net = Network.inputs(4).layerNorm().loss(squaredError());
    double[] y = net.forward(1, 2, 3, 6).outputs();
    double factor = 1 / Math.sqrt(3.5 + 1e-5);
    assertArrayEquals(new double[] {-2 * factor, -factor, 0, 3 * factor}, y, 1e-15);
  }

  @Test
  void theLossIsTheMeanOverThePositions() {
    var net = Network.tokens(4, 10).embedding(3).dense(4, softmax()).loss(crossEntropy());
    // an embedding of 0.02 leaves all classes about equally likely
    assertEquals(FastMath.log(4), net.loss(data(net, 6)), 0.1);
    var flat = Network.tokens(4, 10).embedding(3).dense(4, softmax()).weights(new double[12]);
    assertEquals(FastMath.log(4), flat.loss(crossEntropy()).loss(data(net, 6)), 1e-6);
  }

  @Test
  void sendsEachResidualLayerItsOwnDraws() {
    var net =
        Network.inputs(8)
            .residual(b -> b.dense(8, identity()).dense(8, identity()))
            .residual(b -> b.dense(8, identity()))
            .loss(squaredError());
    assertEquals("xavier(1), xavier(1), xavier(1)", net.start());
    double[] v = net.values();
    assertTrue(v[0] != v[72] && v[0] != v[144] && v[72] != v[144]);
    assertEquals(v[0], net.parameter("L1.1.weights[0,0]"));
  }

  @Test
  void refusesWhatDoesNotFit() {
    var tokens = Network.tokens(5, 7);
    assertEquals(
        "embedding(...) takes tokens, but it is given [4]: begin with Network.tokens(vocabulary, length)",
        Refusal.of(() -> Network.inputs(4).embedding(3)));
    assertEquals(
        "lstm(...) takes a sequence, but it is given [4]: put it after Network.tokens(...).embedding(...)",
        Refusal.of(() -> Network.inputs(4).lstm(3)));
    assertEquals(
        "the heads of attention share out the 4 numbers of a step evenly, got attention(3): give a divisor of 4",
        Refusal.of(() -> tokens.embedding(4).attention(3)));
    assertEquals(
        "residual(...) adds its input [7, 4] to what its layers give, which is [7, 6]: end it in a layer that gives [7, 4]",
        Refusal.of(() -> tokens.embedding(4).residual(b -> b.recurrent(6))));
    assertEquals(
        "residual(...) needs at least one layer, added to the builder it is given: write for example residual(b -> b.dense(128, relu()))",
        Refusal.of(() -> tokens.embedding(4).residual(b -> b)));
    assertEquals(
        "dense(...) multiplies its inputs, but tokens are names: put embedding(...) before it",
        Refusal.of(() -> tokens.dense(4, identity())));
    assertEquals(
        "a recurrent layer has at least 1 neuron, got 0: write for example recurrent(64)",
        Refusal.of(() -> tokens.embedding(4).recurrent(0)));
    var net = network(b -> b);
    assertEquals(
        "a token is a whole number from 0 to 4, got 5.0: give the network's tokens(...) the vocabulary of its data",
        Refusal.of(() -> net.forward(0, 1, 2, 3, 4, 5, 0)));
    assertEquals(
        "the network predicts 7 classes a sample, but the rows of d have 1: put lastStep() before the last layer",
        Refusal.of(() -> net.loss(single())));
  }

  private static Dataset single() {
    return new Dataset(
        "d",
        "",
        List.of("a", "b", "c", "d", "e", "f", "g"),
        List.of("0", "1", "2", "3", "4"),
        new float[7],
        new int[1]);
  }
}
