package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.gelu;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.leakyRelu;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.sigmoid;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.adam;
import static weft.nn.Optimizers.sgd;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weft.llm.Transformer;
import weft.nn.Activation;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.Optimizer;
import weft.nn.Precision;
import weft.parallel.ParallelAxis;
import weft.parallel.ParallelPlan;
import weft.parallel.Sharding;

/** Slices of matrices on different GPUs, whose products are added up. */
class TensorTrainingTest {
  private static final Network DIGITS =
      Network.inputs(64)
          .dense(48, relu())
          .dense(24, tanh())
          .dense(36, gelu())
          .dense(10, softmax())
          .init(he(1))
          .loss(crossEntropy());

  private static final int BLOCKS = 3;

  private static ParallelTraining job(Network network) {
    return ParallelTraining.of(network).on(Datasets.digits()).batch(32).steps(6);
  }

  private static Network transformer(int heads) {
    return OneGpu.reader(
        b ->
            b.residual(r -> r.layerNorm().causalAttention(heads))
                .residual(r -> r.layerNorm().dense(32, gelu()).dense(8, identity())),
        BLOCKS);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 6, 12})
  void slicesLearnWhatWholeMatricesDo(int gpus) {
    var network = DIGITS.precision(Precision.FLOAT64);
    for (Optimizer optimizer : List.of(sgd(0.1).momentum(0.9), adam(0.01))) {
      var plan = ParallelPlan.of(gpus).tensor(gpus).microBatch(16);
      var run = job(network).with(optimizer).plan(plan).run();
      OneGpu.assertLearns(network, optimizer, 32, 6, run, 1e-12);
    }
  }

  /** In float32 six digits agree after six steps. */
  @Test
  void singlePrecisionDiffersByItsRounding() {
    var run = job(DIGITS).plan(ParallelPlan.of(4).tensor(4).microBatch(32)).run();
    assertArrayEquals(run.lossesOfOneGpu(), run.losses(), 1e-5);
    assertTrue(run.network().largestDifference(run.networkOfOneGpu()) < 1e-5);
  }

  /**
   * Shoeybi et al., section 3: for two layers an AllReduce of their outputs forward and one of
   * their inputs' gradients backward, which images need not.
   */
  @Test
  void eachPairOfLayersIsOneAllReduceForwardAndOneBackward() {
    for (int gpus : new int[] {2, 4}) {
      var run = job(DIGITS).plan(ParallelPlan.of(gpus).tensor(gpus).microBatch(32)).run();
      double forward = 24 + 10;
      double backward = 24;
      double perGpu = 2 * (gpus - 1.0) / gpus * 32 * (forward + backward) * Float.BYTES;
      for (int gpu = 0; gpu < gpus; gpu++) {
        assertEquals(perGpu * run.steps(), (double) run.sent(gpu, ParallelAxis.TENSOR), 1e-6);
      }
      OneGpu.assertCountsAreFormulas(run);
    }
  }

  /** Weights are cut, the biases after a sum are not; the last layer alone would be on all GPUs. */
  @Test
  void aGpuHoldsItsSlices() {
    var run = job(DIGITS).with(adam(0.01)).plan(ParallelPlan.of(4).tensor(4)).run();
    long matrices = 64 * 48 + 48 * 24 + 24 * 36 + 36 * 10;
    long slice = (matrices + 48 + 36) / 4 + 24 + 10;
    assertEquals(4 * slice, run.memory(0).weights());
    assertEquals(8 * slice, run.memory(3).optimizer());

    var odd = Network.inputs(64).dense(16, relu()).dense(8, relu()).dense(10, softmax());
    var oddRun =
        job(odd.loss(crossEntropy())).plan(ParallelPlan.of(4).tensor(4).microBatch(32)).run();
    assertEquals(4 * ((64 * 16 + 16 + 16 * 8) / 4 + 8 + 8 * 10 + 10), oddRun.memory(0).weights());
  }

  /** Attention is cut by its heads, the layers after it as a pair. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void transformersAreCutByHeads(int gpus) {
    var network = transformer(4).precision(Precision.FLOAT64);
    var optimizer = sgd(0.05).momentum(0.9);
    var plan = ParallelPlan.of(gpus).tensor(gpus).microBatch(32);
    var job = ParallelTraining.of(network).on(OneGpu.sentences()).batch(32).steps(6);
    var run = job.with(optimizer).plan(plan).run();
    OneGpu.assertLearns(network, OneGpu.sentences(), optimizer, 32, 6, run, 1e-12);
    OneGpu.assertCountsAreFormulas(run);
  }

  /** The traffic that plans of large models predict, here moved; numbers of 4 bytes, not 2. */
  @Test
  void whatMovesIsWhatThePlansTrafficSays() {
    var model = Transformer.gpt(BLOCKS, 8, 2).sequence(6).vocabulary(8);
    var job = ParallelTraining.of(transformer(2)).on(OneGpu.sentences()).batch(32).steps(2);

    var tensor = ParallelPlan.of(2).tensor(2).microBatch(8);
    double ofTensor = tensor.traffic(model, 32).sent(ParallelAxis.TENSOR);
    var tensorRun = job.plan(tensor).run();
    assertEquals(2 * 2 * ofTensor, (double) tensorRun.sent(0, ParallelAxis.TENSOR), 1e-6);

    var pipeline = ParallelPlan.of(3).pipeline(3).microBatch(8);
    double ofMiddle = pipeline.traffic(model, 32).sent(ParallelAxis.PIPELINE);
    var pipelineRun = job.plan(pipeline).run();
    assertEquals(2 * 2 * ofMiddle, (double) pipelineRun.sent(1, ParallelAxis.PIPELINE), 1e-6);
  }

  /** By multiplications alone the first stage would end inside the first pair. */
  @Test
  void stagesArePairsWhereMatricesAreCut() {
    var plan = ParallelPlan.of(4).tensor(2).pipeline(2).microBatch(4);
    var run = job(DIGITS.precision(Precision.FLOAT64)).plan(plan).run();
    OneGpu.assertLearns(DIGITS.precision(Precision.FLOAT64), sgd(0.1), 32, 6, run, 1e-12);
    long boundary = 8L * 4 * 24 * Double.BYTES;
    for (int gpu = 0; gpu < 4; gpu++) {
      assertEquals(boundary * 6, run.sent(gpu, ParallelAxis.PIPELINE));
    }
    OneGpu.assertCountsAreFormulas(run);
  }

  /** All axes at once: 2 slices x 2 replicas x 3 stages. */
  @Test
  void threeAxesTogetherLearnTheSame() {
    var network = transformer(2).precision(Precision.FLOAT64);
    var optimizer = sgd(0.05).momentum(0.9);
    var job = ParallelTraining.of(network).on(OneGpu.sentences()).batch(32).steps(6);
    for (Sharding sharding : List.of(Sharding.REPLICATED, Sharding.ZERO_1)) {
      var plan = ParallelPlan.of(12).tensor(2).pipeline(3).sharded(sharding).microBatch(4);
      var run = job.with(optimizer).plan(plan).run();
      OneGpu.assertLearns(network, OneGpu.sentences(), optimizer, 32, 6, run, 1e-12);
      OneGpu.assertCountsAreFormulas(run);
    }
    var fsdp = ParallelPlan.of(4).tensor(2).sharded(Sharding.ZERO_3).microBatch(16);
    var run = job.with(optimizer).plan(fsdp).run();
    OneGpu.assertLearns(network, OneGpu.sentences(), optimizer, 32, 6, run, 1e-12);
    OneGpu.assertCountsAreFormulas(run);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomNetworksLearnTheSame(long seed) {
    var random = new Random(seed);
    int gpus = 2 + random.nextInt(4);
    var activations = List.of(relu(), tanh(), gelu(), sigmoid(), leakyRelu(0.1), identity());
    var builder = Network.inputs(64);
    int layers = 2 + random.nextInt(4);
    for (int i = 0; i < layers; i++) {
      Activation activation = activations.get(random.nextInt(activations.size()));
      builder = builder.dense(gpus * (1 + random.nextInt(5)), activation);
    }
    var network = builder.dense(10, softmax()).loss(crossEntropy()).precision(Precision.FLOAT64);
    var plan = ParallelPlan.of(gpus).tensor(gpus).microBatch(1 << random.nextInt(6));
    var run = job(network).seed(seed).with(adam(0.01)).plan(plan).run();
    String what = "seed " + seed + ": " + plan + ", " + network;
    assertArrayEquals(run.lossesOfOneGpu(), run.losses(), 1e-12, what);
    assertTrue(run.network().largestDifference(run.networkOfOneGpu()) < 1e-12, what);
    OneGpu.assertCountsAreFormulas(run);
  }
}
