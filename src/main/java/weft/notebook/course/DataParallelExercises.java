package weft.notebook.course;

import java.util.List;
import weft.llm.Transformer;
import weft.parallel.Sharding;
import weft.train.History;
import weft.units.DataSize;

/** The exercises of notebook 04, Data parallel is AllReduce. */
final class DataParallelExercises {
  private static final int GPUS = 512;
  private static final int GRADIENT_BYTES = 2;
  private static final int WORKERS = 16;
  private static final double WAITING = 0.14;
  private static final int DEEP_PARAMETERS = 479_754;

  private DataParallelExercises() {}

  static List<Exercise> all() {
    return List.of(mean(), rate(), sent(), sharding(), buckets());
  }

  private static Exercise mean() {
    return Exercise.number("mean gradient", () -> (30 * 0.4 + 10 * 0.1) / 40, 0.001)
        .mistake(() -> (0.4 + 0.1) / 2, "a mean of means counts the small part's samples double")
        .mistake(() -> 30 * 0.4 + 10 * 0.1, "that is the sum over all samples")
        .otherwise("the sum over all samples, over their number");
  }

  private static Exercise rate() {
    return Exercise.number("scaled learning rate", () -> 0.05 * 64 / 8, 0.001)
        .mistake(() -> 0.05, "that was for the smaller batch")
        .mistake(() -> 0.05 * 8 / 64, "the other way round: fewer steps must go further each")
        .otherwise("how many times larger is the batch of all GPUs together?");
  }

  private static double sentBytes() {
    return 2 * (GPUS - 1.0) / GPUS * Transformer.LLAMA3_70B.parameters() * GRADIENT_BYTES;
  }

  private static Exercise sent() {
    return Exercise.number("sent", DataParallelExercises::sentBytes, 0.01)
        .mistake(
            answer -> !(answer instanceof DataSize),
            "give a size with its unit, as in check(\"sent\", gb(10))")
        .mistake(() -> sentBytes() / 2, "that is one pass round the ring, or one byte a number")
        .mistake(() -> sentBytes() * 2, "bfloat16 has two bytes")
        .otherwise("2(N-1)/N times the gradient's bytes; LLAMA3_70B.parameters() knows how many");
  }

  private static Exercise sharding() {
    return Exercise.that(
            "sharding",
            answer -> answer == Sharding.ZERO_2 || named("ZERO_2").judge(answer).isRight())
        .mistake(
            answer -> answer == Sharding.ZERO_3,
            "that fits, too, but sends half as much again: is there a smaller step?")
        .otherwise("Sharding.compare(30e9, 64) has the column: which is the first below 80 GB?");
  }

  private static Exercise named(String word) {
    return Exercise.word("sharding", word);
  }

  private static Exercise buckets() {
    return Exercise.that("buckets", answer -> answer instanceof History run && hidesMost(run))
        .mistake(
            answer -> !(answer instanceof History),
            "give the run: check(\"buckets\", deep.exchanging(...).run())")
        .mistake(
            answer -> answer instanceof History run && !isDeep(run),
            "keep the job: the deep network on 16 workers")
        .mistake(
            answer -> answer instanceof History run && !overlaps(run),
            "gradients that wait for the end of the backward pass hide behind nothing")
        .otherwise(
            "small buckets pay 30 rounds each, and the last bucket hides behind nothing: try between");
  }

  private static boolean isDeep(History run) {
    return run.network().parameters() == DEEP_PARAMETERS
        && run.provenance().facts().getOrDefault("workers", "").startsWith(WORKERS + " ");
  }

  private static boolean overlaps(History run) {
    return run.provenance().facts().getOrDefault("exchange", "").contains("overlapping");
  }

  private static boolean hidesMost(History run) {
    return isDeep(run) && overlaps(run) && run.exposedShare() < WAITING;
  }
}
