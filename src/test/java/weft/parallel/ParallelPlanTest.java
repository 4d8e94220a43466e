package weft.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import weft.llm.Experts;
import weft.llm.Transformer;

/** Plans are checked before anything is calculated, and refusals say what to write instead. */
class ParallelPlanTest {
  private static final Transformer LLAMA = Transformer.LLAMA3_405B;

  @Test
  void whatTheOtherDegreesLeaveIsDataParallel() {
    assertEquals(128, ParallelPlan.of(16_384).tensor(8).pipeline(16).data());
    assertEquals(8, ParallelPlan.of(16_384).tensor(8).pipeline(16).context(16).data());
  }

  @Test
  void degreesThatDoNotMultiplyToTheGpusAreRefused() {
    refused(
        "tensor 8 x context 1 x pipeline 16 must multiply to the 1000 GPUs of the plan, but a replica of 128 GPUs does not divide them: change a degree or the GPU count",
        () -> ParallelPlan.of(1000).tensor(8).pipeline(16).data());
    refused(
        "tensor 8 x context 1 x pipeline 16 x data 64 must multiply to the 16384 GPUs of the plan, but come to 8192: change a degree or the GPU count",
        () -> ParallelPlan.of(16_384).tensor(8).pipeline(16).data(64).data());
  }

  /** Products beyond 2^31, and beyond 2^63, are refused like any other. */
  @Test
  void degreesOfAnySizeAreRefusedInWords() {
    refused(
        "tensor 65536 x context 1 x pipeline 65536 must multiply to the 8 GPUs of the plan, but a replica of 4294967296 GPUs does not divide them: change a degree or the GPU count",
        () -> ParallelPlan.of(8).tensor(65_536).pipeline(65_536).data());
    int most = Integer.MAX_VALUE;
    var huge = ParallelPlan.of(8).tensor(most).context(most).pipeline(most).data(most);
    assertThrows(IllegalArgumentException.class, huge::data);
    assertThrows(
        IllegalArgumentException.class,
        () -> ParallelPlan.of(1 << 20).microBatch(1 << 20).memory(LLAMA, 8));
    assertEquals("1 GPU: tensor 1, data 1", ParallelPlan.of(1).toString());
  }

  @Test
  void layersMustDivideByStagesUnlessEmbeddingAndOutputCount() {
    ParallelPlan plan = ParallelPlan.of(16_384).tensor(8).pipeline(16);
    refused(
        "layers are dealt out evenly to 16 stages of 1 chunk, but Llama 3 405B has 126: give degrees whose product divides 126, or embeddingsAsLayers() to count embedding and output",
        () -> plan.memory(LLAMA, 2048));
    assertEquals(7, plan.embeddingsAsLayers().layersOfFirstStage(LLAMA));
    assertEquals(8, plan.embeddingsAsLayers().layersOfMiddleStage(LLAMA));
  }

  @Test
  void whatCannotBeSharedOutEvenlyIsRefused() {
    refused(
        "attention heads are shared out evenly in a tensor group, but Llama 3 405B has 128 heads for 3 GPUs: give a tensor degree that divides 128",
        () -> ParallelPlan.of(3).tensor(3).memory(LLAMA, 1));
    refused(
        "a global batch is shared out to 8 replicas in micro-batches of 2, but 100 is no multiple of 16: write for example globalBatch(96)",
        () -> ParallelPlan.of(64).tensor(8).microBatch(2).memory(LLAMA, 100));
    refused(
        "an expert degree needs experts, but Llama 3 405B is dense: leave expert(8) out",
        () -> ParallelPlan.of(8).expert(8).memory(LLAMA, 8));
    refused(
        "an interleaved schedule takes micro-batches in rounds of one a stage, but 6 are no multiple of 4 stages: change globalBatch or microBatch",
        () ->
            ParallelPlan.of(4)
                .pipeline(4, PipelineSchedule.interleaved(2))
                .memory(Transformer.GPT3_175B, 6));
  }

  @Test
  void zeroBubbleSchedulesNeedMicroBatchesToFillThePipelineAndActivationsToKeep() {
    var h1 = ParallelPlan.of(4).pipeline(4, PipelineSchedule.zeroBubbleH1());
    var h2 = ParallelPlan.of(4).pipeline(4, PipelineSchedule.zeroBubbleH2());
    refused(
        "ZB-H1 needs 4 micro-batches to fill 4 stages, but there are 3: change globalBatch or microBatch",
        () -> h1.memory(Transformer.GPT3_175B, 3));
    refused(
        "ZB-H2 needs 7 micro-batches to fill 4 stages, but there are 6: change globalBatch or microBatch",
        () -> h2.memory(Transformer.GPT3_175B, 6));
    refused(
        "ZB-H2 needs 7 micro-batches to fill 4 stages, but there are 6: give other micro-batches",
        () -> h2.schedule().picture(4, 6));
    refused(
        "ZB-H1 keeps what gradients of weights need for a while after those of inputs, which FULL recomputation would throw away: write recomputing(SELECTIVE), or another schedule",
        () -> h1.recomputing(Recomputation.FULL).memory(Transformer.GPT3_175B, 8));
  }

  /** Mixtral has no dense layer, whose width a tensor group would have to share. */
  @Test
  void onlyNetworksThatAModelHasAreCut() {
    Transformer mixtral = Transformer.MIXTRAL_8X7B;
    assertEquals(8, ParallelPlan.of(8).tensor(8).traffic(mixtral, 8).rows().get(0).ranks());
    refused(
        "a feed-forward network is cut evenly in a tensor group, but its width of 100 is no multiple of 8: give another tensor degree",
        () ->
            ParallelPlan.of(8).tensor(8).traffic(mixtral.experts(new Experts(8, 2, 0, 100, 0)), 8));
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
