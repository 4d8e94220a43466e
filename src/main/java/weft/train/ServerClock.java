package weft.train;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.stream.IntStream;
import weft.collective.Schedule;
import weft.collective.ScheduleBuilder;
import weft.experiment.CollectiveRun;
import weft.experiment.JobNetwork;
import weft.experiment.JobTraffic;
import weft.report.Progress;

/**
 * Runs a training job with a parameter server in time: a worker computes the gradient of its share
 * and pushes it, the server applies one after the other, and parameters leave for a worker once its
 * gradient is applied and it is not too far ahead.
 */
final class ServerClock {
  private final TrainingPlan plan;
  private final JobNetwork network;
  private final ComputeModel compute;
  private final Pace pace;
  private final int bound;
  private final int server;
  private final int[] shares; // samples of each, in the order of being handed out
  private final CollectiveRun[] pushes; // by worker, never run
  private final CollectiveRun[] pulls;
  private final Queue<Integer> arrived = new ArrayDeque<>();
  private final int[] clock; // by worker: its gradients applied
  private final boolean[] waiting;
  private final double[] stretch;
  private final long[] computed; // by worker: how long it took
  private final long[] leftAt; // by worker: when its gradient, or its parameters, left
  private final int[] appliedBefore; // by worker: gradients applied before its parameters left
  private final int[] latest; // by worker: its gradient that was applied last

  private final int[] events;
  private final int[] missed;
  private final long[] workPs; // by gradient, in the order of being applied
  private final long[] waitPs;
  private final long[] appliedAt;
  private int happened;
  private int handedOut;
  private int applied;
  private int widestLead;

  /**
   * @param bound how many steps a worker that begins one may be ahead of the slowest
   */
  ServerClock(TrainingPlan plan, int bound, JobNetwork network) {
    this.plan = plan;
    this.bound = bound;
    this.network = network;
    this.compute = plan.compute();
    this.pace = plan.pace();
    int workers = plan.job.workers;
    this.server = workers;
    this.shares =
        Arrays.stream(plan.samples).flatMapToInt(IntStream::of).filter(n -> n > 0).toArray();
    this.clock = new int[workers];
    this.waiting = new boolean[workers];
    this.stretch = new double[workers];
    this.computed = new long[workers];
    this.leftAt = new long[workers];
    this.appliedBefore = new int[workers];
    this.latest = new int[workers];
    this.events = new int[2 * shares.length];
    this.missed = new int[shares.length];
    this.workPs = new long[shares.length];
    this.waitPs = new long[shares.length];
    this.appliedAt = new long[shares.length];
    int bytes = plan.stored().bytes();
    var traffic = new JobTraffic(network, bytes, this::received);
    this.pushes = new CollectiveRun[workers];
    this.pulls = new CollectiveRun[workers];
    for (int worker = 0; worker < workers; worker++) {
      pushes[worker] = traffic.start(push(plan, worker));
      pulls[worker] = traffic.start(pull(plan, worker));
    }
    network.onWakeUp(this::woken);
  }

  /** A worker's gradient on its way to the server. */
  static Schedule push(TrainingPlan plan, int worker) {
    return transfer(plan, "push", worker, plan.job.workers);
  }

  /** The server's parameters on their way to a worker. */
  static Schedule pull(TrainingPlan plan, int worker) {
    return transfer(plan, "pull", plan.job.workers, worker);
  }

  private static Schedule transfer(TrainingPlan plan, String name, int from, int to) {
    int size = plan.job.network.parameters();
    var builder = new ScheduleBuilder(name, plan.job.workers + 1, size);
    builder.copy(0, from, to, 0, size);
    return builder.build();
  }

  /** Runs until every share's gradient is applied. */
  ServerLog run() {
    for (int worker = 0; worker < server && handedOut < shares.length; worker++) {
      release(worker);
      compute(worker, 0);
    }
    try (var progress = Progress.of("Parameter server", 0, shares.length)) {
      network.run(() -> isDone(progress), "training");
    }
    return new ServerLog(events, missed, widestLead);
  }

  private boolean isDone(Progress progress) {
    if (progress.isDue()) {
      String line = "%,d of %,d gradients applied";
      progress.report(applied, line.formatted(applied, shares.length));
    }
    return applied == shares.length;
  }

  private void release(int worker) {
    waiting[worker] = false;
    appliedBefore[worker] = applied;
    events[happened++] = ~worker;
    int samples = shares[handedOut++];
    stretch[worker] = pace.next(worker);
    computed[worker] = Pace.stretched(compute.passes(samples, plan.job.parts), stretch[worker]);
  }

  private void compute(int worker, long startPs) {
    network.at(startPs + computed[worker], plan.gpuOfRank[worker], worker);
  }

  private void woken(int token, long timePs) {
    if (token == server) {
      apply(timePs);
      return;
    }
    leftAt[token] = timePs;
    CollectiveRun push = pushes[token].again();
    push.ready(server);
    push.ready(token);
  }

  private void received(CollectiveRun run, int rank, long timePs) {
    if (rank != server) {
      waitPs[latest[rank]] += timePs - leftAt[rank];
      compute(rank, timePs);
      return;
    }
    arrived.add(run.schedule().from(0));
    if (arrived.size() == 1) {
      beginToApply(timePs);
    }
  }

  private void beginToApply(long timePs) {
    network.at(timePs + compute.update(), plan.gpuOfRank[server], server);
  }

  private void apply(long timePs) {
    int worker = arrived.remove();
    int gradient = applied++;
    events[happened++] = worker;
    missed[gradient] = gradient - appliedBefore[worker];
    workPs[gradient] = computed[worker];
    waitPs[gradient] = timePs - leftAt[worker];
    appliedAt[gradient] = timePs;
    latest[worker] = gradient;
    clock[worker]++;
    waiting[worker] = true;
    releaseThoseWhoMay();
    if (!arrived.isEmpty()) {
      beginToApply(timePs);
    }
  }

  private void releaseThoseWhoMay() {
    int slowest = Arrays.stream(clock).min().orElseThrow();
    for (int worker = 0; worker < server && handedOut < shares.length; worker++) {
      int lead = clock[worker] - slowest;
      if (waiting[worker] && lead <= bound) {
        widestLead = Math.max(widestLead, lead);
        release(worker);
        leftAt[worker] = network.now();
        CollectiveRun pull = pulls[worker].again();
        pull.ready(worker);
        pull.ready(server);
      }
    }
  }

  /** Steps of as many gradients as a batch has shares, in the order in which they were applied. */
  StepTimes times() {
    var times = new StepTimes(plan.samples.length);
    int from = 0;
    for (int step = 0; step < plan.samples.length; step++) {
      int n = (int) Arrays.stream(plan.samples[step]).filter(share -> share > 0).count();
      times.compute()[step] = Arrays.stream(workPs, from, from + n).sum() / n;
      times.exposed()[step] = Arrays.stream(waitPs, from, from + n).sum() / n;
      from += n;
      times.finished()[step] = appliedAt[from - 1];
    }
    return times;
  }
}
