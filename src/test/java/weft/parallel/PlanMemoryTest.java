package weft.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;
import weft.cluster.Accelerator;
import weft.llm.Transformer;

/** Memory formulas come to the figures of their papers. */
class PlanMemoryTest {
  private static final double GIB = 1L << 30;
  private static final Transformer GPT3 = Transformer.GPT3_175B;
  private static final Transformer GPT_22B = Transformer.gpt(48, 6144, 64);

  /** Rajbhandari et al., SC20, figure 1: 7.5 billion parameters on 64 GPUs. */
  @Test
  void shardingLeavesTheModelStatesOfZero() {
    double[] gigabytes = {120, 31.4, 16.6, 1.9};
    int row = 0;
    for (Sharding sharding : Sharding.values()) {
      double bytes = sharding.modelStateBytes(7.5e9, 64, 2);
      assertEquals(gigabytes[row++], Math.round(bytes / 1e8) / 10.0, 1e-9);
    }
  }

  /** Korthikanti et al., figure 1: activations of GPT-3 and of a model of 22 billion, GiB. */
  @Test
  void activationsAreThoseOfKorthikanti() {
    var big = ParallelPlan.of(64).tensor(8).pipeline(8, PipelineSchedule.interleaved(3));
    assertEquals(66.84375, activations(big, GPT3, 64), 1e-6);
    var selective = big.sequenceParallel().recomputing(Recomputation.SELECTIVE);
    assertEquals(12.3515625, activations(selective, GPT3, 64), 1e-6);
    var small = ParallelPlan.of(8).tensor(8).microBatch(4);
    assertEquals(59.25, activations(small, GPT_22B, 4), 1e-6);
    var smallSelective = small.sequenceParallel().recomputing(Recomputation.SELECTIVE);
    assertEquals(9.5625, activations(smallSelective, GPT_22B, 4), 1e-6);
  }

  /** Korthikanti et al., figure 7: GPT-3's activations over those with nothing done, percent. */
  @Test
  void eachTechniqueSavesThePublishedShare() {
    var plan = ParallelPlan.of(64).tensor(8).pipeline(8, PipelineSchedule.interleaved(3));
    double none = activations(plan, GPT3, 64);
    var sequence = plan.sequenceParallel();
    var selective = plan.recomputing(Recomputation.SELECTIVE);
    var full = plan.recomputing(Recomputation.FULL);
    var both = sequence.recomputing(Recomputation.SELECTIVE);
    assertEquals(62.04, 100 * activations(sequence, GPT3, 64) / none, 0.1);
    assertEquals(56.53, 100 * activations(selective, GPT3, 64) / none, 0.02);
    assertEquals(18.49, 100 * activations(both, GPT3, 64) / none, 0.02);
    assertEquals(8.71, 100 * activations(full, GPT3, 64) / none, 0.02);
  }

  private static double activations(ParallelPlan plan, Transformer model, int batch) {
    return plan.memory(model, batch).activations().bytes() / GIB;
  }

  /** Narayanan et al., section 2.2.1: GPipe keeps all micro-batches, 1F1B one a stage. */
  @Test
  void oneForwardOneBackwardKeepsAMicroBatchAStageAndGpipeAll() {
    assertEquals(8, PipelineSchedule.gPipe().held(0, 4, 8));
    assertEquals(4, PipelineSchedule.oneForwardOneBackward().held(0, 4, 8));
    assertEquals(2, PipelineSchedule.oneForwardOneBackward().held(0, 4, 2));
  }

  /** Qi et al., ICLR 2024, table 2: p by 1F1B and ZB-H1, 2p - 1 by ZB-H2. */
  @Test
  void zeroBubbleAtOnceAtThePriceOfAlmostTwiceTheActivations() {
    var plan = ParallelPlan.of(64).tensor(8);
    double once = activations(plan.pipeline(8), GPT3, 64);
    double h1 = activations(plan.pipeline(8, PipelineSchedule.zeroBubbleH1()), GPT3, 64);
    double h2 = activations(plan.pipeline(8, PipelineSchedule.zeroBubbleH2()), GPT3, 64);
    assertEquals(1, h1 / once, 1e-9);
    assertEquals(15 / 8.0, h2 / once, 1e-9);
  }

  /** 18 bytes a parameter with gradients in float32: Korthikanti et al., figure 1, 45.56 GiB. */
  @Test
  void aGpuOfMegatronHoldsEighteenBytesOfEachParameter() {
    double layers = 12.0 * 96 * 12_288 * 12_288;
    assertEquals(45.5625, Sharding.REPLICATED.modelStateBytes(layers / 64, 1, 4) / GIB * 1.0, 1e-6);
  }

  @Test
  void aModelThatDoesNotFitSaysByHowMuchAndWhatWould() {
    var plan = ParallelPlan.of(64).tensor(8);
    var memory = plan.memory(Transformer.LLAMA3_70B, 64);
    assertFalse(memory.fits(Accelerator.H100));
    String verdict = memory.verdict(Accelerator.H100);
    assertTrue(verdict.contains("does not fit into the 80 GB of H100 SXM"), verdict);
    assertTrue(verdict.contains("it would fit with "), verdict);
    var huge = ParallelPlan.of(8).tensor(8).memory(Transformer.LLAMA3_405B, 1);
    assertTrue(
        huge.verdict(Accelerator.H100)
            .endsWith(
                "; weights, gradients and the optimiser's state are 6.494 TB and fill 82 such GPUs: take more"),
        huge.verdict(Accelerator.H100));
  }

  /** Row ZERO.7.5B.64, figure 1 of the ZeRO paper; FSDP sends three weights in place of two. */
  @Test
  void shardingsStandBesideEachOther() {
    Table all = Sharding.compare(7.5e9, 64);
    double[] published = {120, 31.4, 16.6, 1.88};
    for (int row = 0; row < 4; row++) {
      assertEquals(published[row], all.doubleColumn("all (GB)").get(row), 0.05);
    }
    assertEquals("7.5 billion parameters on 64 GPUs, one micro-batch a step", all.name());
    var sent = all.doubleColumn("sent (GB/step)");
    assertEquals(2 * 15 * 63 / 64.0, sent.get(0), 1e-9);
    assertEquals(sent.get(0), sent.get(2), 1e-9);
    assertEquals(1.5 * sent.get(0), sent.get(3), 1e-9);
    assertThrows(IllegalArgumentException.class, () -> Sharding.compare(7.5e9, 1));
    assertThrows(IllegalArgumentException.class, () -> Sharding.compare(0, 64));
  }

  /** The cheapest remedy is named, and what it names does fit. */
  @Test
  void remediesAreTheCheapestThatFit() {
    var plan = ParallelPlan.of(64).tensor(8).sequenceParallel().sharded(Sharding.ZERO_1);
    var pipes = plan.flashAttention().pipeline(4, PipelineSchedule.gPipe());
    assertRemedy("pipeline(4, oneForwardOneBackward())", pipes.memory(GPT3, 64));
    assertTrue(
        pipes
            .pipeline(4, PipelineSchedule.oneForwardOneBackward())
            .memory(GPT3, 64)
            .fits(Accelerator.H100));
    assertRemedy("flashAttention()", plan.pipeline(4).memory(GPT3, 64));
    assertTrue(plan.pipeline(4).flashAttention().memory(GPT3, 64).fits(Accelerator.H100));
    assertRemedy(
        "tensor(2).pipeline(1).microBatch(1).recomputing(FULL).sharded(ZERO_3)",
        ParallelPlan.of(40).memory(GPT3, 40));
    assertTrue(
        ParallelPlan.of(40)
            .tensor(2)
            .recomputing(Recomputation.FULL)
            .sharded(Sharding.ZERO_3)
            .memory(GPT3, 40)
            .fits(Accelerator.H100));
  }

  private static void assertRemedy(String written, PlanMemory memory) {
    String verdict = memory.verdict(Accelerator.H100);
    assertTrue(verdict.endsWith("; it would fit with " + written), verdict);
  }

  /** Between layers each GPU of a tensor group has its section alone (Korthikanti, 4.2.2). */
  @Test
  void sequenceParallelismCutsWhatFullRecomputationKeeps() {
    var plan = ParallelPlan.of(8).tensor(8).recomputing(Recomputation.FULL);
    double bsh = 2048.0 * 12_288;
    assertEquals(2 * bsh * 96, activations(plan, GPT3, 1) * GIB, 1);
    assertEquals(2 * bsh * 96 / 8, activations(plan.sequenceParallel(), GPT3, 1) * GIB, 1);
  }

  /** 10 + 24/t + 5 a s/(h t) of one layer that is calculated again, or its last term alone. */
  @Test
  void theLayerThatIsCalculatedAgainIsWhole() {
    var plan = ParallelPlan.of(8).tensor(8);
    double bsh = 2048.0 * 12_288;
    double scores = 5 * 96 * 2048 / 12_288.0;
    var full = plan.recomputing(Recomputation.FULL).memory(GPT3, 1);
    assertEquals(bsh * (10 + (24 + scores) / 8), (double) full.recomputed().bytes(), 1);
    var selective = plan.recomputing(Recomputation.SELECTIVE).memory(GPT3, 1);
    assertEquals(bsh * scores / 8, (double) selective.recomputed().bytes(), 1);
    assertEquals(0, plan.memory(GPT3, 1).recomputed().bytes());
  }

  /** As it is executed: ZeRO-2 holds a layer's gradients whole, ZeRO-3 its weights too. */
  @Test
  void theLayerThatIsGatheredIsWhole() {
    Transformer model = Transformer.LLAMA3_8B;
    long embedding = 128_256L * 4096; // more than a layer's 218 million
    long[] bytes = {0, 0, 2 * embedding, 4 * embedding};
    int row = 0;
    for (Sharding sharding : Sharding.values()) {
      var memory = ParallelPlan.of(8).sharded(sharding).memory(model, 8);
      assertEquals(bytes[row++], memory.gathered().bytes());
      double rows = memory.table().doubleColumn("size (GB)").sum() / 2; // the last is their sum
      assertEquals(rows, memory.total().bytes() / 1e9, 1e-8);
    }
    var alone = ParallelPlan.of(1).sharded(Sharding.ZERO_3).memory(model, 1);
    assertEquals(0, alone.gathered().bytes());
  }
}
