package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.units.Units.us;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.commons.math3.analysis.integration.IterativeLegendreGaussIntegrator;
import org.apache.commons.math3.distribution.LogNormalDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.apache.commons.math3.util.FastMath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import weft.cluster.Placement;
import weft.fabric.Fabric;
import weft.fault.Fault;
import weft.nn.Datasets;
import weft.nn.Network;

/** Synchronous training is as fast as its slowest worker, and learns the same. */
class StragglersTest {
  private static final Fabric FABRIC = Fabric.leafSpine().servers(4, DGX_H100).build();
  private static final Network NETWORK =
      Network.inputs(64).dense(10, softmax()).loss(crossEntropy());
  private static final Training JOB =
      Training.of(NETWORK)
          .on(Datasets.digits())
          .batch(256)
          .epochs(2)
          .dataParallel(16)
          .across(FABRIC)
          .placed(Placement.scattered(1))
          .computing(us(100));
  private static final History EVEN = JOB.run();

  private static double[] compute(History history) {
    return history.stepTable().doubleColumn("compute (us)").asDoubleArray();
  }

  @Test
  void aGpuAtHalfItsRateDoublesEveryonesStep() {
    History slow = JOB.throttled(3, 0.5).run();
    assertArrayEquals(EVEN.losses(), slow.losses());
    assertArrayEquals(Arrays.stream(compute(EVEN)).map(t -> 2 * t).toArray(), compute(slow), 2e-6);
    assertTrue(slow.completion().micros() > EVEN.completion().micros() + 25 * 100);
  }

  /** The draws have mean 1 and the deviation asked for, and no worker's depend on another's. */
  @Test
  void jitterIsLogNormal() {
    var pace = new Pace(3, 0.3, new TreeMap<>(), 9);
    var other = new Pace(2, 0.3, new TreeMap<>(), 9);
    var draws = new SummaryStatistics();
    for (int step = 0; step < 100_000; step++) {
      pace.next(0);
      pace.next(2);
      double draw = pace.next(1);
      assertEquals(draw, other.next(1));
      draws.addValue(draw);
    }
    assertEquals(1, draws.getMean(), 0.004); // four standard errors
    assertEquals(0.3, draws.getStandardDeviation(), 0.005);
  }

  /**
   * A step ends when the slowest of N has computed: the mean of the largest of N draws, the
   * integral of 1 - F(x)^N.
   */
  @Test
  void aStepWaitsForTheSlowestDraw() {
    double variation = 0.2;
    double sigma = FastMath.sqrt(FastMath.log1p(variation * variation));
    var distribution = new LogNormalDistribution(-sigma * sigma / 2, sigma);
    double largest =
        new IterativeLegendreGaussIntegrator(20, 1e-9, 1e-9)
            .integrate(
                10_000, x -> 1 - FastMath.pow(distribution.cumulativeProbability(x), 16), 0, 5);
    Training job = JOB.epochs(20);
    double even = Arrays.stream(compute(job.run())).average().orElseThrow();
    double uneven = Arrays.stream(compute(job.jitter(variation).run())).average().orElseThrow();
    assertTrue(largest > 1.35, "16 draws: " + largest);
    assertEquals(largest, uneven / even, 0.02);
  }

  @Test
  void jitterChangesWhenAndNotWhat() {
    History uneven = JOB.jitter(0.2).run();
    assertArrayEquals(EVEN.losses(), uneven.losses());
    assertTrue(uneven.completion().ps() > EVEN.completion().ps());
    assertEquals(uneven.completion(), JOB.jitter(0.2).run().completion());
    assertEquals(EVEN.completion(), JOB.jitter(0).run().completion());
    History alone = Training.of(NETWORK).on(Datasets.digits()).jitter(0.2).run();
    assertEquals(steps(alone), steps(alone).stream().distinct().toList());
  }

  private static List<Double> steps(History history) {
    double[] compute = compute(history);
    return IntStream.range(0, 20).mapToObj(i -> compute[i]).toList();
  }

  /** A host whose PCIe link has lost lanes holds everyone up, though it computes as fast. */
  @Test
  void aHostThatMovesDataSlowlyHoldsUpTheRing() {
    String gpus = EVEN.provenance().facts().get("GPU of each rank");
    int gpu = Integer.parseInt(gpus.substring(1, gpus.indexOf(',')));
    History slow = JOB.during(Fault.slowHost(gpu, 0.1)).run();
    assertArrayEquals(EVEN.losses(), slow.losses());
    assertArrayEquals(compute(EVEN), compute(slow));
    assertTrue(slow.completion().ps() > EVEN.completion().ps(), slow + " " + EVEN);
    assertTrue(slow.provenance().facts().get("faults").startsWith("the host of GPU " + gpu));
  }

  @Test
  void refusalsSayWhatToWrite() {
    assertEquals(
        "rank 16 is throttled, but the job has ranks 0 to 15: throttle one of them or call"
            + " dataParallel(...) with more",
        refusal(() -> JOB.throttled(16, 0.5).run()));
    assertEquals(
        "a throttled GPU computes at a share above 0 and at most 1 of its rate, but was given 1.5:"
            + " throttled(3, 0.5) has rank 3 take twice as long",
        refusal(() -> JOB.throttled(1, 1.5)));
    assertEquals(
        "jitter is a standard deviation from 0 to 10 of the mean compute time, but was -0.1:"
            + " jitter(0.2) has two steps in three within 20 %",
        refusal(() -> JOB.jitter(-0.1)));
    assertEquals(
        "a worker's 16 of the 256 samples of a batch cannot be cut into 17 parts: raise batch to 272"
            + " or accumulate fewer",
        refusal(() -> JOB.accumulating(17).run()));
    assertEquals(
        "one worker exchanges nothing that a fault could hold up: call dataParallel(16)",
        refusal(() -> JOB.dataParallel(1).during(Fault.slowHost(1, 0.5)).run()));
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
