package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static weft.nn.Activations.gelu;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.adam;
import static weft.nn.Optimizers.sgd;
import static weft.parallel.PipelineSchedule.gPipe;
import static weft.parallel.PipelineSchedule.interleaved;
import static weft.parallel.PipelineSchedule.oneForwardOneBackward;
import static weft.parallel.PipelineSchedule.zeroBubbleH1;
import static weft.parallel.PipelineSchedule.zeroBubbleH2;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.Optimizer;
import weft.nn.Precision;
import weft.parallel.ParallelAxis;
import weft.parallel.ParallelPlan;
import weft.parallel.PipelineSchedule;

/** Layers on different GPUs, micro-batches on their way between them. */
class PipelineTrainingTest {
  private static final int WIDTH = 32;

  private static final Network DEEP =
      Network.inputs(64)
          .dense(WIDTH, relu())
          .dense(WIDTH, tanh())
          .dense(WIDTH, relu())
          .dense(WIDTH, tanh())
          .dense(WIDTH, relu())
          .dense(WIDTH, tanh())
          .dense(WIDTH, relu())
          .dense(10, softmax())
          .init(he(1))
          .loss(crossEntropy());

  private static ParallelTraining job(Network network) {
    return ParallelTraining.of(network).on(Datasets.digits()).batch(32).steps(6);
  }

  static List<PipelineSchedule> schedules() {
    return List.of(
        gPipe(), oneForwardOneBackward(), interleaved(2), zeroBubbleH1(), zeroBubbleH2());
  }

  /** The same products and sums in the same order, only on different GPUs. */
  @ParameterizedTest
  @MethodSource("schedules")
  void everyScheduleComesToTheBitsOfOneGpuThatAccumulates(PipelineSchedule schedule) {
    for (Optimizer optimizer : List.of(sgd(0.1).momentum(0.9), adam(0.01))) {
      var plan = ParallelPlan.of(4).pipeline(4, schedule).microBatch(4);
      var run = job(DEEP).with(optimizer).plan(plan).run();
      assertArrayEquals(run.lossesOfOneGpu(), run.losses());
      assertEquals(0, run.network().largestDifference(run.networkOfOneGpu()));
    }
  }

  /** Against an independent loop: whole batches at once on a replica that knows of no parts. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void anyNumberOfStagesLearnsWhatWholeBatchesTeach(int stages) {
    var network = DEEP.precision(Precision.FLOAT64);
    var plan = ParallelPlan.of(stages).pipeline(stages).microBatch(8);
    var run = job(network).with(adam(0.01)).plan(plan).run();
    OneGpu.assertLearns(network, adam(0.01), 32, 6, run, 1e-12);
  }

  /** Micro-batches x activation bytes over each boundary, and as many back. */
  @Test
  void eachBoundaryCarriesActivationsOfEveryMicroBatchEachWay() {
    int steps = 6;
    var run = job(DEEP).plan(ParallelPlan.of(4).pipeline(4).microBatch(4)).run();
    long boundary = 8L * (4 * WIDTH * Float.BYTES);
    long[] boundaries = {1, 2, 2, 1};
    for (int gpu = 0; gpu < 4; gpu++) {
      assertEquals(
          boundaries[gpu] * boundary * steps, run.sent(gpu, ParallelAxis.PIPELINE), "GPU " + gpu);
    }
    OneGpu.assertCountsAreFormulas(run);
  }

  /** Weights' gradients come later and from the same numbers, so nothing more moves either. */
  @Test
  void zeroBubbleSchedulesSendWhat1F1BSends() {
    for (PipelineSchedule schedule : List.of(zeroBubbleH1(), zeroBubbleH2())) {
      var split = job(DEEP).plan(ParallelPlan.of(4).pipeline(4, schedule).microBatch(4)).run();
      var whole = job(DEEP).plan(ParallelPlan.of(4).pipeline(4).microBatch(4)).run();
      for (int gpu = 0; gpu < 4; gpu++) {
        assertEquals(
            whole.sent(gpu, ParallelAxis.PIPELINE), split.sent(gpu, ParallelAxis.PIPELINE));
      }
      OneGpu.assertCountsAreFormulas(split);
    }
  }

  /** GPipe all of them, 1F1B one a stage that is still to come, ZB-H1 p, ZB-H2 2p - 1. */
  @Test
  void aStageKeepsAsManyMicroBatchesAsItsScheduleSays() {
    for (PipelineSchedule schedule :
        List.of(gPipe(), oneForwardOneBackward(), zeroBubbleH1(), zeroBubbleH2())) {
      var run = job(DEEP).plan(ParallelPlan.of(4).pipeline(4, schedule).microBatch(4)).run();
      for (int gpu = 0; gpu < 4; gpu++) {
        double held = run.memory(gpu).microBatches();
        assertEquals(schedule.held(gpu, 4, 8), held, schedule + ", GPU " + gpu);
      }
    }
  }

  @Test
  void eachStageHoldsItsOwnLayersAlone() {
    var run = job(DEEP).with(adam(0.01)).plan(ParallelPlan.of(4).pipeline(4).microBatch(4)).run();
    long weights = IntStream.range(0, 4).mapToLong(g -> run.memory(g).weights()).sum();
    assertEquals(DEEP.parameters() * 4L, weights);
    for (int gpu = 0; gpu < 4; gpu++) {
      assertEquals(run.memory(gpu).weights(), run.memory(gpu).gradients());
      assertEquals(2 * run.memory(gpu).weights(), run.memory(gpu).optimizer());
    }
  }

  /** What they remember and draw depends on samples and micro-batches, not on the stage. */
  @Test
  void normalisationDropoutAndAttentionGoThroughStagesUnchanged() {
    var images =
        Network.inputs(64)
            .dense(WIDTH, relu())
            .batchNorm()
            .dropout(0.2)
            .dense(WIDTH, relu())
            .batchNorm()
            .dense(10, softmax())
            .loss(crossEntropy());
    var reader = OneGpu.reader(b -> b.residual(r -> r.layerNorm().causalAttention(2)), 2);
    var read = ParallelTraining.of(reader).on(OneGpu.sentences()).batch(32).steps(6);
    for (PipelineSchedule schedule : List.of(oneForwardOneBackward(), zeroBubbleH2())) {
      var plan = ParallelPlan.of(3).pipeline(3, schedule).microBatch(4);
      var run = job(images).plan(plan).run();
      assertArrayEquals(run.lossesOfOneGpu(), run.losses());
      var test = Datasets.digits().test();
      assertEquals(run.networkOfOneGpu().loss(test), run.network().loss(test));

      var readRun = read.with(adam(0.01)).plan(plan).run();
      assertArrayEquals(readRun.lossesOfOneGpu(), readRun.losses());
      OneGpu.assertCountsAreFormulas(readRun);
    }
  }

  /** Convolution and recurrent layers make all gradients at once, whenever they are asked. */
  @Test
  void layersThatDoNotSplitTheirBackwardPassLearnTheSame() {
    var images =
        Network.images(1, 8, 8)
            .conv2d(4, 3, relu())
            .maxPool(2)
            .flatten()
            .dense(WIDTH, relu())
            .dense(10, softmax())
            .loss(crossEntropy());
    var plan = ParallelPlan.of(2).pipeline(2, zeroBubbleH1()).microBatch(4);
    var run = job(images).plan(plan).run();
    assertArrayEquals(run.lossesOfOneGpu(), run.losses());
    assertEquals(0, run.network().largestDifference(run.networkOfOneGpu()));

    var reader = OneGpu.reader(b -> b.lstm(8), 1);
    var read = ParallelTraining.of(reader).on(OneGpu.sentences()).batch(32).steps(6);
    var readRun = read.with(adam(0.01)).plan(plan).run();
    assertArrayEquals(readRun.lossesOfOneGpu(), readRun.losses());
    assertEquals(0, readRun.network().largestDifference(readRun.networkOfOneGpu()));
  }

  /** Slices' sums and replicas' gradients beside passes in two parts: 2 x 2 x 2. */
  @Test
  void slicesAndReplicasWorkByZeroBubbleSchedulesToo() {
    var network =
        OneGpu.reader(
                b ->
                    b.residual(r -> r.layerNorm().causalAttention(2))
                        .residual(r -> r.layerNorm().dense(16, gelu()).dense(8, tanh())),
                2)
            .precision(Precision.FLOAT64);
    var plan = ParallelPlan.of(8).tensor(2).pipeline(2, zeroBubbleH2()).microBatch(4);
    var job = ParallelTraining.of(network).on(OneGpu.sentences()).batch(32).steps(6);
    var optimizer = sgd(0.05).momentum(0.9);
    var run = job.with(optimizer).plan(plan).run();
    OneGpu.assertLearns(network, OneGpu.sentences(), optimizer, 32, 6, run, 1e-12);
    OneGpu.assertCountsAreFormulas(run);
  }

  /** Random widths, depths, stages, schedules and micro-batches. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void randomPipelinesComeToTheSameBits(long seed) {
    var random = new Random(seed);
    int layers = 2 + random.nextInt(6);
    var builder = Network.inputs(64);
    for (int i = 0; i < layers; i++) {
      builder = builder.dense(3 + random.nextInt(30), i % 2 == 0 ? gelu() : tanh());
    }
    var network = builder.dense(10, softmax()).loss(crossEntropy());
    int chunks = 1 + random.nextInt(2);
    int stages = 1 + random.nextInt((layers + 1) / chunks);
    int microBatches = stages * (2 + random.nextInt(2));
    var plain = List.of(gPipe(), oneForwardOneBackward(), zeroBubbleH1(), zeroBubbleH2());
    boolean isInterleaved = chunks == 2 && stages > 1;
    var schedule = isInterleaved ? interleaved(2) : plain.get(random.nextInt(plain.size()));
    int microBatch = 1 + random.nextInt(5);
    var plan = ParallelPlan.of(stages).pipeline(stages, schedule).microBatch(microBatch);
    var run = job(network).batch(microBatches * microBatch).seed(seed).plan(plan).run();
    assertArrayEquals(run.lossesOfOneGpu(), run.losses(), "seed " + seed + ": " + plan);
    assertEquals(0, run.network().largestDifference(run.networkOfOneGpu()), "seed " + seed);
    OneGpu.assertCountsAreFormulas(run);
  }
}
