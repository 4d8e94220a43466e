package weft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import weft.cluster.Server;
import weft.llm.Transformer;

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
}
