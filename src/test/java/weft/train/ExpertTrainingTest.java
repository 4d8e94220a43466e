package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.gelu;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.adam;
import static weft.nn.Optimizers.adamW;
import static weft.nn.Optimizers.sgd;
import static weft.parallel.PipelineSchedule.zeroBubbleH1;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weft.llm.Experts;
import weft.llm.Transformer;
import weft.nn.Dataset;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.Optimizer;
import weft.nn.Precision;
import weft.parallel.ParallelAxis;
import weft.parallel.ParallelPlan;
import weft.parallel.Sharding;

/** Experts on different GPUs, to which steps of sequences go and come back. */
class ExpertTrainingTest {
  private static final int WIDTH = 8;
  private static final int STEPS = 6;
  private static final int INNER = 12;

  /** Biases of keys have no gradient but its rounding, and Adam makes steps of that, too. */
  private static final double ADAM_OF_NOTHING = 1e-9;

  private static final Optimizer OPTIMIZER = sgd(0.05).momentum(0.9);

  private static Network reader(int experts, int active, int blocks) {
    return OneGpu.reader(
        b ->
            b.residual(r -> r.layerNorm().causalAttention(2))
                .residual(r -> r.layerNorm().experts(experts, active, INNER, gelu())),
        blocks);
  }

  private static ParallelTraining job(Network network) {
    return ParallelTraining.of(network).on(OneGpu.sentences()).batch(32).steps(6).with(OPTIMIZER);
  }

  private static ParallelRun assertLearns(Network network, ParallelPlan plan) {
    var run = job(network).plan(plan).run();
    OneGpu.assertLearns(network, OneGpu.sentences(), OPTIMIZER, 32, 6, run, 1e-12);
    return run;
  }

  /** All GPUs with other experts; pairs that have the same; stages, slices and sections beside. */
  @Test
  void expertsElsewhereLearnWhatTheyDoHere() {
    var network = reader(4, 2, 2).precision(Precision.FLOAT64);
    for (ParallelPlan plan :
        List.of(
            ParallelPlan.of(2).expert(2).microBatch(8),
            ParallelPlan.of(4).expert(4).microBatch(8),
            ParallelPlan.of(4).expert(2).microBatch(2),
            ParallelPlan.of(8).tensor(2).pipeline(2).expert(2).microBatch(4),
            ParallelPlan.of(4).pipeline(2, zeroBubbleH1()).expert(2).microBatch(4))) {
      assertLearns(network, plan);
    }
  }

  /**
   * Each GPU steps a part of its experts, shared with those that have the same, and of all else,
   * shared with all; every other axis beside.
   */
  @Test
  void expertsElsewhereWithShardedStateLearnTheSame() {
    var network = reader(4, 2, 2).precision(Precision.FLOAT64);
    for (ParallelPlan plan :
        List.of(
            ParallelPlan.of(4).expert(4).microBatch(8),
            ParallelPlan.of(4).expert(2).microBatch(2),
            ParallelPlan.of(8).tensor(2).pipeline(2).expert(2).microBatch(4),
            ParallelPlan.of(8).pipeline(2, zeroBubbleH1()).expert(2).microBatch(2))) {
      var sharded = plan.sharded(Sharding.ZERO_1);
      assertLearns(network, sharded);
      var adamW = adamW(0.01).weightDecay(0.1);
      var run = job(network).with(adamW).plan(sharded).run();
      OneGpu.assertLearns(network, OneGpu.sentences(), adamW, 32, 6, run, ADAM_OF_NOTHING);
    }
  }

  /** Bytes are ZeRO-1's in both groups, and Adam's two moments lie once in each. */
  @Test
  void shardedStateOfExpertsMovesAndKeepsWhatTheFormulaSays() {
    int expert = 2 * WIDTH * INNER + INNER + WIDTH;
    var network = reader(4, 4, 1);
    long others = network.parameters() - 4L * expert;
    var plan = ParallelPlan.of(8).expert(4).microBatch(4).sharded(Sharding.ZERO_1);
    var run = job(network).with(adam(0.01)).plan(plan).run();
    OneGpu.assertCountsAreFormulas(run);
    double moved = 2 * 4 * (7 * others + 4.0 * expert); // both groups' rings, all GPUs, a step
    long sent = IntStream.range(0, 8).mapToLong(g -> run.sent(g, ParallelAxis.DATA)).sum();
    assertEquals(moved * run.steps(), (double) sent);
    long moments = IntStream.range(0, 8).mapToLong(g -> run.memory(g).optimizer()).sum();
    assertEquals(2 * 4 * (others + 4L * expert), moments);
  }

  @Test
  void replicasAndShardsHaveAllExperts() {
    var network = reader(3, 2, 1).precision(Precision.FLOAT64);
    for (Sharding sharding : Sharding.values()) {
      var run = assertLearns(network, ParallelPlan.of(2).sharded(sharding).microBatch(8));
      OneGpu.assertCountsAreFormulas(run);
    }
  }

  /** Steps of one sequence on two GPUs, which share out the experts too. */
  @Test
  void sectionsOfASequenceShareExperts() {
    Dataset lines = Datasets.persuasion().sequences(8).rows(IntStream.range(0, 100).toArray());
    var network =
        Network.tokens(lines.classes(), 8)
            .embedding(WIDTH)
            .residual(r -> r.layerNorm().causalAttention(2))
            .residual(r -> r.layerNorm().experts(4, 2, INNER, relu()))
            .dense(lines.classes(), softmax())
            .loss(crossEntropy())
            .precision(Precision.FLOAT64);
    var plan = ParallelPlan.of(4).context(2).expert(4).microBatch(8);
    var job = ParallelTraining.of(network).on(lines).batch(32).steps(6).with(OPTIMIZER);
    OneGpu.assertLearns(network, lines, OPTIMIZER, 32, 6, job.plan(plan).run(), 1e-12);
  }

  @Test
  void singlePrecisionDiffersByItsRounding() {
    var run = job(reader(4, 2, 1)).plan(ParallelPlan.of(4).expert(4).microBatch(8)).run();
    assertArrayEquals(run.lossesOfOneGpu(), run.losses(), 1e-5);
    assertTrue(run.network().largestDifference(run.networkOfOneGpu()) < 1e-4);
  }

  /** Where every step goes to every expert: (e-1)/e of all copies, there and back, twice. */
  @ParameterizedTest
  @CsvSource({"2", "4"})
  void fourAllToAllCarryEachStepToItsExperts(int gpus) {
    int blocks = 2;
    var run =
        job(reader(4, 4, blocks)).plan(ParallelPlan.of(gpus).expert(gpus).microBatch(8)).run();
    double share = 32.0 / gpus * STEPS * 4 * WIDTH * Float.BYTES;
    double perStep = blocks * 4 * (gpus - 1.0) / gpus * share;
    for (int gpu = 0; gpu < gpus; gpu++) {
      assertEquals(6 * perStep, (double) run.sent(gpu, ParallelAxis.EXPERT), 1e-6);
    }
    OneGpu.assertCountsAreFormulas(run);
  }

  /** The traffic that plans of large models predict, here moved; numbers of 4 bytes, not 2. */
  @Test
  void whatMovesIsWhatThePlansTrafficSays() {
    var model =
        Transformer.gpt(2, WIDTH, 2)
            .sequence(STEPS)
            .vocabulary(8)
            .experts(new Experts(4, 4, 0, INNER, 0));
    var plan = ParallelPlan.of(4).expert(4).microBatch(8);
    double predicted = plan.traffic(model, 32).sent(ParallelAxis.EXPERT);
    var run = job(reader(4, 4, 2)).steps(1).plan(plan).run();
    assertEquals(2 * predicted, (double) run.sent(1, ParallelAxis.EXPERT), 1e-6);
  }

  /**
   * Routers choose unequally, so that single GPUs send more or less than the formula, which takes
   * experts to be chosen equally; but what goes to an expert comes back, and gradients follow it.
   */
  @Test
  void whatGoesToAnExpertComesBack() {
    var plan = ParallelPlan.of(4).expert(4).microBatch(8);
    var table =
        job(reader(8, 2, 2))
            .plan(plan)
            .run()
            .table()
            .where(t -> t.stringColumn("axis").isEqualTo("Expert"));
    double[] counted = table.doubleColumn("sent by a GPU (B/step)").asDoubleArray();
    double[] formula = table.doubleColumn("by the formula (B/step)").asDoubleArray();
    assertEquals(4, counted.length);
    for (int row = 0; row < 4; row++) {
      assertEquals(counted[0], counted[row], 1e-9, table.row(row).toString());
      assertEquals(formula[0], counted[row], 0.25 * formula[0], table.row(row).toString());
    }
  }

  /** The router is everywhere, a quarter of the experts here. */
  @Test
  void aGpuHoldsItsExperts() {
    int expert = 2 * WIDTH * INNER + INNER + WIDTH;
    var network = reader(4, 2, 1);
    var run = job(network).steps(1).plan(ParallelPlan.of(4).expert(4).microBatch(8)).run();
    for (int gpu = 0; gpu < 4; gpu++) {
      assertEquals(4L * (network.parameters() - 3 * expert), run.memory(gpu).weights());
    }
    long others = 4L * (network.parameters() - 4 * expert);
    double sum = 2 * 3.0 / 4 * others;
    assertEquals(sum, (double) run.sent(2, ParallelAxis.DATA), 4);
  }

  private static void refused(String sentence, ParallelTraining job) {
    var refusal = assertThrows(IllegalArgumentException.class, job::run);
    assertEquals(sentence, refusal.getMessage());
  }

  @Test
  void expertsAreDealtOutEvenly() {
    refused(
        "experts are dealt out evenly, but experts(3, 2, 12, gelu()) has 3 for 2 GPUs: give an expert degree that divides 3",
        job(reader(3, 2, 1)).plan(ParallelPlan.of(2).expert(2)));
    refused(
        "experts are dealt out within a data-parallel group, whose 2 GPUs are no multiple of 4: give an expert degree that divides them",
        job(reader(4, 2, 1)).plan(ParallelPlan.of(2).expert(4)));
    var dense = Network.inputs(64).dense(8, identity()).dense(10, softmax()).loss(crossEntropy());
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                ParallelTraining.of(dense)
                    .on(Datasets.digits())
                    .plan(ParallelPlan.of(2).expert(2))
                    .run());
    assertTrue(error.getMessage().contains("has none: add experts(4, 2, 16, gelu())"));
    refused(
        "a plan that deals out experts and shards gradients has its memory and traffic in tables, but is not executed: write sharded(ZERO_1), or expert(1)",
        job(reader(4, 2, 1)).plan(ParallelPlan.of(2).expert(2).sharded(Sharding.ZERO_2)));
  }
}
