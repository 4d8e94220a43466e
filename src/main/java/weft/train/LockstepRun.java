package weft.train;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import weft.collective.BucketExchange;
import weft.collective.Schedule;
import weft.experiment.JobNetwork;
import weft.experiment.PlacedCollectives;
import weft.fabric.Fabric;
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
  private final Map<String, String> facts; // of the places of its collectives
  private final @Nullable JobNetwork network; // null where one worker is alone

  LockstepRun(TrainingPlan plan, Lockstep rhythm) {
    this.plan = plan;
    this.rhythm = rhythm;
    buckets = Buckets.of(plan.job.exchange, plan.layers, plan.stored().bytes());
    var planned =
        Arrays.stream(buckets.length())
            .mapToObj(n -> plan.job.exchange.plan(plan.job.workers, n, plan.stored()))
            .toList();
    Fabric fabric = plan.job.fabric;
    if (fabric == null || plan.job.workers == 1) {
      exchanges = planned;
      work = rhythm.work(plan, buckets, exchanges);
      facts = Map.of();
      network = null;
    } else {
      var placed =
          PlacedCollectives.of(
              fabric, plan.gpuOfRank, schedules(planned), bytesPerElement(planned));
      exchanges = planned.stream().map(placed::place).toList();
      work = rhythm.work(plan, buckets, exchanges);
      facts = placed.facts();
      network = plan.network(fabric, placed);
    }
  }

  private static List<Schedule> schedules(List<BucketExchange> exchanges) {
    return exchanges.stream().map(BucketExchange::schedule).toList();
  }

  /** The same in all buckets. */
  private static int bytesPerElement(List<BucketExchange> exchanges) {
    return exchanges.get(0).bytesPerElement();
  }

  @Override
  public History run() {
    List<Object> outcomes = Parallel.run(List.<Callable<Object>>of(work::run, this::simulate));
    return History.of(plan, facts, (Outcome) outcomes.get(0), (Timing) outcomes.get(1));
  }

  private Timing simulate() {
    JobNetwork carrier = network;
    if (carrier == null) {
      return new Timing(alone(), NONE_MISSED, null);
    }
    var clock =
        new SimulatedClock(
            plan, rhythm, carrier, schedules(exchanges), buckets, bytesPerElement(exchanges));
    return new Timing(clock.run(), NONE_MISSED, carrier.load());
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
