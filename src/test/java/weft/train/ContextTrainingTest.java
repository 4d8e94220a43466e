package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.gelu;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;
import static weft.parallel.PipelineSchedule.zeroBubbleH1;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weft.llm.Transformer;
import weft.nn.Dataset;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.NetworkBuilder;
import weft.nn.Optimizer;
import weft.nn.Precision;
import weft.parallel.ParallelAxis;
import weft.parallel.ParallelPlan;
import weft.parallel.Sharding;

/** Steps of a sequence on different GPUs, whose attention gathers keys and values. */
class ContextTrainingTest {
  private static final int STEPS = 8;
  private static final int WIDTH = 8;
  private static final int BLOCKS = 2;
  private static final Optimizer OPTIMIZER = sgd(0.2).momentum(0.9);

  private static final Dataset LINES =
      Datasets.persuasion().sequences(STEPS).rows(IntStream.range(0, 200).toArray());

  private static Network speaker(UnaryOperator<NetworkBuilder> attention) {
    var builder = Network.tokens(LINES.classes(), STEPS).embedding(WIDTH).positions();
    for (int i = 0; i < BLOCKS; i++) {
      builder =
          builder
              .residual(r -> attention.apply(r.layerNorm()))
              .residual(r -> r.layerNorm().dense(16, gelu()).dense(WIDTH, identity()));
    }
    return builder.layerNorm().dense(LINES.classes(), softmax()).loss(crossEntropy());
  }

  private static final Network CAUSAL = speaker(b -> b.causalAttention(2));

  private static ParallelTraining job(Network network) {
    return ParallelTraining.of(network).on(LINES).batch(32).steps(6).with(OPTIMIZER);
  }

  private static void assertLearns(Network network, ParallelPlan plan) {
    var run = job(network).plan(plan).run();
    OneGpu.assertLearns(network, LINES, OPTIMIZER, 32, 6, run, 1e-12);
    OneGpu.assertCountsAreFormulas(run);
  }

  @ParameterizedTest
  @CsvSource({"2, true", "4, true", "8, true", "2, false", "8, false"})
  void sectionsLearnWhatWholeSequencesDo(int gpus, boolean causal) {
    var network = causal ? CAUSAL : speaker(b -> b.attention(4));
    var plan = ParallelPlan.of(gpus).context(gpus).microBatch(16);
    assertLearns(network.precision(Precision.FLOAT64), plan);
  }

  @Test
  void singlePrecisionDiffersByItsRounding() {
    var run = job(CAUSAL).plan(ParallelPlan.of(4).context(4).microBatch(8)).run();
    assertArrayEquals(run.lossesOfOneGpu(), run.losses(), 1e-5);
    assertTrue(run.network().largestDifference(run.networkOfOneGpu()) < 1e-4);
  }

  /** Gathered forward and again backward, their gradients scattered: 3 (c-1)/c of all of them. */
  @ParameterizedTest
  @CsvSource({"2", "4"})
  void keysAndValuesGoRoundThreeTimes(int gpus) {
    var run = job(CAUSAL).plan(ParallelPlan.of(gpus).context(gpus).microBatch(8)).run();
    double keysAndValues = 8.0 * STEPS * 2 * WIDTH * Float.BYTES;
    double perStep = 4 * BLOCKS * 3 * (gpus - 1.0) / gpus * keysAndValues;
    for (int gpu = 0; gpu < gpus; gpu++) {
      assertEquals(6 * perStep, (double) run.sent(gpu, ParallelAxis.CONTEXT), 1e-6);
    }
  }

  /** The traffic that plans of large models predict, here moved; numbers of 4 bytes, not 2. */
  @Test
  void whatMovesIsWhatThePlansTrafficSays() {
    var model = Transformer.gpt(BLOCKS, WIDTH, 2).sequence(STEPS).vocabulary(LINES.classes());
    var plan = ParallelPlan.of(4).context(4).microBatch(8);
    double predicted = plan.traffic(model, 32).sent(ParallelAxis.CONTEXT);
    var run = job(CAUSAL).steps(1).plan(plan).run();
    assertEquals(2 * predicted, (double) run.sent(3, ParallelAxis.CONTEXT), 1e-6);
  }

  /** Slices, sections, replicas and stages at once, and what they may keep of the optimiser. */
  @Test
  void axesCombine() {
    var network = CAUSAL.precision(Precision.FLOAT64);
    for (ParallelPlan plan :
        List.of(
            ParallelPlan.of(16).tensor(2).context(2).pipeline(2).microBatch(4),
            ParallelPlan.of(16).tensor(2).context(2).pipeline(2, zeroBubbleH1()).microBatch(4),
            ParallelPlan.of(8).context(2).pipeline(2).sharded(Sharding.ZERO_1).microBatch(4),
            ParallelPlan.of(4).context(2).sharded(Sharding.ZERO_3).microBatch(8),
            ParallelPlan.of(2).context(2).sharded(Sharding.ZERO_2).microBatch(8))) {
      assertLearns(network, plan);
    }
  }

  /** Activations of a section are half as many; the weights are all there. */
  @Test
  void aGpuKeepsTheActivationsOfItsSteps() {
    var plain = ParallelPlan.of(2).data(2).microBatch(8);
    var cut = ParallelPlan.of(2).context(2).microBatch(8);
    var whole = job(CAUSAL).steps(1).plan(plain).run().memory(0);
    var half = job(CAUSAL).steps(1).plan(cut).run().memory(0);
    assertEquals(whole.weights(), half.weights());
    double share = (double) half.activations() / whole.activations();
    assertEquals(0.5, share, 0.03);
  }

  private static void refused(String sentence, ParallelTraining job) {
    var refusal = assertThrows(IllegalArgumentException.class, job::run);
    assertEquals(sentence, refusal.getMessage());
  }

  @Test
  void whatLooksAtWholeSequencesIsRefused() {
    refused(
        "context(3) cuts sequences evenly, but a layer takes [8] of tokens below %d: give a degree that divides 8"
            .formatted(LINES.classes()),
        job(CAUSAL).batch(33).plan(ParallelPlan.of(3).context(3)));
    refused(
        "context(2) cuts sequences for layers that look at one step at a time, and for attention, but lstm(8) does not go step by step: write context(1)",
        job(speaker(b -> b.lstm(8))).plan(ParallelPlan.of(2).context(2)));
    var reader = OneGpu.reader(b -> b.causalAttention(2), 1);
    refused(
        "context(2) cuts sequences for layers that look at one step at a time, and for attention, but lastStep() does not go step by step: write context(1)",
        ParallelTraining.of(reader)
            .on(OneGpu.sentences())
            .batch(32)
            .plan(ParallelPlan.of(2).context(2)));
    var vectors = Network.inputs(64).dense(10, softmax()).loss(crossEntropy());
    refused(
        "context(2) cuts sequences evenly, but a layer takes [64]: end the network in layers that give something at every step, or write context(1)",
        ParallelTraining.of(vectors).on(Datasets.digits()).plan(ParallelPlan.of(2).context(2)));
  }
}
