package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.gelu;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.adam;
import static weft.nn.Optimizers.adamW;
import static weft.nn.Optimizers.sgd;
import static weft.parallel.Sharding.REPLICATED;
import static weft.parallel.Sharding.ZERO_1;
import static weft.parallel.Sharding.ZERO_2;
import static weft.parallel.Sharding.ZERO_3;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.Optimizer;
import weft.nn.PartMemory;
import weft.nn.Precision;
import weft.parallel.ParallelAxis;
import weft.parallel.ParallelPlan;
import weft.parallel.Sharding;

/** The same part on several GPUs, which learn different samples and share out what they keep. */
class ShardedTrainingTest {
  /** 64 x 31 + 31 + 31 x 10 + 10 parameters: no number of GPUs below divides them. */
  private static final Network ODD =
      Network.inputs(64).dense(31, relu()).dense(10, softmax()).init(he(1)).loss(crossEntropy());

  private static final Network EVEN =
      Network.inputs(64).dense(48, relu()).dense(10, softmax()).init(he(1)).loss(crossEntropy());

  private static ParallelTraining job(Network network) {
    return ParallelTraining.of(network).on(Datasets.digits()).batch(60).steps(5);
  }

  private static ParallelPlan plan(int gpus, Sharding sharding) {
    return ParallelPlan.of(gpus).sharded(sharding).microBatch(60 / gpus);
  }

  /** Gradients are added in another order, which in float64 shows in the last digits. */
  @ParameterizedTest
  @EnumSource(Sharding.class)
  void whateverIsShardedOneGpuLearnsTheSame(Sharding sharding) {
    var network = ODD.precision(Precision.FLOAT64);
    for (int gpus : new int[] {2, 3, 4, 12}) {
      for (Optimizer optimizer :
          List.of(sgd(0.1).momentum(0.9), adam(0.01), adamW(0.01).weightDecay(0.1))) {
        var run = job(network).with(optimizer).plan(plan(gpus, sharding)).run();
        OneGpu.assertLearns(network, optimizer, 60, 5, run, 1e-12);
      }
    }
  }

  /** In float32 six digits agree after five steps. */
  @ParameterizedTest
  @EnumSource(Sharding.class)
  void singlePrecisionDiffersByItsRounding(Sharding sharding) {
    var run = job(ODD).with(sgd(0.1).momentum(0.9)).plan(plan(4, sharding)).run();
    assertArrayEquals(run.lossesOfOneGpu(), run.losses(), 1e-5);
    assertTrue(run.network().largestDifference(run.networkOfOneGpu()) < 1e-5);
  }

  /** Rajbhandari et al., SC20, section 7: as much as plain data parallelism up to ZeRO-2. */
  @Test
  void upToZero2AsMuchMovesAsByAllReduceAndZero3MovesHalfAsMuchMore() {
    for (int gpus : new int[] {2, 3, 4, 6}) {
      for (Sharding sharding : Sharding.values()) {
        int passes = sharding == ZERO_3 ? 3 : 2;
        var run = job(ODD).plan(plan(gpus, sharding)).run();
        double all = passes * (gpus - 1.0) * ODD.parameters() * Float.BYTES;
        long sent = IntStream.range(0, gpus).mapToLong(g -> run.sent(g, ParallelAxis.DATA)).sum();
        assertEquals(all * run.steps(), (double) sent, 0.0, sharding + " on " + gpus);
        OneGpu.assertCountsAreFormulas(run);
        double share = all / gpus;
        for (int g = 0; g < gpus; g++) { // parts differ by a number a tensor and pass at most
          double sentByOne = (double) run.sent(g, ParallelAxis.DATA) / run.steps();
          assertEquals(share, sentByOne, 4.0 * passes * Float.BYTES, sharding + ", GPU " + g);
        }
      }
    }
  }

  /** Gradients that nobody keeps whole leave after every micro-batch. */
  @Test
  void accumulatingOverMicroBatchesMultipliesWhatZero2And3Move() {
    var sharded = ParallelPlan.of(4).microBatch(5); // 3 micro-batches each
    double psi = EVEN.parameters() * 4.0 * 3 / 4; // (N-1)/N of all parameters' bytes
    int[] passes = {2, 2, 3 + 1, 3 + 2 * 3};
    for (Sharding sharding : Sharding.values()) {
      var run = job(EVEN).plan(sharded.sharded(sharding)).run();
      long sent = IntStream.range(0, 4).mapToLong(g -> run.sent(g, ParallelAxis.DATA)).sum();
      double expected = passes[List.of(Sharding.values()).indexOf(sharding)] * psi;
      assertEquals(expected * run.steps(), sent / 4.0, 1e-6, sharding.toString());
      OneGpu.assertCountsAreFormulas(run);
    }
  }

  /** Section 5: what is shared out shrinks with the number of GPUs; here 4 bytes a number. */
  @Test
  void memoryOfAGpuIsWhatZeroSays() {
    long psi = EVEN.parameters() * 4L;
    var replicated = job(EVEN).with(adam(0.01)).plan(plan(2, REPLICATED)).run().memory(0);
    assertEquals(List.of(psi, psi, 2 * psi), state(replicated));
    var zero1 = job(EVEN).with(adam(0.01)).plan(plan(2, ZERO_1)).run().memory(0);
    assertEquals(List.of(psi, psi, psi), state(zero1));
    var zero2 = job(EVEN).with(adam(0.01)).plan(plan(2, ZERO_2)).run().memory(0);
    assertEquals(List.of(psi, psi / 2, psi + psi / 2), state(zero2)); // with its master weights
    var zero3 = job(EVEN).with(adam(0.01)).plan(plan(2, ZERO_3)).run().memory(0);
    assertEquals(List.of(psi / 2, psi / 2, psi), state(zero3));
    long largest = 48L * (64 + 1) * 4;
    assertEquals(largest, zero2.gathered());
    assertEquals(2 * largest, zero3.gathered());
  }

  private static List<Long> state(PartMemory memory) {
    return List.of(memory.weights(), memory.gradients(), memory.optimizer());
  }

  @ParameterizedTest
  @EnumSource(Sharding.class)
  void aTransformerIsShardedBlockByBlock(Sharding sharding) {
    var reader =
        OneGpu.reader(
                b ->
                    b.residual(r -> r.layerNorm().causalAttention(2))
                        .residual(r -> r.layerNorm().dense(16, gelu()).dense(8, identity())),
                2)
            .precision(Precision.FLOAT64);
    var job = ParallelTraining.of(reader).on(OneGpu.sentences()).batch(32).steps(6);
    var plan = ParallelPlan.of(4).sharded(sharding).microBatch(8);
    var optimizer = sgd(0.05).momentum(0.9);
    var run = job.with(optimizer).plan(plan).run();
    OneGpu.assertLearns(reader, OneGpu.sentences(), optimizer, 32, 6, run, 1e-12);
    OneGpu.assertCountsAreFormulas(run);
  }

  /** Stages with several replicas each: every stage's gradients are summed in its own group. */
  @Test
  void pipelinesAreReplicated() {
    var network = ODD.precision(Precision.FLOAT64);
    for (Sharding sharding : List.of(REPLICATED, ZERO_1)) {
      var plan = ParallelPlan.of(6).pipeline(2).sharded(sharding).microBatch(5);
      var run = job(network).with(adam(0.01)).plan(plan).run();
      OneGpu.assertLearns(network, adam(0.01), 60, 5, run, 1e-12);
      OneGpu.assertCountsAreFormulas(run);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void randomNetworksLearnTheSame(long seed) {
    var random = new Random(seed);
    var builder = Network.inputs(64);
    for (int i = random.nextInt(3); i >= 0; i--) {
      builder = builder.dense(1 + random.nextInt(20), gelu());
    }
    var network = builder.dense(10, softmax()).loss(crossEntropy()).precision(Precision.FLOAT64);
    int gpus = 2 + random.nextInt(6);
    int microBatch = 1 + random.nextInt(4);
    int batch = gpus * microBatch * (1 + random.nextInt(3));
    var sharding = List.of(Sharding.values()).get(random.nextInt(4));
    var plan = ParallelPlan.of(gpus).sharded(sharding).microBatch(microBatch);
    var run = job(network).batch(batch).seed(seed).plan(plan).run();
    String what = "seed " + seed + ": " + plan + ", " + sharding;
    assertArrayEquals(run.lossesOfOneGpu(), run.losses(), 1e-12, what);
    assertTrue(run.network().largestDifference(run.networkOfOneGpu()) < 1e-12, what);
    OneGpu.assertCountsAreFormulas(run);
  }
}
