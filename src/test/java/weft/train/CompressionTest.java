package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.collective.GradientExchange.oneBit;
import static weft.collective.GradientExchange.topK;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;
import static weft.units.Units.kib;

import org.junit.jupiter.api.Test;
import weft.cluster.Placement;
import weft.collective.AllReduce;
import weft.collective.GradientExchange;
import weft.engine.packet.PortCounters;
import weft.fabric.Fabric;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.Precision;

/** Training on gradients of which most is left out until later. */
class CompressionTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(8, DGX_H100).leafRadix(16).build();

  private static final Network DIGITS =
      Network.inputs(64).dense(256, relu()).dense(10, softmax()).init(he(1)).loss(crossEntropy());

  private static Training job(Network network) {
    return Training.of(network)
        .on(Datasets.digits())
        .batch(256)
        .epochs(10)
        .with(sgd(0.1))
        .dataParallel(8)
        .across(FABRIC)
        .placed(Placement.scattered(7));
  }

  private static final History WHOLE = job(DIGITS).run();

  private static long bytes(History history) {
    return history.networkLoad().orElseThrow().ports().stream()
        .mapToLong(PortCounters::bytes)
        .sum();
  }

  private static void assertLearns(GradientExchange exchange, double bytesShare, double loss) {
    History history = job(DIGITS).exchanging(exchange).run();
    double share = bytes(history) / (double) bytes(WHOLE);
    String told = "%s: %.4f of the bytes, %s".formatted(exchange, share, history);
    assertTrue(share > bytesShare && share < bytesShare * 1.25 + 0.02, told);
    assertTrue(history.testAccuracy() >= WHOLE.testAccuracy() - loss, told + " " + WHOLE);
    assertTrue(history.completion().ps() < WHOLE.completion().ps(), told + " " + WHOLE);
  }

  /**
   * 7 k pairs of 8 bytes instead of 14/8 of all numbers of 4: with 8 ranks 8 times the fraction.
   */
  @Test
  void onePercentOfTheGradientLearnsAlmostAsWell() {
    assertLearns(topK(0.01), 0.08, 0.03);
  }

  /** 72 bytes instead of 2,048, both there and back. */
  @Test
  void oneBitLearnsAlmostAsWell() {
    assertLearns(oneBit(), 72 / 2048.0, 0.03);
  }

  @Test
  void topKOfAllTrainsAsTheWholeGradientDoes() {
    Network network = DIGITS.precision(Precision.FLOAT64);
    History whole = job(network).epochs(2).run();
    History all = job(network).epochs(2).exchanging(topK(1).buckets(kib(16)).overlapped()).run();
    assertArrayEquals(whole.losses(), all.losses(), 1e-11);
  }

  /** Without the network there is nothing to leave out. */
  @Test
  void oneWorkerSendsNothing() {
    Training alone = Training.of(DIGITS).on(Datasets.digits()).batch(256).epochs(1);
    assertArrayEquals(alone.run().losses(), alone.exchanging(topK(0.001)).run().losses());
  }

  /** Half precision skips the steps in which it overflows, and goes on. */
  @Test
  void errorFeedbackAndHalfPrecisionGoTogether() {
    History half = job(DIGITS.precision(Precision.FLOAT16)).exchanging(topK(0.05)).run();
    assertTrue(half.testAccuracy() > 0.85, half.toString());
  }

  @Test
  void theSameSeedTrainsTheSameBits() {
    Training job = job(DIGITS).epochs(2).exchanging(oneBit());
    assertArrayEquals(job.run().losses(), job.run().losses());
    assertEquals(job.run().completion(), job.run().completion());
  }

  /** Micro-batches are one batch in pieces: the same gradient, the same bytes, as often. */
  @Test
  void accumulatingChangesNeitherTheGradientNorTheTraffic() {
    Network network = DIGITS.precision(Precision.FLOAT64);
    Training job = job(network).epochs(2).exchanging(AllReduce.ring());
    History once = job.run();
    History fourTimes = job.accumulating(4).run();
    assertArrayEquals(once.losses(), fourTimes.losses(), 1e-11);
    assertEquals(1, bytes(fourTimes) / (double) bytes(once), 1e-4); // but for acknowledgements
    assertEquals(once.testAccuracy(), fourTimes.testAccuracy());
  }

  /** What one worker of a cluster and this machine alone accumulate is the same, bit for bit. */
  @Test
  void oneMachineAccumulatesLikewise() {
    var alone = DIGITS.train(sgd(0.1)).on(Datasets.digits().train()).batch(100).accumulating(7);
    var cluster = Training.of(DIGITS).on(Datasets.digits()).batch(100).accumulating(7);
    assertArrayEquals(
        alone.shuffled(1).run().network().table().doubleColumn("value").asDoubleArray(),
        cluster.run().network().table().doubleColumn("value").asDoubleArray());
  }
}
