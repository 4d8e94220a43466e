package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Placement.scattered;
import static weft.cluster.Server.DGX_H100;
import static weft.collective.GradientExchange.topK;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;
import static weft.train.Synchrony.localSgd;
import static weft.train.Synchrony.synchronous;
import static weft.units.Units.kib;
import static weft.units.Units.us;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.util.MathArrays;
import org.junit.jupiter.api.Test;
import weft.collective.AllReduce;
import weft.engine.packet.PortCounters;
import weft.fabric.Fabric;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.Precision;
import weft.nn.Replica;
import weft.nn.Split;
import weft.sim.RandomStreams;

/** Local SGD: the mean of parameters every so many steps, in place of the mean gradient in each. */
class LocalSgdTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(8, DGX_H100).leafRadix(16).build();

  private static final Network DIGITS =
      Network.inputs(64).dense(64, relu()).dense(10, softmax()).init(he(1)).loss(crossEntropy());

  private static Training job(Network network) {
    return Training.of(network)
        .on(Datasets.digits())
        .batch(500) // the last batch of an epoch is smaller and does not divide by 16
        .epochs(6)
        .with(sgd(0.1).momentum(0.9))
        .dataParallel(16)
        .across(FABRIC)
        .placed(scattered(7))
        .computing(us(50));
  }

  private static long bytes(History history) {
    return history.networkLoad().orElseThrow().ports().stream()
        .mapToLong(PortCounters::bytes)
        .sum();
  }

  /** The mean of N updates is the update by the mean: of momentum too, which is linear. */
  @Test
  void oneLocalStepIsSynchronousTraining() {
    Network network = DIGITS.precision(Precision.FLOAT64);
    History synchronous = job(network).synchronising(synchronous()).run();
    History local = job(network).synchronising(localSgd(1)).run();
    assertArrayEquals(synchronous.losses(), local.losses(), 1e-10);
    assertEquals(synchronous.testAccuracy(), local.testAccuracy());
    assertEquals(1, bytes(local) / (double) bytes(synchronous), 1e-3);
  }

  @Test
  void oneWorkerHasNobodyToWaitFor() {
    Training alone = Training.of(DIGITS).on(Datasets.digits()).batch(100).epochs(2);
    History local = alone.synchronising(localSgd(5)).run();
    assertArrayEquals(alone.run().losses(), local.losses());
    assertEquals(alone.run().completion(), local.completion());
  }

  /** The same by hand: two replicas that learn apart, and the mean of their parameters. */
  @Test
  void whatTheReplicasHoldIsTheMeanOfTheirOwnSteps() {
    Network network = DIGITS.precision(Precision.FLOAT64);
    Split digits = Datasets.digits();
    var data = new Split(digits.train().rows(IntStream.range(0, 60).toArray()), digits.test());
    var job =
        Training.of(network)
            .on(data)
            .batch(60)
            .epochs(6)
            .with(sgd(0.2).momentum(0.5))
            .dataParallel(2)
            .across(FABRIC);
    int[] seen = new int[60];
    double[] trained =
        job.synchronising(localSgd(3))
            .run()
            .network()
            .table()
            .doubleColumn("value")
            .asDoubleArray();

    var replicas =
        new Replica[] {
          Replica.of(network, sgd(0.2).momentum(0.5)), Replica.of(network, sgd(0.2).momentum(0.5))
        };
    var shuffle = new RandomStreams(1).named("shuffle");
    Arrays.setAll(seen, i -> i);
    for (int step = 0; step < 6; step++) {
      MathArrays.shuffle(seen, shuffle);
      for (int r = 0; r < 2; r++) {
        replicas[r].backward(data.train(), seen, 30 * r, 30 * (r + 1), 30);
        replicas[r].step();
      }
      if (step % 3 == 2) {
        double[] one = replicas[0].parameters();
        double[] other = replicas[1].parameters();
        Arrays.setAll(one, i -> (one[i] + other[i]) / 2);
        replicas[0].parameters(one);
        replicas[1].parameters(one);
      }
    }
    assertArrayEquals(replicas[0].parameters(), trained, 1e-12);
  }

  /** 48 steps, 6 exchanges. */
  @Test
  void eightLocalStepsSendAnEighth() {
    History synchronous = job(DIGITS).run();
    History local = job(DIGITS).synchronising(localSgd(8)).run();
    assertEquals(48, local.steps());
    assertEquals(1.0 / 8, bytes(local) / (double) bytes(synchronous), 0.002);
    assertTrue(local.completion().ps() < synchronous.completion().ps());
    assertEquals(synchronous.testAccuracy(), local.testAccuracy(), 0.03);
    assertTrue(local.testAccuracy() > 0.88, local + ", " + synchronous);
    double[] exposed = local.stepTable().doubleColumn("exposed communication (us)").asDoubleArray();
    for (int step = 0; step < 48; step++) {
      assertEquals(step % 8 == 7, exposed[step] > 0, "step " + step + ": " + exposed[step] + " us");
    }
  }

  /** Every worker's parameters end equal although 48 is no multiple of 5: the last step counts. */
  @Test
  void theLastStepEndsWithAnExchange() {
    History local = job(DIGITS).synchronising(localSgd(5)).run();
    double[] exposed = local.stepTable().doubleColumn("exposed communication (us)").asDoubleArray();
    assertTrue(exposed[47] > 0 && exposed[46] == 0);
  }

  /** Jitter evens out over the steps between two exchanges, so less is waited for. */
  @Test
  void localStepsEvenOutJitter() {
    Training even = job(DIGITS).computing(us(1000));
    Training uneven = even.jitter(0.3);
    double synchronous = lost(uneven.run(), even.run());
    double local =
        lost(uneven.synchronising(localSgd(8)).run(), even.synchronising(localSgd(8)).run());
    assertTrue(
        local < 0.6 * synchronous,
        local + " ms lost by jitter, " + synchronous + " if synchronous");
  }

  private static double lost(History uneven, History even) {
    return uneven.completion().millis() - even.completion().millis();
  }

  /** What is exchanged is a movement, so it may be left out until later like a gradient. */
  @Test
  void movementsCanBeCompressed() {
    History local = job(DIGITS).exchanging(topK(0.05)).synchronising(localSgd(2)).run();
    assertTrue(local.testAccuracy() > 0.85, local.toString());
  }

  @Test
  void refusalsSayWhatToWrite() {
    var overlapped = job(DIGITS).exchanging(AllReduce.ring().buckets(kib(64)).overlapped());
    assertEquals(
        "local SGD exchanges parameters, which are known when the last of its 8 steps is done, so no"
            + " backward pass is left to overlap: leave out overlapped()",
        assertThrows(
                IllegalArgumentException.class, () -> overlapped.synchronising(localSgd(8)).run())
            .getMessage());
    assertEquals(
        "steps between exchanges must be at least 1, but was 0: localSgd(8) exchanges every 8 steps",
        assertThrows(IllegalArgumentException.class, () -> localSgd(0)).getMessage());
  }
}
