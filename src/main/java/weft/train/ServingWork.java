package weft.train;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import weft.nn.Network;
import weft.nn.Optimizer;
import weft.nn.Replica;

/**
 * The numbers of a parameter server and its workers, whose gradients belong to the parameters that
 * left for them, while others change them.
 */
final class ServingWork {
  private final TrainingPlan plan;
  private final Replica server;
  private final List<Replica> workers;
  private final double[] loss; // by worker: sum over the share whose gradient is not applied yet
  private final int[] samples; // by worker: of that share
  private int step; // of the next share to hand out
  private int share;

  ServingWork(TrainingPlan plan) {
    this.plan = plan;
    Optimizer optimizer = plan.job.optimizer;
    var byBatch = optimizer.schedule(optimizer.schedule().stretched(plan.job.workers));
    server = Replica.of(plan.job.network, byBatch);
    workers =
        Stream.generate(() -> Replica.of(plan.job.network, byBatch))
            .limit(plan.job.workers)
            .toList();
    loss = new double[workers.size()];
    samples = new int[workers.size()];
  }

  Outcome run(ServerLog log) {
    try (var logbook = new Logbook(plan)) {
      int next = 0;
      for (int now = 0; now < logbook.steps(); now++) {
        double sum = 0;
        int size = 0;
        for (int missing = shares(now); missing > 0; next++) {
          int event = log.events()[next];
          if (event < 0) {
            handOut(logbook, ~event);
          } else {
            server.gradient().set(workers.get(event).gradient());
            server.step();
            sum += loss[event];
            size += samples[event];
            missing--;
          }
        }
        logbook.loss(now, sum / size);
        if (logbook.endsEpoch(now)) {
          logbook.judge(now, network());
        }
      }
      return logbook.outcome(network());
    }
  }

  /** How many workers a step has samples for. */
  private int shares(int now) {
    return (int) Arrays.stream(plan.samples[now]).filter(n -> n > 0).count();
  }

  /** A worker takes over the parameters as they are and computes its next share's gradient. */
  private void handOut(Logbook logbook, int worker) {
    while (plan.samples[step][share] == 0) {
      countShare();
    }
    logbook.begin(step);
    Replica replica = workers.get(worker);
    replica.follow(server);
    int from = logbook.bound(step, share);
    int to = logbook.bound(step, share + 1);
    int[] rows = logbook.rows(step);
    samples[worker] = to - from;
    loss[worker] =
        replica.backward(logbook.samples(), rows, from, to, logbook.size(step), plan.job.parts);
    countShare();
  }

  private void countShare() {
    if (++share == workers.size()) {
      share = 0;
      step++;
    }
  }

  /** The server's parameters, with what batch normalisation measured at rank 0. */
  private Network network() {
    Replica first = workers.get(0); // whose gradient, if it is under way, is computed already
    first.follow(server);
    return first.network();
  }
}
