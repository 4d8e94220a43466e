package weft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import weft.cluster.Server;
import weft.llm.Transformer;
import weft.parallel.ParallelAxis;
import weft.parallel.ParallelPlan;

/** Inference takes what the roofline and the published cache sizes say. */
class InferenceJobTest {
  private static final InferenceJob LLAMA = Job.inference(Transformer.LLAMA3_70B);

  /** Calabria et al., draft-calabria-bmwg-ai-fabric-inference-bench, appendix. */
  @Test
  void theCacheOfSeventyBillionParametersIsThePublishedOne() {
    assertEquals(327_680, LLAMA.run().cachePerToken().bytes());
    assertEquals(1_342_177_280L, LLAMA.prompt(4095).output(1).run().cache().bytes());
  }

  /** Zhao et al., ISCA 2025, table 1: latent attention leaves 70.272 kB a token. */
  @Test
  void latentAttentionCachesASeventhOfGroupedQueries() {
    var deepSeek = Job.inference(Transformer.DEEPSEEK_V3).run();
    assertEquals(70_272, deepSeek.cachePerToken().bytes());
  }

  /** DECODE.bound: at batch 1 every token reads all weights once, here 16 GB at 3.35 TB/s. */
  @Test
  void oneRequestDecodesAtTheSpeedOfMemory() {
    var model = Transformer.LLAMA3_8B;
    var alone = Job.inference(model).on(Server.DGX_H100, 1).prompt(1).output(1).run();
    double weights = 2.0 * (model.parameters() - model.embeddingParameters());
    double cache = 1.5 * alone.cachePerToken().bytes();
    assertEquals((weights + cache) / 3.35e12, alone.decode().seconds(), 1e-9);
  }

  /** PREFILL.flops: 2 P a token and attention to half of the prompt. */
  @Test
  void aLongPromptIsBoundByArithmetic() {
    var model = Transformer.LLAMA3_8B;
    var run = Job.inference(model).on(Server.DGX_H100, 1).prompt(8192).run();
    double flops =
        2.0 * (model.parameters() - model.embeddingParameters()) * 8192
            + 2.0 * 8192 * 8192 * 32 * 4096;
    double rate = 989e12 * 0.803 * TrainingJob.PRODUCT_SHARE;
    assertEquals(flops / rate, run.prefill().seconds(), 1e-6);
  }

  /** PD.transfer at 47 GB/s: 1.34 GB of cache through one NIC, an eighth each through eight. */
  @Test
  void theCacheIsHandedOverThroughEveryGpusNic() {
    double bytes = 4096 * 327_680.0;
    var eight = LLAMA.prompt(4096);
    assertEquals(bytes / 8 / 47e9, eight.run().handOver().seconds(), 1e-9);
    assertEquals(bytes / 47e9, eight.on(Server.DGX_H100, 1).run().handOver().seconds(), 1e-9);
  }

  @Test
  void batchesShareTheReadingOfWeights() {
    double one = LLAMA.run().tokensPerSecond();
    double many = LLAMA.batch(32).run().tokensPerSecond();
    assertTrue(many > 20 * one, one + " and " + many);
    assertTrue(LLAMA.batch(32).run().decode().compareTo(LLAMA.run().decode()) > 0);
  }

  @Test
  void aTensorGroupLargerThanTheServerIsRefused() {
    var error = assertThrows(IllegalArgumentException.class, () -> LLAMA.on(Server.DGX_H100, 16));
    assertTrue(error.getMessage().endsWith("give a tensor degree that divides both"));
  }

  /**
   * Zhao et al., ISCA 2025, section 2.3.2: 32 tokens to 9 experts and back are (1 + 2) x 32 x 9 x
   * 7,000 bytes, 121 us at 50 GB/s. The hidden width is 7,168 to be exact.
   */
  @Test
  void tokensTakeAsLongToExpertsAndBackAsPublished() {
    var job = Job.inference(Transformer.DEEPSEEK_V3).on(Server.DGX_H100, 1).expert(256).batch(32);
    double bytes = 2 * new ServingWires(job).expertBytes(32);
    assertEquals(120.96e-6, bytes / 50e9, 0.03 * 120.96e-6);
    double far = bytes * 248 / 256 / (0.94 * 50e9);
    assertEquals(far + 2 * 14e-6, 2 * new ServingWires(job).expertSeconds(32), 1e-9);
  }

  /** 671 billion parameters do not fit into a server of 640 GB in bf16, but into four. */
  @Test
  void expertsThatAreDealtOutFit() {
    var one = Job.inference(Transformer.DEEPSEEK_V3).on(Server.DGX_H100, 8).prompt(128).output(8);
    assertTrue(!one.run().fits() && one.expert(32).run().fits());
    assertEquals(
        4, one.expert(32).run().tokensPerSecond() * one.expert(32).run().decode().seconds(), 1e-9);
  }

  @Test
  void expertsAreDealtOutToWholeTensorGroups() {
    var job = Job.inference(Transformer.DEEPSEEK_V3).on(Server.DGX_H100, 8);
    assertThrows(IllegalArgumentException.class, () -> job.expert(12));
    var error = assertThrows(IllegalArgumentException.class, () -> LLAMA.expert(8));
    assertEquals(
        "an expert degree needs experts, but Llama 3 70B is dense: leave expert(8) out",
        error.getMessage());
  }

  /** Little's law: requests under way are their rate times their time. */
  @Test
  void gpusAreAsManyAsAreBusy() {
    var run = LLAMA.batch(32).prompt(4096).output(512).run();
    var fleet = run.fleet(100);
    double underWay = 100 * 511 * run.decode().seconds();
    assertEquals(Math.ceil(underWay / 32) * 8, (double) fleet.decodeGpus(), 0);
    assertEquals(Math.ceil(100 * run.prefill().seconds()) * 8, (double) fleet.prefillGpus(), 0);
    double shared = fleet.sharedTokenTime().seconds();
    double inGroups = 100 * 511 * shared / 32;
    assertEquals(inGroups * 8, (double) fleet.sharedGpus(), 8);
    assertTrue(fleet.sharedTokenTime().compareTo(run.decode()) > 0);
    double bits = 8 * 100 * 4096 * 327_680.0;
    assertEquals(bits / 1e9 / fleet.prefillGpus(), fleet.handOverGbps(), 1e-9);
    assertThrows(IllegalArgumentException.class, () -> run.fleet(0));
  }

  /** Ten times the tokens take ten times the GPUs to decode, and none more to read the prompt. */
  @Test
  void longThoughtsNeedGpusForAnswersOnly() {
    var chat = LLAMA.batch(32).prompt(4096).output(512).run().fleet(100);
    var reasoning = LLAMA.batch(32).prompt(4096).output(5120).run().fleet(100);
    assertEquals(chat.prefillGpus(), reasoning.prefillGpus());
    double times = (double) reasoning.decodeGpus() / chat.decodeGpus();
    assertTrue(times > 10 && times < 13, "times " + times);
  }

  @Test
  void trainingAndInferenceStandInOneTable() {
    var plan = ParallelPlan.of(64).tensor(8).data(8);
    var step =
        Job.training(Transformer.LLAMA3_70B).on(8, Server.DGX_H100).plan(plan).globalBatch(64);
    var fleet = LLAMA.batch(32).prompt(4096).output(512).run().fleet(20);
    var table = NetworkDemand.of(step.run()).and(fleet).table();
    assertEquals(2 + 3, table.rowCount());
    var rates = table.doubleColumn("sent by a GPU (Gb/s)");
    assertEquals(fleet.handOverGbps(), rates.get(4), 1e-9);
    double gradients = step.run().traffic().sent(ParallelAxis.DATA);
    assertEquals(8 * gradients / step.run().total().seconds() / 1e9, rates.get(1), 1e-6);
    var sizes = table.doubleColumn("array (MB)");
    assertTrue(sizes.get(3) < 1 && sizes.get(0) > 100, table.print());
  }

  /** 8 x 80 GB less 141 GB of weights hold as many caches of 4,608 tokens as there is room. */
  @Test
  void theLargestBatchFillsTheMemoryBesideTheWeights() {
    var long4k = LLAMA.prompt(4096).output(512);
    double weights = 2.0 * Transformer.LLAMA3_70B.parameters();
    int most = (int) ((8 * 80e9 - weights) / (4608 * 327_680.0));
    assertEquals(most, long4k.run().largestBatch());
    assertTrue(long4k.batch(most).run().fits() && !long4k.batch(most + 1).run().fits());
    String verdict = long4k.batch(2 * most).run().toString();
    assertTrue(verdict.endsWith("too much; lower batch to " + most), verdict);
    var huge = Job.inference(Transformer.LLAMA3_405B).run();
    assertEquals(0, huge.largestBatch());
    assertTrue(huge.toString().endsWith("or take GPUs of more memory"), huge.toString());
  }

  /** One token is all that reading the prompt gives. */
  @Test
  void answersOfOneTokenNeedNoGpusForAnswers() {
    var fleet = LLAMA.output(1).run().fleet(10);
    assertEquals(0, fleet.decodeGpus());
    assertThrows(IllegalArgumentException.class, () -> LLAMA.run().fleet(1e30));
    assertThrows(IllegalArgumentException.class, () -> LLAMA.run().fleet(Double.NaN));
  }
}
