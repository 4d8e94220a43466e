package weft.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import weft.llm.Transformer;

/** Bytes on the wire are those of the papers' formulas. */
class PlanTrafficTest {
  private static final Transformer GPT3 = Transformer.GPT3_175B;
  private static final double BSH = 2048.0 * 12_288;

  /** Narayanan et al., SC21, section 3.2: 8 b s h (t-1)/t numbers a layer and micro-batch. */
  @Test
  void tensorParallelismSendsEightTimesTheActivations() {
    var plan = ParallelPlan.of(8).tensor(8);
    double sent = plan.traffic(GPT3, 4).sent(ParallelAxis.TENSOR);
    assertEquals(2 * 8 * BSH * 7 / 8 * 96 * 4, sent, 1e-9 * sent);
    assertEquals(sent, plan.sequenceParallel().traffic(GPT3, 4).sent(ParallelAxis.TENSOR));
  }

  /** Same section: b s h a micro-batch and direction, cut over the tensor group. */
  @Test
  void aStageHandsOnEachMicroBatchOnceAChunk() {
    var plan = ParallelPlan.of(64).tensor(8).pipeline(8);
    double sent = plan.traffic(GPT3, 16).sent(ParallelAxis.PIPELINE);
    assertEquals(2 * 2 * BSH / 8 * 16, sent, 1e-9 * sent);
    var cut = plan.pipeline(8, PipelineSchedule.interleaved(3));
    assertEquals(3 * sent, cut.traffic(GPT3, 16).sent(ParallelAxis.PIPELINE), 1e-9 * sent);
  }

  /** ZeRO, section 7: 2 Psi numbers up to ZeRO-2, 3 Psi for ZeRO-3. */
  @Test
  void shardingWeightsCostsHalfAsMuchAgain() {
    Transformer model = Transformer.LLAMA2_7B;
    double psi = 2.0 * model.parameters() * 63 / 64;
    double[] volumes = {2, 2, 2, 3};
    int row = 0;
    for (Sharding sharding : Sharding.values()) {
      var plan = ParallelPlan.of(64).sharded(sharding);
      double sent = plan.traffic(model, 64).sent(ParallelAxis.DATA);
      assertEquals(volumes[row++] * psi, sent, 1e-9 * sent);
    }
  }

  /** Two AllToAll forward and two backward, k copies of each token: DeepSeek-V3, section 3.2. */
  @Test
  void tokensGoToTheirExpertsAndBack() {
    Transformer model = Transformer.MIXTRAL_8X7B.sequence(4096);
    double sent = ParallelPlan.of(8).expert(8).traffic(model, 8).sent(ParallelAxis.EXPERT);
    assertEquals(4 * 32 * 2 * (2.0 * 4096 * 4096) * 7 / 8, sent, 1e-9 * sent);
  }

  /** PIPE.ex: four stages and eight micro-batches wait 3/8 of the time, interleaved half of it. */
  @Test
  void bubblesAreThoseOfTheFormula() {
    assertEquals(0.375, PipelineSchedule.gPipe().bubble(4, 8));
    assertEquals(0.375, PipelineSchedule.oneForwardOneBackward().bubble(4, 8));
    assertEquals(0.1875, PipelineSchedule.interleaved(2).bubble(4, 8));
  }

  /** Whoever keeps no gradients whole sends them after each micro-batch, as it is executed too. */
  @Test
  void accumulatingMultipliesWhatZero2And3Send() {
    Transformer model = Transformer.LLAMA2_7B;
    double psi = 2.0 * model.parameters() * 63 / 64;
    double[] volumes = {2, 2, 4 + 1, 4 + 2 * 4};
    int row = 0;
    for (Sharding sharding : Sharding.values()) {
      double sent =
          ParallelPlan.of(64).sharded(sharding).traffic(model, 256).sent(ParallelAxis.DATA);
      assertEquals(volumes[row++] * psi, sent, 1e-9 * sent, sharding.toString());
    }
  }
}
