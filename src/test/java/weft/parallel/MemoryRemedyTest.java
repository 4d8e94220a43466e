package weft.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Accelerator.H100;
import static weft.parallel.PipelineSchedule.gPipe;
import static weft.parallel.PipelineSchedule.interleaved;
import static weft.parallel.PipelineSchedule.oneForwardOneBackward;
import static weft.parallel.PipelineSchedule.zeroBubbleH1;
import static weft.parallel.PipelineSchedule.zeroBubbleH2;

import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weft.llm.Transformer;

/** What a verdict recommends is written after the reader's plan, taken, and fits. */
class MemoryRemedyTest {
  private static final String FIT = "; it would fit with ";
  private static final Pattern STEP = Pattern.compile("(\\w+)\\(((?:[^()]|\\(\\))*)\\)\\.?");

  private static final List<Transformer> MODELS =
      List.of(
          Transformer.GPT3_175B,
          Transformer.LLAMA2_70B,
          Transformer.LLAMA3_8B,
          Transformer.LLAMA3_405B,
          Transformer.MIXTRAL_8X7B,
          Transformer.DEEPSEEK_V3);

  private static final List<PipelineSchedule> SCHEDULES =
      List.of(oneForwardOneBackward(), gPipe(), interleaved(2), zeroBubbleH1(), zeroBubbleH2());

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void remediesOfRandomPlansFitWhenTheyAreFollowed(long seed) {
    var random = new Random(seed);
    int remedies = 0;
    int otherDegrees = 0;
    for (int i = 0; i < 1_000; i++) {
      Transformer model = MODELS.get(random.nextInt(MODELS.size()));
      int batch = 32 << random.nextInt(6);
      ParallelPlan plan = randomPlan(random);
      if (!isPossible(plan, model, batch)) {
        continue;
      }
      String verdict = plan.memory(model, batch).verdict(H100);
      int at = verdict.indexOf(FIT);
      if (at >= 0) {
        ParallelPlan followed = follow(plan, verdict.substring(at + FIT.length()));
        assertTrue(
            followed.memory(model, batch).fits(H100), "%s, seed %d".formatted(verdict, seed));
        remedies++;
        otherDegrees += verdict.contains(FIT + "tensor(") ? 1 : 0;
      }
    }
    assertTrue(
        remedies > 100 && otherDegrees > 30,
        "%d remedies, %d of other degrees, seed %d".formatted(remedies, otherDegrees, seed));
  }

  /** 18 bytes of each of 69 billion parameters fill 77.6 GB of 16 GPUs, before any activation. */
  @Test
  void aPlanThatDoesNotFitIsNotItsOwnRemedy() {
    var plan =
        ParallelPlan.of(16)
            .tensor(2)
            .microBatch(1)
            .float32Gradients()
            .recomputing(Recomputation.FULL)
            .sharded(Sharding.ZERO_3);
    assertEquals(
        "and neither sharding nor recomputation nor other degrees are enough: take more GPUs, or a global batch that more degrees divide",
        remedy(plan, Transformer.LLAMA2_70B));
  }

  @Test
  void aStageAloneIsNotInterleaved() {
    var plan =
        ParallelPlan.of(16)
            .tensor(2)
            .pipeline(8, interleaved(2))
            .microBatch(1)
            .sharded(Sharding.ZERO_2);
    assertEquals(
        "it would fit with tensor(4).pipeline(1, oneForwardOneBackward()).microBatch(1).recomputing(FULL).sharded(ZERO_3)",
        remedy(plan, Transformer.MIXTRAL_8X7B));
  }

  /** What {@code data} says is checked against the other degrees, so that it changes with them. */
  @Test
  void aWrittenDataDegreeChangesWithTheOthers() {
    var plan = ParallelPlan.of(40).data(40);
    assertEquals(
        "it would fit with tensor(2).pipeline(1).data(20).microBatch(1).recomputing(FULL).sharded(ZERO_3)",
        remedy(plan, Transformer.GPT3_175B, 40));
  }

  private static String remedy(ParallelPlan plan, Transformer model) {
    return remedy(plan, model, 256);
  }

  private static String remedy(ParallelPlan plan, Transformer model, int batch) {
    String verdict = plan.memory(model, batch).verdict(H100);
    return verdict.substring(verdict.indexOf("; ") + 2);
  }

  private static boolean isPossible(ParallelPlan plan, Transformer model, int batch) {
    try {
      return plan.problem(model, batch).isEmpty();
    } catch (IllegalArgumentException degreesOrBatchDoNotDivide) {
      return false;
    }
  }

  private static ParallelPlan randomPlan(Random random) {
    int tensor = 1 << random.nextInt(4);
    int pipeline = 1 << random.nextInt(4);
    int context = 1 << random.nextInt(2);
    int data = 1 << random.nextInt(6);
    int expert = 1 << Math.max(0, random.nextInt(5) - 2);
    var plan =
        ParallelPlan.of(tensor * pipeline * context * data)
            .tensor(tensor)
            .context(context)
            .expert(expert)
            .pipeline(pipeline, SCHEDULES.get(random.nextInt(SCHEDULES.size())))
            .microBatch(1 << random.nextInt(3))
            .sharded(List.of(Sharding.values()).get(random.nextInt(4)))
            .recomputing(List.of(Recomputation.values()).get(random.nextInt(3)));
    plan = random.nextBoolean() ? plan.data(data) : plan;
    plan = random.nextBoolean() ? plan.float32Gradients() : plan;
    plan = random.nextInt(4) == 0 ? plan.embeddingsAsLayers() : plan;
    plan = random.nextBoolean() ? plan.sequenceParallel() : plan;
    return random.nextBoolean() ? plan.flashAttention() : plan;
  }

  /** Each step in turn, as a reader would write it. */
  private static ParallelPlan follow(ParallelPlan plan, String remedy) {
    ParallelPlan followed = plan;
    Matcher steps = STEP.matcher(remedy);
    int end = 0;
    while (steps.find()) {
      assertEquals(end, steps.start(), remedy);
      end = steps.end();
      followed = step(followed, steps.group(1), steps.group(2));
    }
    assertEquals(remedy.length(), end, remedy);
    return followed;
  }

  private static ParallelPlan step(ParallelPlan plan, String name, String value) {
    return switch (name) {
      case "flashAttention" -> plan.flashAttention();
      case "sequenceParallel" -> plan.sequenceParallel();
      case "tensor" -> plan.tensor(Integer.parseInt(value));
      case "data" -> plan.data(Integer.parseInt(value));
      case "microBatch" -> plan.microBatch(Integer.parseInt(value));
      case "recomputing" -> plan.recomputing(Recomputation.valueOf(value));
      case "sharded" -> plan.sharded(Sharding.valueOf(value));
      case "pipeline" -> pipeline(plan, value);
      default -> throw new AssertionError(name);
    };
  }

  private static ParallelPlan pipeline(ParallelPlan plan, String value) {
    String scheduled = ", oneForwardOneBackward()";
    return value.endsWith(scheduled)
        ? plan.pipeline(Integer.parseInt(value.replace(scheduled, "")), oneForwardOneBackward())
        : plan.pipeline(Integer.parseInt(value));
  }
}
