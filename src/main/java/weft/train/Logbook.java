package weft.train;

import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.util.MathArrays;
import weft.nn.Dataset;
import weft.nn.Network;
import weft.report.Digits;
import weft.report.Progress;
import weft.sim.Interruption;
import weft.sim.RandomStreams;

/** Which samples a training's steps have, and what it has learned so far, told as it goes on. */
final class Logbook implements AutoCloseable {
  private final TrainingPlan plan;
  private final int stepsPerEpoch;
  private final double[] losses;
  private final double[] accuracies;
  private final int[] rows;
  private final RandomGenerator shuffle;
  private final Progress progress;
  private int shuffled;

  Logbook(TrainingPlan plan) {
    this.plan = plan;
    losses = new double[plan.samples.length];
    accuracies = new double[plan.job.epochs];
    stepsPerEpoch = losses.length / accuracies.length;
    rows = MathArrays.natural(plan.data.train().size());
    shuffle = new RandomStreams(plan.job.seed).named("shuffle");
    progress = Progress.of("Training", 0, losses.length);
  }

  int steps() {
    return losses.length;
  }

  Dataset samples() {
    return plan.data.train();
  }

  /** Rows of the samples in the order of a step's epoch, which is not before the last one's. */
  int[] rows(int step) {
    for (; shuffled <= step / stepsPerEpoch; shuffled++) {
      MathArrays.shuffle(rows, shuffle);
    }
    return rows;
  }

  /** Samples of a step, all workers' together. */
  int size(int step) {
    return Math.min(plan.job.batch, rows.length - first(step));
  }

  /** Where in {@link #rows} a worker's share of a step begins; the next worker's is behind it. */
  int bound(int step, int worker) {
    return first(step) + Shards.bound(worker, plan.job.workers, size(step));
  }

  private int first(int step) {
    return step % stepsPerEpoch * plan.job.batch;
  }

  /**
   * A step is about to begin.
   *
   * @throws java.util.concurrent.CancellationException if the reader interrupts
   */
  void begin(int step) {
    Interruption.check("training, step %d of %d".formatted(step + 1, losses.length));
  }

  /** The mean loss of a step's batch. */
  void loss(int step, double mean) {
    losses[step] = mean;
    if (progress.isDue()) {
      progress.point(step / (double) stepsPerEpoch, mean);
      String line = "epoch %d of %d, loss %s";
      progress.report(
          step + 1,
          line.formatted(step / stepsPerEpoch + 1, accuracies.length, Digits.of(mean, 4)),
          "epoch",
          "training loss");
    }
  }

  boolean endsEpoch(int step) {
    return (step + 1) % stepsPerEpoch == 0;
  }

  /** Judges a network after a step that ends an epoch. */
  void judge(int step, Network network) {
    accuracies[step / stepsPerEpoch] = network.accuracy(plan.data.test());
  }

  Outcome outcome(Network trained) {
    return new Outcome(losses, accuracies, trained);
  }

  @Override
  public void close() {
    progress.close();
  }
}
