package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.sigmoid;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.he;
import static weft.nn.Initializers.xavier;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.nn.compute.Blas;

/** One worker's share of data-parallel training. */
class ReplicaTest {
  private static final Dataset DATA = Datasets.digits().train();
  private static final int[] ROWS = IntStream.range(0, 512).map(i -> i * 7).toArray();

  private static Network digits(Precision precision) {
    return Network.inputs(64)
        .dense(32, relu())
        .dense(10, softmax())
        .init(he(1))
        .precision(precision)
        .loss(crossEntropy());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 16})
  void sharesOfABatchAddUpToItsGradient(int workers) {
    var net = digits(Precision.FLOAT32);
    var whole = Replica.of(net, sgd(0.1));
    double loss = whole.backward(DATA, ROWS, 0, 512, 512);
    float[] sum = new float[net.parameters()];
    double losses = 0;
    for (int w = 0; w < workers; w++) {
      var replica = Replica.of(net, sgd(0.1));
      losses += replica.backward(DATA, ROWS, 512 * w / workers, 512 * (w + 1) / workers, 512);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += replica.gradient().floats()[i];
      }
    }
    assertArrayEquals(whole.gradient().floats(), sum, 1e-6f);
    assertEquals(loss, losses, 1e-7 * loss);
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void theBatchGradientIsTheMeanOfItsSamplesByHand(Precision precision) {
    var net = digits(precision);
    var replica = Replica.of(net, sgd(0.1));
    double loss = replica.backward(DATA, ROWS, 0, 70, 70);
    double[] mean = new double[net.parameters()];
    double losses = 0;
    for (int r = 0; r < 70; r++) {
      var pass = net.forward(DATA.inputs(ROWS[r])).target(DATA.label(ROWS[r])).backward();
      losses += pass.loss();
      for (int i = 0; i < mean.length; i++) {
        mean[i] += pass.gradient()[i] / 70;
      }
    }
    double tolerance = precision == Precision.FLOAT32 ? 1e-6 : 1e-14;
    assertArrayEquals(mean, values(replica.gradient()), tolerance);
    assertEquals(losses, loss, 70 * tolerance * 10);
  }

  private static double[] values(Gradient gradient) {
    double[] values = new double[gradient.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = gradient.bytesPerElement() == 4 ? gradient.floats()[i] : gradient.doubles()[i];
    }
    return values;
  }

  @Test
  void aStepAppliesWhatTheBufferHolds() {
    var net = digits(Precision.FLOAT64);
    var replica = Replica.of(net, sgd(0.5));
    replica.backward(DATA, ROWS, 0, 64, 64);
    Arrays.fill(replica.gradient().doubles(), 2);
    replica.step();
    assertEquals(net.values()[5] - 1, replica.network().values()[5]);
  }

  @Test
  void replicasOfOneNetworkStayTogetherAndPartByOneStep() {
    var net = digits(Precision.FLOAT32);
    var one = Replica.of(net, sgd(0.1).momentum(0.9));
    var two = Replica.of(net, sgd(0.1).momentum(0.9));
    for (int step = 0; step < 3; step++) {
      one.backward(DATA, ROWS, 0, 128, 128);
      two.backward(DATA, ROWS, 0, 128, 128);
      one.step();
      two.step();
    }
    assertTrue(one.sameParameters(two));
    one.step();
    assertFalse(one.sameParameters(two));
  }

  @Test
  void aSnapshotIsNotChangedByLaterSteps() {
    var replica = Replica.of(digits(Precision.FLOAT32), sgd(0.1));
    replica.backward(DATA, ROWS, 0, 128, 128);
    replica.step();
    var snapshot = replica.network();
    double before = snapshot.loss(DATA);
    replica.step();
    assertEquals(before, snapshot.loss(DATA));
    assertTrue(before < digits(Precision.FLOAT32).loss(DATA));
    assertTrue(Replica.of(snapshot, sgd(1)).sameParameters(Replica.of(snapshot, sgd(2))));
  }

  @Test
  void theGradientIsALiveViewOfOnePrecision() {
    var single = Replica.of(digits(Precision.FLOAT32), sgd(0.1)).gradient();
    var exact = Replica.of(digits(Precision.FLOAT64), sgd(0.1)).gradient();
    assertSame(single.floats(), single.floats());
    assertEquals(4, single.bytesPerElement());
    assertEquals(8, exact.bytesPerElement());
    assertEquals(64 * 32 + 32 + 32 * 10 + 10, exact.size());
    assertEquals(
        "this gradient is float32: read floats(), or build the network with precision(FLOAT64)",
        Refusal.of(IllegalStateException.class, single::doubles));
    assertEquals(
        "this gradient is float64: read doubles(), or build the network with precision(FLOAT32)",
        Refusal.of(IllegalStateException.class, exact::floats));
  }

  @Test
  void anEmptyShareLeavesAGradientOfZero() {
    var replica = Replica.of(digits(Precision.FLOAT32), sgd(0.1));
    replica.backward(DATA, ROWS, 0, 64, 64);
    assertEquals(0, replica.backward(DATA, ROWS, 64, 64, 64));
    assertArrayEquals(new float[replica.gradient().size()], replica.gradient().floats());
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({"FLOAT32, -813463076", "FLOAT64, -1999333437"})
  void twentyStepsGiveTheSameBitsOnEveryJdkWithTheSameKernel(Precision precision, int expected) {
    assumeTrue(Blas.description().endsWith("HASWELL"), Blas.description());
    var net =
        Network.inputs(64)
            .dense(24, relu())
            .dense(16, tanh())
            .dense(16, sigmoid())
            .dense(12, identity())
            .dense(10, softmax())
            .init(xavier(3))
            .precision(precision)
            .loss(crossEntropy());
    var replica = Replica.of(net, sgd(0.2).momentum(0.9));
    for (int step = 0; step < 20; step++) {
      replica.backward(DATA, ROWS, step * 20, step * 20 + 100, 100);
      replica.step();
    }
    assertEquals(expected, Arrays.hashCode(replica.network().values()));
  }

  @Test
  void aLossThatIsNoNumberStopsTheTraining() {
    var net = Network.inputs(64).dense(10, identity()).init(he(1)).loss(squaredError());
    var replica = Replica.of(net, sgd(100));
    var message =
        Refusal.of(
            ArithmeticException.class,
            () -> {
              for (int step = 0; step < 100; step++) {
                replica.backward(DATA, ROWS, 0, 64, 64);
                replica.step();
              }
            });
    assertTrue(
        message.matches(
            "the loss is \\S+ after \\d+ steps: the learning rate 100 is probably too"
                + " large, try sgd\\(1\\)"),
        message);
  }

  @Test
  void aShareMustLieWithinTheBatch() {
    var replica = Replica.of(digits(Precision.FLOAT32), sgd(0.1));
    assertEquals(
        "a share of a batch is rows[from, to) of at most the whole batch, got [0, 513) of 512 rows"
            + " and a batch of 600: write for example backward(data, rows, 0, rows.length,"
            + " rows.length)",
        Refusal.of(() -> replica.backward(DATA, ROWS, 0, 513, 600)));
    assertEquals(
        "a share of a batch is rows[from, to) of at most the whole batch, got [0, 64) of 512 rows"
            + " and a batch of 32: write for example backward(data, rows, 0, rows.length,"
            + " rows.length)",
        Refusal.of(() -> replica.backward(DATA, ROWS, 0, 64, 32)));
  }

  @Test
  void dataAndNetworkMustFit() {
    var narrow = Network.inputs(63).dense(10, softmax()).loss(crossEntropy());
    assertEquals(
        "dense(10) expects 63 inputs, got a batch of shape [512, 64]: the data set digits train has"
            + " 64 features, so begin with Network.inputs(64)",
        Refusal.of(() -> Replica.of(narrow, sgd(0.1)).backward(DATA, ROWS, 0, 512, 512)));
    var few = Network.inputs(64).dense(3, softmax()).loss(crossEntropy());
    assertEquals(
        "dense(3, softmax()) ends in 3 outputs, but the data set digits train has 10 classes: give"
            + " the last layer 10 neurons",
        Refusal.of(() -> few.accuracy(DATA)));
  }

  /** A gradient taken over and parameters followed: two replicas are one that went both steps. */
  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64", "BFLOAT16"})
  void aReplicaGoesOnFromAnothersParameters(Precision precision) {
    var lone = Replica.of(digits(precision), sgd(0.1));
    var leader = Replica.of(digits(precision), sgd(0.1));
    var helper = Replica.of(digits(precision), sgd(0.1));
    for (int step = 0; step < 3; step++) {
      lone.backward(DATA, ROWS, 64 * step, 64 * (step + 1), 64);
      lone.step();
      helper.follow(leader);
      helper.backward(DATA, ROWS, 64 * step, 64 * (step + 1), 64);
      leader.gradient().set(helper.gradient());
      leader.step();
    }
    assertTrue(lone.sameParameters(leader));
    assertEquals(2, helper.steps());
  }

  @Test
  void parametersAndGradientsMustBeOfTheSameNetwork() {
    var replica = Replica.of(digits(Precision.FLOAT32), sgd(0.1));
    var wide = Replica.of(digits(Precision.FLOAT64), sgd(0.1));
    int size = replica.gradient().size();
    assertEquals(
        "a replica of this network has %d parameters, but was given 3: give what parameters() of"
                .formatted(size)
            + " another replica of it returned",
        Refusal.of(() -> replica.parameters(new double[3])));
    assertEquals(
        "a gradient of %1$d numbers of 4 bytes takes over one of as many, got %1$d of 8: give that"
                .formatted(size)
            + " of a replica of the same network",
        Refusal.of(() -> replica.gradient().set(wide.gradient())));
    replica.gradient().set(2, 0.1);
    assertEquals(0.1f, replica.gradient().get(2));
  }
}
