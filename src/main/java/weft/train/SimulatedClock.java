package weft.train;

import java.util.List;
import weft.collective.Schedule;
import weft.engine.packet.PacketEngine;
import weft.experiment.CollectiveRun;
import weft.experiment.JobTraffic;
import weft.routing.QueuePairSplit;

/**
 * Runs a training job in time: every worker computes, its buckets leave as the exchange allows, and
 * it begins its next step once it has every reduced bucket and has updated its parameters.
 *
 * <p>A worker takes part in one bucket's collective at a time, in order, as NCCL does on one
 * stream: a bucket that is ready waits until the worker has received the one before.
 */
final class SimulatedClock {
  private final PacketEngine engine;
  private final JobTraffic traffic;
  private final int[] gpuOfRank;
  private final ComputeModel compute;
  private final Pace pace;
  private final int parts;
  private final Buckets buckets;
  private final boolean overlapping;
  private final int[][] samples;
  private final CollectiveRun[] fresh; // one a bucket, never run
  private final CollectiveRun[][] runs;
  private final int[] stepOf;
  private final int[] bucketsReady;
  private final int[] bucketsReceived;
  private final int[] finishedWorkers;
  private final double[] stretch;
  private final StepTimes times;
  private int running;

  /**
   * @param parts that each worker computes its part of a batch in
   * @param samples how many samples each worker has in each step: {@code [step][worker]}
   */
  SimulatedClock(
      PacketEngine engine,
      QueuePairSplit split,
      int[] gpuOfRank,
      List<Schedule> schedules,
      Buckets buckets,
      boolean overlapping,
      int bytesPerElement,
      ComputeModel compute,
      Pace pace,
      int parts,
      int[][] samples) {
    this.engine = engine;
    this.gpuOfRank = gpuOfRank.clone();
    this.compute = compute;
    this.pace = pace;
    this.parts = parts;
    this.buckets = buckets;
    this.overlapping = overlapping;
    this.samples = samples;
    int workers = gpuOfRank.length;
    this.runs = new CollectiveRun[samples.length][];
    this.stepOf = new int[workers];
    this.bucketsReady = new int[workers];
    this.bucketsReceived = new int[workers];
    this.stretch = new double[workers];
    this.finishedWorkers = new int[samples.length];
    this.times = new StepTimes(new long[samples.length], new long[samples.length]);
    this.traffic = new JobTraffic(engine, split, gpuOfRank, bytesPerElement, this::received);
    this.fresh = schedules.stream().map(traffic::start).toArray(CollectiveRun[]::new);
    engine.onWakeUp(this::woken);
  }

  JobTraffic traffic() {
    return traffic;
  }

  /** Runs all steps. */
  StepTimes run() {
    running = stepOf.length;
    for (int worker = 0; worker < stepOf.length; worker++) {
      compute(worker, 0);
    }
    engine.run(() -> running == 0 || engine.gaveUp() > 0);
    if (engine.gaveUp() > 0) {
      throw new IllegalStateException(
          "a queue pair has given up before training was done: " + engine.stuckBriefly());
    }
    if (running > 0) {
      throw new IllegalStateException(
          "the network has come to rest before training was done: " + engine.stuckBriefly());
    }
    return times;
  }

  private void compute(int worker, long startPs) {
    int step = stepOf[worker];
    if (runs[step] == null) {
      runs[step] = startAll();
    }
    bucketsReady[worker] = 0;
    bucketsReceived[worker] = 0;
    stretch[worker] = pace.next(worker);
    long[] ready = compute.ready(samples[step][worker], parts, buckets);
    for (int b = 0; b < ready.length; b++) {
      ready[b] = startPs + Pace.stretched(ready[b], stretch[worker]);
    }
    long done = ready[ready.length - 1];
    long busy = done - startPs + update(worker);
    times.compute()[step] = Math.max(times.compute()[step], busy);
    for (int b = 0; b < ready.length; b++) {
      engine.at(overlapping ? ready[b] : done, gpuOfRank[worker], token(worker, b));
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

  /** Buckets are numbered from 0; the number after the last stands for the update. */
  private int token(int worker, int bucket) {
    return worker * (buckets.count() + 1) + bucket;
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
      engine.at(timePs + update(worker), gpuOfRank[worker], token(worker, next));
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
    if (++stepOf[worker] < samples.length) {
      compute(worker, timePs);
    } else {
      running--;
    }
  }
}
