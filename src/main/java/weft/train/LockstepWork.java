package weft.train;

import java.util.List;
import java.util.stream.Stream;
import weft.collective.BucketExchange;
import weft.nn.Replica;

/** The numbers of workers that exchange together, each with a copy of the network. */
abstract class LockstepWork {
  final TrainingPlan plan;
  final List<Replica> workers;

  /** Of what is in the workers' gradient buffers. */
  final GradientSum<?> sum;

  LockstepWork(TrainingPlan plan, Buckets buckets, List<BucketExchange> exchanges) {
    this.plan = plan;
    workers =
        Stream.generate(() -> Replica.of(plan.job.network, plan.job.optimizer))
            .limit(plan.job.workers)
            .toList();
    sum = GradientSum.of(workers, buckets, exchanges);
  }

  /** Has all workers take a step, whose gradients are in their buffers. */
  abstract void update(int step);

  final Outcome run() {
    try (var log = new Logbook(plan)) {
      for (int step = 0; step < log.steps(); step++) {
        log.begin(step);
        log.loss(step, backward(log, step));
        update(step);
        if (log.endsEpoch(step)) {
          log.judge(step, workers.get(0).network());
        }
      }
      checkReplicas();
      return log.outcome(workers.get(0).network());
    }
  }

  /** The mean loss of a step's batch. */
  private double backward(Logbook log, int step) {
    int size = log.size(step);
    int[] rows = log.rows(step);
    double loss = 0;
    for (int w = 0; w < workers.size(); w++) {
      int from = log.bound(step, w);
      int to = log.bound(step, w + 1);
      loss += workers.get(w).backward(log.samples(), rows, from, to, size, plan.job.parts);
    }
    return loss / size;
  }

  /** Data parallelism rests on every worker holding the same parameters after an exchange. */
  private void checkReplicas() {
    for (Replica worker : workers) {
      if (!worker.sameParameters(workers.get(0))) {
        throw new IllegalStateException(
            "the workers' parameters differ: the schedule does not give every rank the same sum");
      }
    }
  }
}
