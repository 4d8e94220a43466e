package weft.notebook.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_A100;
import static weft.cluster.Server.DGX_H100;
import static weft.llm.Transformer.GPT3_175B;
import static weft.llm.Transformer.MIXTRAL_8X7B;
import static weft.nn.Activations.gelu;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;
import static weft.parallel.ParallelAxis.DATA;
import static weft.parallel.ParallelAxis.EXPERT;
import static weft.parallel.ParallelAxis.PIPELINE;
import static weft.parallel.ParallelAxis.TENSOR;
import static weft.parallel.PipelineSchedule.gPipe;
import static weft.parallel.PipelineSchedule.interleaved;
import static weft.parallel.PipelineSchedule.zeroBubbleH1;
import static weft.parallel.PipelineSchedule.zeroBubbleH2;
import static weft.units.Units.mb;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.cluster.Accelerator;
import weft.fabric.Fabric;
import weft.job.Job;
import weft.job.TrainingJob;
import weft.llm.Transformer;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.parallel.ParallelPlan;
import weft.parallel.PassTimes;
import weft.parallel.Recomputation;
import weft.parallel.Sharding;
import weft.parallel.TrafficMap;
import weft.train.ParallelRun;
import weft.train.ParallelTraining;

/** What notebook 05, Tensor, pipeline, expert, context, says and asks. */
final class PlanNotebookTest {
  private static final ParallelPlan PLAN =
      ParallelPlan.of(64)
          .tensor(8)
          .pipeline(4)
          .sequenceParallel()
          .flashAttention()
          .sharded(Sharding.ZERO_1);

  private static final Fabric FABRIC =
      Fabric.railOptimized().servers(8, DGX_H100).leafRadix(16).leafPorts(4, 4).build();

  private static final TrainingJob TRAINING =
      Job.training(GPT3_175B).on(8, DGX_H100).globalBatch(64);

  private static ParallelRun executed(ParallelPlan plan) {
    var novel = Datasets.persuasion();
    var layers = Network.tokens(novel.vocabulary(), 32).embedding(32).positions();
    for (int i = 0; i < 4; i++) {
      layers =
          layers
              .residual(r -> r.layerNorm().causalAttention(4))
              .residual(r -> r.layerNorm().dense(128, gelu()).dense(32, identity()));
    }
    var gpt =
        layers.layerNorm().dense(novel.vocabulary(), softmax()).init(he(1)).loss(crossEntropy());
    return ParallelTraining.of(gpt)
        .on(novel.sequences(32))
        .batch(16)
        .steps(10)
        .with(sgd(0.1).momentum(0.9))
        .plan(plan)
        .run();
  }

  private static double sum(ParallelRun run, String column) {
    return run.table().doubleColumn(column).sum();
  }

  /** Four AllReduce a layer of b s h numbers, 2 (t-1)/t of it sent: 16 x 32 x 32 x 4 bytes. */
  @Test
  void slicesSendWhatTheFormulaSaysAndLearnTheSameButForRounding() {
    var run = executed(ParallelPlan.of(4).tensor(4).microBatch(16));
    assertEquals(16, sum(run, "calls a step"));
    assertEquals(16 * 1.5 * (16 * 32 * 32 * 4), sum(run, "sent by a GPU (B/step)"));
    assertEquals(sum(run, "by the formula (B/step)"), sum(run, "sent by a GPU (B/step)"));
    assertTrue(run.network().largestDifference(run.networkOfOneGpu()) < 1e-5);
  }

  @Test
  void aPipelineLearnsTheSameBitsAndItsEndsSendHalf() {
    var run = executed(ParallelPlan.of(4).pipeline(4).microBatch(2));
    assertEquals(0, run.network().largestDifference(run.networkOfOneGpu()));
    var table = run.memoryTable();
    assertEquals(
        List.of(65_536L, 131_072L, 131_072L, 65_536L), table.longColumn("sent (B/step)").asList());
    assertEquals(List.of(4L, 3L, 2L, 1L), table.longColumn("micro-batches held").asList());
  }

  @Test
  void allAxesTogetherSendWhatTheFormulasSay() {
    var plan = ParallelPlan.of(8).tensor(2).pipeline(2).microBatch(4).sharded(Sharding.ZERO_1);
    var run = executed(plan);
    assertEquals(
        run.table().doubleColumn("by the formula (B/step)").asList(),
        run.table().doubleColumn("sent by a GPU (B/step)").asList());
    assertTrue(run.network().largestDifference(run.networkOfOneGpu()) < 1e-5);
  }

  @Test
  void bubblesAreThoseOfThePictures() {
    assertEquals(34.9, GPT3_175B.parameters() * 16 / 80e9, 0.05);
    assertEquals(37.5, 100 * gPipe().bubble(4, 8));
    assertEquals(18.75, 100 * interleaved(2).bubble(4, 8));
    assertEquals(12.5, 100 * zeroBubbleH1().bubble(4, 8), 1e-9);
    assertEquals(0, zeroBubbleH2().bubble(4, 8), 1e-9);
    assertEquals(1.01, 100 * zeroBubbleH2().bubble(4, 8, PassTimes.of(GPT3_175B)), 0.01);
    String verdict = PLAN.pipeline(4, gPipe()).memory(GPT3_175B, 64).verdict(Accelerator.H100);
    assertTrue(verdict.contains("does not fit"), verdict);
    assertTrue(verdict.endsWith("would fit with pipeline(4, oneForwardOneBackward())"), verdict);
    assertTrue(PLAN.memory(GPT3_175B, 64).fits(Accelerator.H100));
  }

  /** The same bytes on other wires: 11 GB through each NIC, or 271, 5.4 s at 50 GB/s. */
  @Test
  void theOrderOfRanksDecidesWhichWireAnAxisGets() {
    var traffic = PLAN.traffic(GPT3_175B, 64);
    TrafficMap good = traffic.over(FABRIC);
    TrafficMap bad = traffic.over(FABRIC, PLAN.innermostFirst(DATA, PIPELINE, TENSOR));
    assertEquals(270.6, traffic.sent(TENSOR) / 1e9, 0.05);
    assertEquals(11.3, good.throughNic() / 1e9, 0.05);
    assertEquals(270.6, bad.throughNic() / 1e9, 0.05);
    assertEquals(5.4, bad.throughNic() / 50e9, 0.05);
    var step = TRAINING.plan(PLAN).run();
    assertEquals(5.38, step.total().seconds(), 0.01);
    assertEquals(0.9, step.exposed(TENSOR), 0.01);
  }

  @Test
  void expertsAndTensorsBothWantTheServer() {
    Transformer mixtral = MIXTRAL_8X7B.sequence(4096);
    var experts = ParallelPlan.of(64).expert(8);
    var inside = experts.traffic(mixtral, 64).over(FABRIC);
    assertEquals(0, inside.bytes(EXPERT, 1) + inside.bytes(EXPERT, 3));
    assertEquals(20.5, inside.throughNic() / 1e9, 0.05);
    var outside = experts.tensor(8).traffic(mixtral, 64).over(FABRIC);
    assertEquals(8.2, outside.throughNic() / 1e9, 0.05);
    var wide = ParallelPlan.of(64).tensor(16).pipeline(4).sequenceParallel().flashAttention();
    var traffic = wide.traffic(GPT3_175B, 64);
    assertEquals(580, traffic.sent(TENSOR) / 1e9, 0.5);
    assertEquals(72.5, traffic.over(FABRIC).bytes(TENSOR, 3) / 64 / 1e9, 0.1);
  }

  /** Narayanan et al., SC21, table 1: 163 and 135 TFLOP/s. */
  @Test
  void megatronsRowsComeOutNearWhatWasMeasured() {
    assertEquals(154, megatron(Transformer.gpt(128, 25_600, 160), 64, 3072, 3072, 1), 0.5);
    assertEquals(134, megatron(Transformer.gpt(40, 6144, 48), 1, 256, 1024, 8), 0.5);
  }

  private static double megatron(
      Transformer model, int pipeline, int gpus, int batch, int microBatch) {
    var plan =
        ParallelPlan.of(gpus)
            .tensor(8)
            .pipeline(pipeline)
            .microBatch(microBatch)
            .recomputing(Recomputation.FULL);
    return Job.training(model)
        .on(gpus / 8, DGX_A100)
        .plan(plan)
        .globalBatch(batch)
        .run()
        .teraflopsPerGpu();
  }

  @Test
  void anEighthOfTheBatchTakesAQuarterOfTheTime() {
    double whole = TRAINING.plan(PLAN).run().total().seconds();
    double eighth = TRAINING.globalBatch(8).plan(PLAN).run().total().seconds();
    assertEquals(0.24, eighth / whole, 0.01);
  }

  @ParameterizedTest
  @CsvSource({
    "pipeline bubble,46.875,four pieces",
    "pipeline bubble,0.1171875,in percent",
    "pipeline bubble,12.5,does not wait for itself",
    "pipeline bubble,1,over micro-batches",
    "micro-batches needed,133,of all the time",
    "micro-batches needed,160,without the first",
    "micro-batches needed,1,which m",
    "tensor array,268,unit",
    "far apart,3,answer with",
    "faster plan,4.9,give the run"
  })
  void wrongAnswersGetAHintWithoutTheAnswer(String exercise, String answer, String hint) {
    Verdict verdict = Exercises.STANDARD.check(exercise, Double.valueOf(answer));
    assertFalse(verdict.isRight(), answer);
    assertTrue(verdict.hint().contains(hint), verdict.hint());
    for (String secret : new String[] {"11.7", "140", "268"}) {
      assertFalse(verdict.hint().contains(secret), verdict.hint());
    }
  }

  @Test
  void rightAnswersAreAccepted() {
    assertTrue(Exercises.STANDARD.check("pipeline bubble", 11.7).isRight());
    assertTrue(Exercises.STANDARD.check("micro-batches needed", 140).isRight());
    assertTrue(Exercises.STANDARD.check("tensor array", mb(268)).isRight());
    assertTrue(Exercises.STANDARD.check("far apart", PIPELINE).isRight());
    assertTrue(Exercises.STANDARD.check("far apart", "pipeline").isRight());
    assertTrue(judge(PLAN.pipeline(4, interleaved(8)).overlapped()).isRight());
    assertTrue(judge(PLAN.pipeline(4, zeroBubbleH2()).overlapped()).isRight());
  }

  @Test
  void whatComesNearGetsItsOwnHint() {
    assertTrue(Exercises.STANDARD.check("tensor array", mb(134)).hint().contains("two"));
    assertTrue(Exercises.STANDARD.check("tensor array", mb(33.6)).hint().contains("partial"));
    assertTrue(Exercises.STANDARD.check("far apart", TENSOR).hint().contains("every layer"));
    assertTrue(Exercises.STANDARD.check("far apart", EXPERT).hint().contains("every layer"));
    assertTrue(Exercises.STANDARD.check("far apart", DATA).hint().contains("compare"));
    assertTrue(judge(PLAN).hint().contains("largest part"));
    assertTrue(judge(PLAN.tensor(4)).hint().contains("does not fit"));
    var other = TRAINING.globalBatch(32).plan(PLAN).run();
    assertTrue(Exercises.STANDARD.check("faster plan", other).hint().contains("keep the job"));
  }

  private static Verdict judge(ParallelPlan plan) {
    return Exercises.STANDARD.check("faster plan", TRAINING.plan(plan).run());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "transformer",
        "token",
        "attention head",
        "parallel plan",
        "tensor parallelism",
        "sequence parallelism",
        "pipeline parallelism",
        "pipeline stage",
        "pipeline bubble",
        "GPipe",
        "1F1B",
        "interleaved schedule",
        "zero-bubble schedule",
        "mixture of experts",
        "expert parallelism",
        "context parallelism",
        "AllToAll",
        "traffic matrix"
      })
  void termsOfTheNotebookAreInTheGlossary(String term) {
    assertTrue(Glossary.standard().define(term).startsWith(term + ": "), term);
  }
}
