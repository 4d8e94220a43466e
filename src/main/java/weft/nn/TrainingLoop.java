package weft.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.util.MathArrays;
import org.jspecify.annotations.Nullable;
import weft.nn.compute.Team;
import weft.report.Digits;
import weft.report.Progress;
import weft.sim.RandomStreams;

/** One run of a {@link BatchTraining}, from a state to its end or to an interruption. */
final class TrainingLoop {
  private final BatchTraining job;
  private final Replica replica;
  private final @Nullable Engine judge;
  private final Progress progress;
  private final RandomGenerator shuffle;
  private final int[] rows;
  private final List<EpochReport> reports;
  private int epoch;
  private int next;
  private double lossSum;
  private long nanos;
  private @Nullable Network best;
  private double bestLoss;
  private int worse;

  /** Since the last report of progress. */
  private double recentLoss;

  private int recentRows;

  private TrainingLoop(BatchTraining job, TrainingState state, Team team, Progress progress) {
    this.job = job;
    this.progress = progress;
    replica = state.replica().copy(team);
    Dataset held = job.validation;
    judge = held == null ? null : replica.evaluating(Evaluator.rows(job.network, held));
    reports = new ArrayList<>(state.reports());
    epoch = state.epoch();
    next = state.next();
    lossSum = state.lossSum();
    nanos = state.nanos();
    best = state.best();
    bestLoss = state.bestLoss();
    worse = state.worse();
    shuffle = new RandomStreams(job.seed).named("shuffle");
    rows = MathArrays.natural(job.data.size());
    for (int done = 0; done < epoch; done++) {
      MathArrays.shuffle(rows, shuffle);
    }
  }

  static TrainingRun run(BatchTraining job, TrainingState from) {
    long size = job.data.size();
    long done = from.epoch() * size + from.next();
    try (var team = Team.of(job.threads);
        var progress = Progress.of("Training", done, job.epochs * size)) {
      return new TrainingLoop(job, from, team, progress).run();
    }
  }

  private TrainingRun run() {
    var ending = ending();
    while (epoch < job.epochs && ending == TrainingRun.Ending.COMPLETE) {
      ending = learn() && judged() ? ending() : TrainingRun.Ending.INTERRUPTED;
    }
    var run = new TrainingRun(job, state(), ending);
    if (ending == TrainingRun.Ending.INTERRUPTED) {
      progress.leave(run.summary());
    }
    return run;
  }

  /** What an epoch that is over leads to. */
  private TrainingRun.Ending ending() {
    return worse >= job.patience && epoch < job.epochs && next == 0
        ? TrainingRun.Ending.STOPPED_EARLY
        : TrainingRun.Ending.COMPLETE;
  }

  private TrainingState state() {
    return new TrainingState(
        replica.copy(Team.ALONE), epoch, next, lossSum, nanos, reports, best, bestLoss, worse);
  }

  /** Learns the rows of this epoch that are left; false if interrupted. */
  private boolean learn() {
    MathArrays.shuffle(rows, shuffle);
    Thread self = Thread.currentThread();
    long start = System.nanoTime();
    boolean going = !self.isInterrupted();
    while (going && next < rows.length) {
      int end = Math.min(rows.length, next + job.batch);
      double loss = step(next, end);
      lossSum += loss;
      recentLoss += loss;
      recentRows += end - next;
      next = end;
      if (progress.isDue()) {
        report(nanos + System.nanoTime() - start);
      }
      going = !self.isInterrupted();
    }
    nanos += System.nanoTime() - start;
    return going;
  }

  /** One batch, in parts of which none is empty. */
  private double step(int from, int to) {
    double loss = replica.passes(job.data, rows, from, to, to - from, job.parts);
    replica.step();
    return loss;
  }

  /** Completes the epoch; false if interrupted before that. */
  private boolean judged() {
    double validationLoss = Double.NaN;
    double accuracy = Double.NaN;
    Dataset held = job.validation;
    if (judge != null && held != null) {
      try {
        var evaluation = Evaluator.of(judge, job.network, held);
        validationLoss = evaluation.loss();
        accuracy = held.hasClasses() ? evaluation.accuracy() : Double.NaN;
      } catch (CancellationException interrupted) {
        Thread.currentThread().interrupt();
        return false;
      }
      compare(validationLoss);
    }
    double speed = rows.length / (nanos / 1e9);
    reports.add(
        new EpochReport(lossSum / rows.length, validationLoss, accuracy, replica.rate(), speed));
    epoch++;
    next = 0;
    lossSum = 0;
    nanos = 0;
    return true;
  }

  private void compare(double validationLoss) {
    worse++;
    if (validationLoss < bestLoss) {
      bestLoss = validationLoss;
      worse = 0;
      best = job.stopsEarly() ? replica.network() : null;
    }
  }

  private void report(long spent) {
    double loss = recentLoss / recentRows;
    progress.point(epoch + next / (double) rows.length, loss);
    recentLoss = 0;
    recentRows = 0;
    String line =
        "epoch %d of %d, loss %s, %,.0f samples/s"
            .formatted(epoch + 1, job.epochs, Digits.of(loss, 4), next / (spent / 1e9));
    progress.report((long) epoch * rows.length + next, line, "epoch", "training loss");
  }
}
