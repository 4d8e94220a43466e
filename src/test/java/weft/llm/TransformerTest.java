package weft.llm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Specifications come to the counts that their authors publish. */
class TransformerTest {
  /** The sum of the sizes of all tensors in the published weights. */
  @Test
  void parametersComeToThePublishedCountsExactly() {
    assertEquals(6_738_415_616L, Transformer.LLAMA2_7B.parameters());
    assertEquals(13_015_864_320L, Transformer.LLAMA2_13B.parameters());
    assertEquals(68_976_648_192L, Transformer.LLAMA2_70B.parameters());
    assertEquals(8_030_261_248L, Transformer.LLAMA3_8B.parameters());
    assertEquals(70_553_706_496L, Transformer.LLAMA3_70B.parameters());
    assertEquals(405_853_388_800L, Transformer.LLAMA3_405B.parameters());
    assertEquals(46_702_792_704L, Transformer.MIXTRAL_8X7B.parameters());
  }

  /** Jiang et al. 2024: 12.9 B; DeepSeek-V3, abstract: 671 B in total, 37 B a token. */
  @Test
  void mixturesActivateAsMuchAsPublished() {
    assertEquals(12.9, Transformer.MIXTRAL_8X7B.activeParameters() / 1e9, 0.05);
    assertEquals(671, Transformer.DEEPSEEK_V3.parameters() / 1e9, 0.5);
    assertEquals(37, Transformer.DEEPSEEK_V3.activeParameters() / 1e9, 0.9);
  }

  /** Narayanan et al., SC21, eq. 2 and 3; eq. 2 leaves the last norm's 2 h out. */
  @Test
  void theTenModelsOfMegatronFollowItsFormulas() {
    int[][] sizes = {
      {24, 2304, 24}, {30, 3072, 32}, {36, 4096, 32}, {40, 6144, 48}, {48, 8192, 64},
      {60, 10240, 80}, {80, 12288, 96}, {96, 16384, 128}, {105, 20480, 128}, {128, 25600, 160}
    };
    double[] billions = {1.7, 3.6, 7.5, 18.4, 39.1, 76.1, 145.6, 310.1, 529.6, 1008.0};
    for (int i = 0; i < sizes.length; i++) {
      Transformer model = Transformer.gpt(sizes[i][0], sizes[i][1], sizes[i][2]);
      double l = sizes[i][0];
      double h = sizes[i][1];
      double eq2 = 12 * l * h * h * (1 + 13 / (12 * h) + (51_200 + 2048) / (12 * l * h));
      assertEquals(eq2 + 2 * h, (double) model.parameters(), 1e-14 * eq2 + 1);
      assertEquals(billions[i], Math.round(eq2 / 1e8) / 10.0);
      double eq3 = 96.0 * 512 * 2048 * l * h * h * (1 + 2048 / (6 * h) + 51_200 / (16 * l * h));
      assertEquals(eq3, model.recomputedIterationFlops(512), 1e-12 * eq3);
    }
  }

  /** Megatron-LM's README: 1,024 A100 at 138 TFLOP/s take about 32 s for 1,536 sequences. */
  @Test
  void anIterationOfGpt3TakesMegatronsTimeAtMegatronsRate() {
    double flops = Transformer.GPT3_175B.recomputedIterationFlops(1536);
    assertEquals(31.92, flops / (1024 * 138e12), 0.005);
  }

  /** Llama Team 2024: 3.8e25 FLOPs for 15.6e12 tokens; attention is 8 % on top at 8,192 tokens. */
  @Test
  void llama3CostsItsPublishedTrainingCompute() {
    Transformer model = Transformer.LLAMA3_405B;
    assertEquals(38, 6 * 15.6 * (model.parameters() / 1e12), 0.2);
    assertEquals(1.075, model.trainingFlopsPerToken() / (6.0 * model.parameters()), 0.005);
  }

  /** Zhao et al., ISCA 2025, table 1: bytes of bf16 that a token leaves in the cache. */
  @Test
  void aTokenLeavesThePublishedBytesInTheCache() {
    assertEquals(516_096, cache(Transformer.LLAMA3_405B));
    assertEquals(70_272, cache(Transformer.DEEPSEEK_V3));
    assertEquals(327_680, cache(Transformer.LLAMA3_70B));
  }

  private static long cache(Transformer model) {
    return 2L * model.layers() * model.heads().cachedWidth();
  }

  @Test
  void theTableSumsToTheModel() {
    var table = Transformer.DEEPSEEK_V3.table();
    int last = table.rowCount() - 1;
    for (String column : new String[] {"parameters (B)", "forward (GFLOP/token)"}) {
      double all = table.doubleColumn(column).get(last);
      assertEquals(all, table.doubleColumn(column).first(last).sum(), 1e-9 * all);
    }
  }

  @Test
  void aHiddenWidthThatHeadsCannotShareIsRefused() {
    var error = assertThrows(IllegalArgumentException.class, () -> Transformer.gpt(12, 1000, 12));
    assertEquals(
        "heads share the hidden width evenly, but 1000 cannot be shared by 12: give hidden = heads x width, most use 128",
        error.getMessage());
  }

  /** Counts beyond 2^63 would come out negative. */
  @Test
  void noModelIsTooLargeToCount() {
    for (Executable huge :
        List.<Executable>of(
            () -> Transformer.gpt(1, 2_000_000_000, 1),
            () -> Transformer.llama(Integer.MAX_VALUE, 1 << 20, 1),
            () ->
                Transformer.LLAMA3_8B.ffn(Integer.MAX_VALUE).heads(new GroupedHeads(1, 1, 1 << 30)),
            () ->
                Transformer.DEEPSEEK_V3.heads(
                    new LatentHeads(1 << 20, 1 << 20, 1 << 20, 1 << 20, 64)),
            () -> Transformer.LLAMA3_8B.experts(new Experts(1 << 30, 1, 0, 1 << 30, 0)))) {
      var error = assertThrows(IllegalArgumentException.class, huge);
      assertTrue(error.getMessage().startsWith("a model has at most 1e15 parameters"));
    }
  }
}
