package weft.train;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import weft.collective.BucketExchange;
import weft.collective.Schedule;
import weft.experiment.Demands;
import weft.experiment.NetworkLoad;
import weft.fabric.Fabric;
import weft.routing.LoadBalancing;
import weft.sim.Parallel;

/**
 * Workers that exchange together, so that the network decides when a step ends and never what it
 * computes: numbers and clock run side by side.
 */
final class LockstepRun implements PreparedRun {
  private static final int[] NONE_MISSED = {};

  private final TrainingPlan plan;
  private final Lockstep rhythm;
  private final Buckets buckets;
  private final List<BucketExchange> exchanges;
  private final LockstepWork work;

  LockstepRun(TrainingPlan plan, Lockstep rhythm) {
    this.plan = plan;
    this.rhythm = rhythm;
    var stored = plan.stored();
    buckets = Buckets.of(plan.job.exchange, plan.layers, stored.bytes());
    exchanges =
        Arrays.stream(buckets.length())
            .mapToObj(length -> plan.job.exchange.plan(plan.job.workers, length, stored))
            .toList();
    work = rhythm.work(plan, buckets, exchanges);
  }

  @Override
  public History run() {
    List<Object> outcomes = Parallel.run(List.<Callable<Object>>of(work::run, this::simulate));
    return History.of(plan, (Outcome) outcomes.get(0), (Timing) outcomes.get(1));
  }

  private Timing simulate() {
    Fabric fabric = plan.job.fabric;
    if (fabric == null || plan.job.workers == 1) {
      return new Timing(alone(), NONE_MISSED, null);
    }
    List<Schedule> schedules = exchanges.stream().map(BucketExchange::schedule).toList();
    int bytes = exchanges.get(0).bytesPerElement();
    LoadBalancing balancing =
        plan.job.balancing.planned(fabric, Demands.of(schedules, plan.gpuOfRank, bytes));
    var engine = plan.engine(fabric, balancing);
    var clock =
        new SimulatedClock(plan, rhythm, engine, balancing.queuePairs(), schedules, buckets, bytes);
    plan.share(clock.traffic());
    StepTimes times = clock.run();
    return new Timing(times, NONE_MISSED, NetworkLoad.of(fabric, engine));
  }

  private StepTimes alone() {
    var compute = plan.compute();
    var pace = plan.pace();
    var times = new StepTimes(plan.samples.length);
    long clock = 0;
    for (int step = 0; step < plan.samples.length; step++) {
      long work = compute.passes(plan.samples[step][0], plan.job.parts) + compute.update();
      long busy = Pace.stretched(work, pace.next(0));
      clock += busy;
      times.compute()[step] = busy;
      times.finished()[step] = clock;
    }
    return times;
  }
}
