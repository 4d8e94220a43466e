package weft.train;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.util.MathArrays;
import weft.collective.BucketExchange;
import weft.nn.Dataset;
import weft.nn.Network;
import weft.nn.Optimizer;
import weft.nn.Replica;
import weft.nn.Split;
import weft.report.Digits;
import weft.report.Progress;
import weft.sim.Interruption;
import weft.sim.RandomStreams;

/**
 * The numbers of data-parallel training: each worker's gradient of its part of the batch, the
 * schedules applied to these arrays bucket by bucket, and the update of each worker's own copy.
 */
final class GradientWork {
  private final List<Replica> workers = new ArrayList<>();
  private final GradientSum<?> sum;
  private final int parts;

  /**
   * What training came to.
   *
   * @param losses mean loss of each step's global batch, before its update
   * @param accuracies share of the test set classified rightly after each epoch, in [0, 1]
   * @param network the trained network
   */
  @SuppressWarnings("ArrayRecordComponent") // inside this package, never compared
  record Outcome(double[] losses, double[] accuracies, Network network) {}

  /**
   * @param parts that each worker computes its part of a batch in, one after the other
   */
  GradientWork(
      Network network,
      Optimizer optimizer,
      int count,
      Buckets buckets,
      List<BucketExchange> exchanges,
      int parts) {
    for (int w = 0; w < count; w++) {
      workers.add(Replica.of(network, optimizer));
    }
    this.sum = GradientSum.of(workers, buckets, exchanges);
    this.parts = parts;
  }

  Outcome run(Split data, int batch, int epochs, long seed) {
    int stepsPerEpoch = Shards.stepsPerEpoch(data.train().size(), batch);
    double[] losses = new double[epochs * stepsPerEpoch];
    double[] accuracies = new double[epochs];
    RandomGenerator shuffle = new RandomStreams(seed).named("shuffle");
    int[] rows = MathArrays.natural(data.train().size());
    try (var progress = Progress.of("Training", 0, losses.length)) {
      train(data, batch, losses, accuracies, rows, shuffle, progress);
    }
    checkReplicas();
    return new Outcome(losses, accuracies, workers.get(0).network());
  }

  private void train(
      Split data,
      int batch,
      double[] losses,
      double[] accuracies,
      int[] rows,
      RandomGenerator shuffle,
      Progress progress) {
    int epochs = accuracies.length;
    int stepsPerEpoch = losses.length / epochs;
    for (int epoch = 0; epoch < epochs; epoch++) {
      MathArrays.shuffle(rows, shuffle);
      for (int s = 0; s < stepsPerEpoch; s++) {
        int step = epoch * stepsPerEpoch + s;
        Interruption.check("training, step %d of %d".formatted(step + 1, losses.length));
        int first = s * batch;
        losses[step] = step(data.train(), rows, first, Math.min(batch, rows.length - first));
        if (progress.isDue()) {
          progress.point(step / (double) stepsPerEpoch, losses[step]);
          String line = "epoch %d of %d, loss %s";
          progress.report(
              step + 1,
              line.formatted(epoch + 1, epochs, Digits.of(losses[step], 4)),
              "epoch",
              "training loss");
        }
      }
      accuracies[epoch] = workers.get(0).network().accuracy(data.test());
    }
  }

  private double step(Dataset data, int[] rows, int first, int size) {
    double loss = 0;
    int n = workers.size();
    for (int w = 0; w < n; w++) {
      int from = first + Shards.bound(w, n, size);
      int to = first + Shards.bound(w + 1, n, size);
      loss += workers.get(w).backward(data, rows, from, to, size, parts);
    }
    sum.reduce();
    workers.forEach(Replica::step);
    return loss / size;
  }

  /** Synchronous data parallelism rests on every worker holding the same parameters. */
  private void checkReplicas() {
    for (Replica worker : workers) {
      if (!worker.sameParameters(workers.get(0))) {
        throw new IllegalStateException(
            "the workers' parameters differ: the schedule does not give every rank the same sum");
      }
    }
  }
}
