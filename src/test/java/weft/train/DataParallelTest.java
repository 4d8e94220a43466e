package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Placement.scattered;
import static weft.cluster.Server.DGX_H100;
import static weft.experiment.Incast.incast;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;
import static weft.units.Units.kib;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weft.collective.AllReduce;
import weft.collective.GradientExchange;
import weft.fabric.Fabric;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.Precision;
import weft.routing.Spray;
import weft.transport.Dcqcn;
import weft.transport.RoceV2;

/** The join: real gradients over a simulated wire. */
class DataParallelTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(8, DGX_H100).leafRadix(16).build();

  private static final Network DIGITS =
      Network.inputs(64).dense(32, relu()).dense(10, softmax()).init(he(1)).loss(crossEntropy());

  private static Training job(Network network) {
    return Training.of(network)
        .on(Datasets.digits())
        .batch(500) // the last batch of an epoch is smaller and does not divide by 16
        .epochs(3)
        .with(sgd(0.1).momentum(0.9));
  }

  private static Training cluster(Network network) {
    return job(network).dataParallel(16).across(FABRIC).placed(scattered(7));
  }

  /**
   * Workers' gradients, each divided by the whole batch, add up to the gradient of the batch's mean
   * loss; only the order of the additions differs. In double precision that is 1e-12 a step.
   */
  @Test
  void sixteenWorkersLearnWhatOneDoes() {
    Network network = DIGITS.precision(Precision.FLOAT64);
    History one = job(network).run();
    History sixteen = cluster(network).run();
    assertArrayEquals(one.losses(), sixteen.losses(), 1e-10);
    assertEquals(one.testAccuracy(), sixteen.testAccuracy());
  }

  /** The same in single precision, whose rounding grows over the steps. */
  @Test
  void theyDoSoInSinglePrecisionUpToRounding() {
    History one = job(DIGITS).run();
    History sixteen = cluster(DIGITS).run();
    assertArrayEquals(one.losses(), sixteen.losses(), 1e-4);
    assertEquals(one.testAccuracy(), sixteen.testAccuracy(), 2.0 / 1797);
  }

  /** Synchronous training waits for the network, so the network changes when, never what. */
  @Test
  void anIncastStretchesTheClockAndChangesNoBitOfTheLoss() {
    History idle = cluster(DIGITS).run();
    History busy = cluster(DIGITS).sharing(incast(8, mib(4), us(200))).run();
    assertArrayEquals(idle.losses(), busy.losses());
    assertTrue(
        busy.completion().ps() > 1.2 * idle.completion().ps(),
        idle.completion() + " idle, " + busy.completion() + " busy");
    assertEquals(0, busy.networkLoad().orElseThrow().drops());
  }

  /** Transport, paths and placement do not touch the numbers either. */
  @Test
  void theSameScheduleOverOtherPathsGivesTheSameBits() {
    History ecmp = cluster(DIGITS).run();
    History spray =
        cluster(DIGITS)
            .balancing(Spray.perPacket())
            .over(RoceV2.lossless(Dcqcn.defaults()).directDataPlacement())
            .run();
    assertArrayEquals(ecmp.losses(), spray.losses());
  }

  /** Whatever AllReduce reduces the gradients, they are the same but for the order of additions. */
  @Test
  void everyAlgorithmTrainsTheSameNetwork() {
    History ring = cluster(DIGITS).epochs(1).run();
    for (AllReduce algorithm :
        List.of(
            AllReduce.doubleBinaryTree().chunked(kib(8)),
            AllReduce.halvingDoubling(),
            AllReduce.recursiveDoubling(),
            AllReduce.ring().hierarchical(8),
            AllReduce.parameterServer(4))) {
      History other =
          cluster(DIGITS).epochs(1).exchanging(algorithm.buckets(kib(64)).overlapped()).run();
      assertArrayEquals(ring.losses(), other.losses(), 1e-5, algorithm.toString());
    }
  }

  /**
   * Per step a rank receives 2 (N-1) chunks one after the other; between servers each takes at
   * least its serialisation at every hop, so a step's exposed time cannot be shorter than that.
   */
  @Test
  void aStepIsNoShorterThanItsRing() {
    History idle = cluster(DIGITS).epochs(1).run();
    long chunkBytes = DIGITS.parameters() * 4L / 16;
    double leastUs = 30 * chunkBytes * 8 / 400e3; // at 400 Gb/s, one hop
    var steps = idle.stepTable();
    for (double exposed : steps.doubleColumn("exposed communication (us)").asDoubleArray()) {
      assertTrue(exposed > leastUs, exposed + " us, at least " + leastUs);
    }
  }

  /** Buckets that leave during the backward pass hide part of the exchange behind it. */
  @Test
  void overlapHidesCommunicationBehindTheBackwardPass() {
    Training measured = cluster(DIGITS).epochs(1).computing(us(200));
    GradientExchange buckets = AllReduce.ring().buckets(kib(1));
    double late = measured.exchanging(buckets).run().completion().micros();
    double overlapped = measured.exchanging(buckets.overlapped()).run().completion().micros();
    assertTrue(overlapped < late, overlapped + " us overlapped, " + late + " us not");
  }

  /** Any rank count gives the sum, so any gives the same training. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 64})
  void anyNumberOfWorkersAgrees(int workers) {
    Network network = DIGITS.precision(Precision.FLOAT64);
    double[] one = job(network).epochs(1).run().losses();
    double[] many = job(network).epochs(1).dataParallel(workers).across(FABRIC).run().losses();
    assertArrayEquals(one, many, 1e-10);
  }

  @Test
  void theSameSeedGivesTheSameClockToThePicosecond() {
    Training busy = cluster(DIGITS).epochs(1).sharing(incast(8, mib(1), us(200)));
    assertEquals(busy.run().completion(), busy.run().completion());
  }

  /**
   * Each bucket is a ring of its own, after the one before: nine small ones pay its latency nine
   * times.
   */
  @Test
  void smallBucketsPayTheRingsLatencyEachTime() {
    var builder = Network.inputs(64);
    for (int layer = 0; layer < 8; layer++) {
      builder = builder.dense(32, relu());
    }
    Training deep = cluster(builder.dense(10, softmax()).loss(crossEntropy())).epochs(1);
    double whole = deep.exchanging(AllReduce.ring()).run().completion().micros();
    double nine = deep.exchanging(AllReduce.ring().buckets(kib(1))).run().completion().micros();
    assertTrue(nine > 5 * whole, nine + " us in nine buckets, " + whole + " us in one");
  }
}
