package weft.notebook.course;

import java.util.List;
import java.util.Locale;
import weft.cluster.Accelerator;
import weft.nn.Datasets;
import weft.nn.TrainingRun;
import weft.units.DataSize;

/** The exercises of notebook 03, Training for real. */
final class TrainingExercises {
  private static final double[] LOSSES = {
    0.90, 0.60, 0.50, 0.52, 0.49, 0.51, 0.55, 0.50, 0.48, 0.47
  };
  private static final int PATIENCE = 3;
  private static final double PARAMETERS = 7e9;

  /** Weight, gradient and the two numbers that Adam remembers, 4 bytes each. */
  private static final double BYTES = 16;

  private static final double ACHIEVED = 400e12;
  private static final double WORK = 6 * 70e9 * 15e12;
  private static final double GPUS = 1024;
  private static final double MFU = 0.4;
  private static final double DAY = 86_400;
  private static final int MOST_PARAMETERS = 2000;
  private static final double LEAST_ACCURACY = 0.96;

  private TrainingExercises() {}

  static List<Exercise> all() {
    return List.of(bestOfTwenty(), patience(), sevenBillion(), utilisation(), days(), reader());
  }

  private static Exercise bestOfTwenty() {
    return Exercise.word("best of twenty", "validation", "validation set")
        .mistake(
            answer -> String.valueOf(answer).strip().toLowerCase(Locale.ROOT).startsWith("train"),
            "no network learned from it; but a decision was made by it")
        .otherwise("which set is there to make decisions by?");
  }

  private static Exercise patience() {
    return Exercise.number("patience", TrainingExercises::stoppedAfter, 0)
        .mistake(() -> stoppedAfter() - PATIENCE, "that is the epoch whose network is kept")
        .mistake(
            () -> LOSSES.length,
            "the last losses are the lowest, but they come after the patience is at its end")
        .mistake(() -> 4, "once is not yet " + PATIENCE + " times")
        .otherwise("count the epochs since the lowest loss so far; each new lowest starts anew");
  }

  /** The first epoch that is so many after the one with the lowest loss so far. */
  private static int stoppedAfter() {
    int best = 0;
    int epoch = 0;
    while (epoch - best < PATIENCE) {
      epoch++;
      best = LOSSES[epoch] < LOSSES[best] ? epoch : best;
    }
    return epoch + 1;
  }

  private static Exercise sevenBillion() {
    return Exercise.number("seven billion", () -> PARAMETERS * BYTES, 0.01)
        .mistake(
            answer -> !(answer instanceof DataSize),
            "give a size with its unit, as in check(\"seven billion\", gb(3))")
        .mistake(() -> PARAMETERS * 4, "those are the weights alone")
        .mistake(() -> PARAMETERS * 8, "weights and gradient; and what Adam remembers?")
        .mistake(() -> PARAMETERS * 12, "one is missing: Adam remembers two numbers a parameter")
        .otherwise("weight, gradient, and what Adam remembers: how many numbers a parameter?");
  }

  private static Exercise utilisation() {
    return Exercise.number("utilisation", () -> 100 * ACHIEVED / Accelerator.H100.peakFlops(), 0.02)
        .mistake(
            () -> ACHIEVED / Accelerator.H100.peakFlops(), "that is the share; how many percent?")
        .mistake(
            () -> 100 * ACHIEVED / (2 * Accelerator.H100.peakFlops()),
            "that is of the peak of FP8, or of sparse BF16, which is twice as high")
        .otherwise("what it reached over what it could: the peak is in H100.peakFlops()");
  }

  private static Exercise days() {
    return Exercise.number("days", TrainingExercises::trainingDays, 0.02)
        .mistake(() -> trainingDays() * MFU, "that is at the full peak, which nobody reaches")
        .mistake(() -> trainingDays() / 3, "2 FLOP a weight and token are the forward pass alone")
        .mistake(() -> trainingDays() * DAY, "those are seconds")
        .mistake(() -> trainingDays() * 24, "those are hours")
        .otherwise("6 FLOP a weight and token, over the FLOP/s that all GPUs reach together");
  }

  private static double trainingDays() {
    return WORK / (GPUS * Accelerator.H100.peakFlops() * MFU) / DAY;
  }

  private static Exercise reader() {
    return Exercise.that(
            "small reader",
            answer -> answer instanceof TrainingRun run && isSmall(run) && readsWell(run))
        .mistake(
            answer -> !(answer instanceof TrainingRun),
            "give the run: check(\"small reader\", small)")
        .mistake(
            answer -> answer instanceof TrainingRun run && !isSmall(run),
            "too many parameters: each hidden neuron costs 64 + 1 + 10")
        .otherwise(
            "small enough, but it reads too little of held: more neurons, another rate or optimiser, or stop earlier");
  }

  private static boolean isSmall(TrainingRun run) {
    return run.network().parameters() <= MOST_PARAMETERS;
  }

  private static boolean readsWell(TrainingRun run) {
    var held = Datasets.digits().train().holdOut(0.2, 1).test();
    return run.network().outputs() == held.classes()
        && run.network().inputs() == held.features()
        && run.network().accuracy(held) >= LEAST_ACCURACY;
  }
}
