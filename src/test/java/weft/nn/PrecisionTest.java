package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import weft.nn.compute.Team;

/** Mixed precision: what is rounded, and what it costs. */
class PrecisionTest {
  private static final Dataset DATA = Datasets.digits().train();
  private static final int[] ROWS = IntStream.range(0, DATA.size()).toArray();

  private static Network digits(Precision precision) {
    return Network.inputs(64)
        .dense(32, relu())
        .dense(10, softmax())
        .init(he(1))
        .precision(precision)
        .loss(crossEntropy());
  }

  @Test
  void formatsHaveTheirSizesAndNumbers() {
    assertArrayEquals(
        new int[] {4, 8, 2, 2, 1},
        Arrays.stream(Precision.values()).mapToInt(Precision::bytes).toArray());
    assertArrayEquals(
        new double[] {0.1f, 0.1, 0.10009765625, 0.0999755859375, 0.1015625},
        Arrays.stream(Precision.values()).mapToDouble(p -> p.round(0.1)).toArray());
    assertEquals("bfloat16", Precision.BFLOAT16.toString());
    assertEquals(Precision.FLOAT32, Precision.FLOAT8.stored());
    assertEquals(Precision.FLOAT64, Precision.FLOAT64.stored());
  }

  /** 1 + 2^-9 is 1 in bfloat16: weights and hidden outputs are rounded, inputs and results not. */
  @Test
  void weightsAndHiddenOutputsAreRoundedInTheForwardPass() {
    double fine = 1 + Math.scalb(1, -9);
    var net =
        Network.inputs(1)
            .dense(1, identity())
            .weights(fine)
            .biases(0)
            .dense(1, identity())
            .weights(1)
            .biases(0)
            .precision(Precision.BFLOAT16)
            .loss(squaredError());
    assertEquals(1, output(net, 1), "the weight is rounded");
    assertEquals(1, output(net, fine), "the hidden output is rounded");
    var single = net.precision(Precision.FLOAT32);
    assertEquals((float) (fine * fine), output(single, fine));
    var last =
        Network.inputs(1)
            .dense(1, identity())
            .weights(1)
            .biases(0)
            .precision(Precision.BFLOAT16)
            .loss(squaredError());
    assertEquals(fine, output(last, fine), "neither an input nor the last output is rounded");
  }

  private static double output(Network net, double input) {
    var engine = Engine.of(net, net.precision(), 1, Engine.Use.EVALUATE, Team.ALONE);
    engine.load(0, new double[] {input}, new double[] {0});
    engine.forward(1);
    return engine.output(0, 0);
  }

  /** Steps too small for the format still add up in the master weights. */
  @ParameterizedTest
  @EnumSource(names = {"BFLOAT16", "FLOAT16", "FLOAT8"})
  void masterWeightsKeepWhatTheFormatWouldLose(Precision precision) {
    var replica = Replica.of(digits(precision), sgd(1));
    float before = (float) replica.network().values()[7];
    for (int i = 0; i < 8; i++) {
      Arrays.fill(replica.gradient().floats(), 1e-5f);
      replica.step();
    }
    assertEquals(before - 8e-5, replica.network().values()[7], 1e-6);
  }

  @ParameterizedTest
  @CsvSource({"BFLOAT16, 0.006", "FLOAT16, 0.0008", "FLOAT8, 0.15"})
  void gradientsAreNearThoseOfSinglePrecision(Precision precision, double tolerance) {
    // Not relu(), where rounding may turn a neuron on or off
    var net = Network.inputs(64).dense(32, tanh()).dense(10, softmax()).loss(crossEntropy());
    var exact = Replica.of(net, sgd(0.1));
    var rounded = Replica.of(net.precision(precision), sgd(0.1));
    exact.backward(DATA, ROWS, 0, 100, 100);
    rounded.backward(DATA, ROWS, 0, 100, 100);
    float[] e = exact.gradient().floats();
    float[] r = rounded.gradient().floats();
    double difference = 0;
    double size = 0;
    for (int i = 0; i < e.length; i++) {
      difference += (e[i] - r[i]) * (double) (e[i] - r[i]);
      size += e[i] * (double) e[i];
    }
    double relative = Math.sqrt(difference / size);
    assertTrue(relative > 1e-5 && relative < tolerance, precision + ": " + relative);
  }

  private static Network trained(Precision precision) {
    var replica = Replica.of(digits(precision), sgd(0.1).momentum(0.9));
    for (int step = 0; step < 250; step++) {
      int from = step % 14 * 100;
      replica.backward(DATA, ROWS, from, from + 100, 100);
      replica.step();
    }
    return replica.network();
  }

  @ParameterizedTest
  @CsvSource({"BFLOAT16, 0.01", "FLOAT16, 0.01", "FLOAT8, 0.03"})
  void digitsAreLearnedAlmostAsWell(Precision precision, double loss) {
    double exact = trained(Precision.FLOAT32).accuracy(Datasets.digits().test());
    double rounded = trained(precision).accuracy(Datasets.digits().test());
    assertTrue(exact > 0.9, "float32 " + exact);
    assertTrue(rounded >= exact - loss, precision + " " + rounded + ", float32 " + exact);
  }

  @Test
  void anOverflowSkipsTheStepAndHalvesTheLossScale() {
    var replica = Replica.of(digits(Precision.FLOAT16), sgd(0.1).momentum(0.9));
    assertEquals(65536, replica.lossScale());
    double[] before = replica.network().values();
    replica.gradient().floats()[3] = Float.POSITIVE_INFINITY;
    replica.step();
    assertArrayEquals(before, replica.network().values());
    assertEquals(32768, replica.lossScale());
    replica.gradient().floats()[3] = Float.NaN;
    replica.step();
    assertEquals(16384, replica.lossScale());
    assertEquals(2, replica.steps());
    assertEquals("0", replica.checkpoint().metadata().get("updates"));
    replica.gradient().floats()[3] = 1;
    for (int i = 0; i < 2000; i++) {
      assertEquals(16384, replica.lossScale());
      replica.step();
    }
    assertEquals(32768, replica.lossScale());
  }

  /** Gradients of 1e-7 vanish in binary16, but not once the loss is scaled. */
  @Test
  void theLossScaleKeepsSmallGradients() {
    var net =
        Network.inputs(1)
            .dense(1, identity())
            .weights(1)
            .biases(0)
            .dense(1, identity())
            .weights(1)
            .biases(0)
            .precision(Precision.FLOAT16)
            .loss(squaredError());
    var engine = Engine.of(net, net.precision(), 1, Engine.Use.LEARN, Team.ALONE);
    engine.load(0, new double[] {1}, new double[] {1 - 1e-6});
    engine.forward(1);
    engine.backward(1, 1e-3, false);
    assertEquals(2e-9, engine.gradientCopy()[0], 2e-10);
    engine.backward(1, 1e-3, true);
    assertEquals(4e-9, engine.gradientCopy()[0], 4e-10);
  }

  /** A float8 sample's result does not depend on the rest of its batch. */
  @Test
  void anEvaluatedSampleIsAloneInItsBatch() {
    var net = digits(Precision.FLOAT8);
    var alone = Engine.of(net, Precision.FLOAT8, 1, Engine.Use.EVALUATE, Team.ALONE);
    var many = Engine.of(net, Precision.FLOAT8, 64, Engine.Use.EVALUATE, Team.ALONE);
    alone.load(DATA, ROWS, 5, 6);
    alone.forward(1);
    many.load(DATA, ROWS, 0, 64);
    many.forward(64);
    assertEquals(alone.output(0, 3), many.output(5, 3), 1e-6);
    assertNotEquals(
        alone.output(0, 3), probability(net.precision(Precision.FLOAT32), 5), "rounded at all");
  }

  private static double probability(Network net, int row) {
    var engine = Engine.of(net, net.precision(), 1, Engine.Use.EVALUATE, Team.ALONE);
    engine.load(DATA, ROWS, row, row + 1);
    engine.forward(1);
    return engine.output(0, 3);
  }

  @ParameterizedTest
  @EnumSource
  void aStepAllocatesNothing(Precision precision) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var replica = Replica.of(digits(precision), sgd(0.1).momentum(0.9));
    for (int i = 0; i < 100; i++) {
      replica.backward(DATA, ROWS, 0, 64, 64);
      replica.step();
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 50; i++) {
      replica.backward(DATA, ROWS, 0, 64, 64);
      replica.step();
    }
    long allocated = (threads.getCurrentThreadAllocatedBytes() - before) / 50;
    assertTrue(allocated < 512, allocated + " bytes a step");
  }
}
