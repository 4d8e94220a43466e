package weft.train;

import java.util.List;
import weft.collective.Schedule;
import weft.experiment.CollectiveRun;
import weft.experiment.JobNetwork;
import weft.experiment.JobTraffic;

/**
 * Runs a training job in time: every worker computes, and after a step that an exchange follows its
 * buckets leave as the exchange allows, and it begins its next step once it has every reduced
 * bucket and has updated its parameters.
 *
 * <p>A worker takes part in one bucket's collective at a time, in order, as NCCL does on one
 * stream: a bucket that is ready waits until the worker has received the one before.
 */
final class SimulatedClock {
  private final TrainingPlan plan;
  private final Lockstep rhythm;
  private final JobNetwork network;
  private final ComputeModel compute;
  private final Pace pace;
  private final Buckets buckets;
  private final CollectiveRun[] fresh; // one a bucket, never run
  private final CollectiveRun[][] runs;
  private final int[] stepOf;
  private final int[] bucketsReady;
  private final int[] bucketsReceived;
  private final int[] finishedWorkers;
  private final double[] stretch;
  private final long[] busy; // by worker, since the last exchange
  private final long[] busiest; // by step with an exchange
  private final StepTimes times;
  private int running;

  /**
   * @param bytesPerElement of the schedules
   */
  SimulatedClock(
      TrainingPlan plan,
      Lockstep rhythm,
      JobNetwork network,
      List<Schedule> schedules,
      Buckets buckets,
      int bytesPerElement) {
    this.plan = plan;
    this.rhythm = rhythm;
    this.network = network;
    this.compute = plan.compute();
    this.pace = plan.pace();
    this.buckets = buckets;
    int workers = plan.job.workers;
    int steps = plan.samples.length;
    this.runs = new CollectiveRun[steps][];
    this.stepOf = new int[workers];
    this.bucketsReady = new int[workers];
    this.bucketsReceived = new int[workers];
    this.stretch = new double[workers];
    this.busy = new long[workers];
    this.finishedWorkers = new int[steps];
    this.busiest = new long[steps];
    this.times = new StepTimes(steps);
    var traffic = new JobTraffic(network, bytesPerElement, this::received);
    this.fresh = schedules.stream().map(traffic::start).toArray(CollectiveRun[]::new);
    network.onWakeUp(this::woken);
  }

  /** Runs all steps. */
  StepTimes run() {
    running = stepOf.length;
    for (int worker = 0; worker < stepOf.length; worker++) {
      compute(worker, 0);
    }
    network.run(() -> running == 0, "training");
    findExposed();
    return times;
  }

  /** From one exchange to the next, what the busiest worker did not compute. */
  private void findExposed() {
    long last = 0;
    for (int step = 0; step < busiest.length; step++) {
      if (rhythm.exchangesAfter(step, busiest.length)) {
        long now = times.finished()[step];
        times.exposed()[step] = Math.max(0, now - last - busiest[step]);
        last = now;
      }
    }
  }

  private void compute(int worker, long startPs) {
    int step = stepOf[worker];
    stretch[worker] = pace.next(worker);
    long[] ready = compute.ready(plan.samples[step][worker], plan.job.parts, buckets);
    for (int b = 0; b < ready.length; b++) {
      ready[b] = startPs + Pace.stretched(ready[b], stretch[worker]);
    }
    long computed = ready[ready.length - 1];
    count(worker, step, computed + update(worker) - startPs);
    long done = rhythm.updatesFirst() ? computed + update(worker) : computed;
    if (!rhythm.exchangesAfter(step, runs.length)) {
      wake(worker, buckets.count(), done);
      return;
    }
    if (runs[step] == null) {
      runs[step] = startAll();
    }
    bucketsReady[worker] = 0;
    bucketsReceived[worker] = 0;
    for (int b = 0; b < ready.length; b++) {
      wake(worker, b, plan.job.exchange.overlapping() ? ready[b] : done);
    }
  }

  private void count(int worker, int step, long workPs) {
    times.compute()[step] = Math.max(times.compute()[step], workPs);
    busy[worker] += workPs;
    if (rhythm.exchangesAfter(step, runs.length)) {
      busiest[step] = Math.max(busiest[step], busy[worker]);
      busy[worker] = 0;
    }
  }

  private long update(int worker) {
    return Pace.stretched(compute.update(), stretch[worker]);
  }

  private CollectiveRun[] startAll() {
    var started = new CollectiveRun[fresh.length];
    for (int b = 0; b < started.length; b++) {
      started[b] = fresh[b].again();
    }
    return started;
  }

  /** Buckets are numbered from 0; the number after the last stands for the end of the step. */
  private void wake(int worker, int bucket, long timePs) {
    network.at(timePs, plan.gpuOfRank[worker], worker * (buckets.count() + 1) + bucket);
  }

  private void woken(int token, long timePs) {
    int worker = token / (buckets.count() + 1);
    int bucket = token % (buckets.count() + 1);
    if (bucket == buckets.count()) {
      updated(worker, timePs);
      return;
    }
    bucketsReady[worker]++;
    if (bucketsReceived[worker] == bucket) {
      join(worker, bucket, timePs);
    }
  }

  private void join(int worker, int bucket, long timePs) {
    CollectiveRun run = runs[stepOf[worker]][bucket];
    if (run.ready(worker)) {
      received(run, worker, timePs);
    }
  }

  private void received(CollectiveRun run, int worker, long timePs) {
    int next = ++bucketsReceived[worker];
    if (next == buckets.count()) {
      wake(worker, next, rhythm.updatesFirst() ? timePs : timePs + update(worker));
    } else if (bucketsReady[worker] > next) {
      join(worker, next, timePs);
    }
  }

  private void updated(int worker, long timePs) {
    int step = stepOf[worker];
    times.finished()[step] = Math.max(times.finished()[step], timePs);
    if (++finishedWorkers[step] == stepOf.length) {
      runs[step] = null;
    }
    if (++stepOf[worker] < runs.length) {
      compute(worker, timePs);
    } else {
      running--;
    }
  }
}
