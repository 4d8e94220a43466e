package weft.notebook.course;

import java.util.List;
import java.util.Locale;
import weft.cluster.Accelerator;
import weft.job.StepTime;
import weft.llm.Transformer;
import weft.parallel.PipelineSchedule;
import weft.units.DataSize;

/** The exercises of notebook 05, Tensor, pipeline, expert, context. */
final class PlanExercises {
  private static final double SHORT_STEP = 5;
  private static final int SEQUENCES = 2;

  private PlanExercises() {}

  static List<Exercise> all() {
    return List.of(bubble(), microBatches(), array(), farthest(), plan());
  }

  private static double bubbleOfLlama() {
    return 100 * PipelineSchedule.interleaved(4).bubble(16, 32);
  }

  private static Exercise bubble() {
    return Exercise.number("pipeline bubble", PlanExercises::bubbleOfLlama, 0.005)
        .mistake(() -> 4 * bubbleOfLlama(), "each GPU has four pieces of the model")
        .mistake(() -> bubbleOfLlama() / 100, "in percent, please")
        .mistake(() -> 100 * 16 / (4 * 32.0), "the first micro-batch does not wait for itself")
        .otherwise("stages without the first, over micro-batches times chunks");
  }

  private static Exercise microBatches() {
    return Exercise.number("micro-batches needed", () -> 7 / 0.05, 0.001)
        .mistake(() -> 7 / 0.05 - 7, "that is 5 % of all the time; asked is 5 % of the work")
        .mistake(() -> 8 / 0.05, "stages without the first")
        .otherwise("(p-1)/m is the bubble: which m makes it 0.05?");
  }

  private static double arrayBytes() {
    var model = Transformer.LLAMA3_70B;
    return 2.0 * SEQUENCES * model.sequence() * model.hidden();
  }

  private static Exercise array() {
    return Exercise.number("tensor array", PlanExercises::arrayBytes, 0.01)
        .mistake(
            answer -> !(answer instanceof DataSize),
            "give a size with its unit, as in check(\"tensor array\", mb(10))")
        .mistake(() -> arrayBytes() / SEQUENCES, "a micro-batch has two sequences")
        .mistake(() -> arrayBytes() / 2, "bfloat16 has two bytes")
        .mistake(() -> arrayBytes() / 8, "every GPU has a partial sum of all of it")
        .otherwise("sequences x tokens x hidden width, in bytes");
  }

  private static Exercise farthest() {
    return Exercise.that("far apart", answer -> name(answer).equals("pipeline"))
        .mistake(answer -> name(answer).equals("tensor"), "that one waits in every layer")
        .mistake(
            answer -> name(answer).equals("expert") || name(answer).equals("context"),
            "that one, too, waits in every layer")
        .mistake(
            answer -> name(answer).equals("data"),
            "it can hide behind computing, but compare the GB in good.table()")
        .otherwise("answer with TENSOR, DATA, PIPELINE, EXPERT or CONTEXT");
  }

  private static String name(Object answer) {
    return String.valueOf(answer).strip().toLowerCase(Locale.ROOT);
  }

  private static Exercise plan() {
    return Exercise.that(
            "faster plan", answer -> answer instanceof StepTime step && isJob(step) && isFast(step))
        .mistake(
            answer -> !(answer instanceof StepTime),
            "give the run: check(\"faster plan\", training.plan(...).run())")
        .mistake(
            answer -> answer instanceof StepTime step && !isJob(step),
            "keep the job: GPT-3 on 8 DGX H100, a global batch of 64")
        .mistake(
            answer -> answer instanceof StepTime step && !step.memory().fits(Accelerator.H100),
            "that does not fit into 80 GB: memory() says what is large")
        .otherwise("look at the step's table: what is the largest part that is no product?");
  }

  private static boolean isJob(StepTime step) {
    var facts = step.provenance().facts();
    return facts.getOrDefault("model", "").startsWith("GPT-3 175B")
        && facts.getOrDefault("cluster", "").equals("8 DGX H100")
        && facts.getOrDefault("global batch", "").equals("64 sequences");
  }

  private static boolean isFast(StepTime step) {
    return step.memory().fits(Accelerator.H100) && step.total().seconds() < SHORT_STEP;
  }
}
