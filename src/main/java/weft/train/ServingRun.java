package weft.train;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import weft.collective.Schedule;
import weft.experiment.JobNetwork;
import weft.experiment.PlacedCollectives;
import weft.fabric.Fabric;
import weft.nn.Precision;

/**
 * A parameter server. How long anything takes does not depend on the numbers, so the clock runs
 * first, and the numbers then follow the order in which it had gradients applied and parameters
 * sent.
 */
final class ServingRun implements PreparedRun {
  private final TrainingPlan plan;
  private final Serving serving;
  private final JobNetwork network;

  /**
   * @throws IllegalArgumentException if the job asks for what a parameter server does not do
   */
  ServingRun(TrainingPlan plan, Serving serving, Fabric fabric) {
    this.plan = plan;
    this.serving = serving;
    if (!plan.job.exchange.isExact()) {
      throw new IllegalArgumentException(
          "a parameter server is sent whole gradients in their own precision, but the job exchanges %s: leave that out, or synchronise by localSgd(8)"
              .formatted(plan.job.exchange));
    }
    if (plan.job.network.precision() == Precision.FLOAT16) {
      throw new IllegalArgumentException(
          "float16's loss scale follows the overflows of one copy of the network, but a parameter server's workers have several: write precision(BFLOAT16)");
    }
    this.network =
        plan.network(
            fabric,
            PlacedCollectives.of(fabric, plan.gpuOfRank, schedules(plan), plan.stored().bytes()));
  }

  private static List<Schedule> schedules(TrainingPlan plan) {
    return IntStream.range(0, plan.job.workers)
        .boxed()
        .flatMap(w -> Stream.of(ServerClock.push(plan, w), ServerClock.pull(plan, w)))
        .toList();
  }

  @Override
  public History run() {
    var clock = new ServerClock(plan, serving.bound(), network);
    ServerLog log = clock.run();
    var timing = new Timing(clock.times(), log.missed(), network.load());
    return History.of(plan, Map.of(), new ServingWork(plan).run(log), timing);
  }
}
