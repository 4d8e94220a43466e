package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import weft.cluster.Accelerator;
import weft.cluster.Placement;
import weft.cluster.Server;
import weft.collective.AllReduce;
import weft.experiment.Experiment;
import weft.experiment.Fidelity;
import weft.fabric.Fabric;
import weft.fault.Fault;
import weft.nn.Dataset;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.parallel.ParallelPlan;
import weft.parallel.PipelineSchedule;

/** Executed plans in simulated time, against what else knows how long they must take. */
class PlanTimeTest {
  private static final Network NETWORK =
      Network.inputs(64)
          .dense(32, relu())
          .dense(32, relu())
          .dense(10, softmax())
          .loss(crossEntropy());

  /** Computes nothing in no time. */
  private static final Accelerator INSTANT =
      new Accelerator("instant", 1e30, 1, 1e30, 1_000_000_000L, gbps(3600));

  private static final int WIDTH = 16;

  private static Fabric oneSwitch(int gpus) {
    return Fabric.singleSwitch().hosts(gpus).build();
  }

  private static ParallelTraining digits(ParallelPlan plan, int steps) {
    return ParallelTraining.of(NETWORK).on(Datasets.digits()).batch(64).steps(steps).plan(plan);
  }

  /** The same exchange of the same gradient by the same queue pairs, after the same passes. */
  @ParameterizedTest
  @EnumSource(names = {"PACKETS", "FLOWS"})
  void replicasTakeAsLongAsWorkersOfATrainingToThePicosecond(Fidelity fidelity) {
    var fabric = Fabric.leafSpine().servers(4, Server.DGX_H100).leafPorts(16, 8).build();
    var training =
        Training.of(NETWORK)
            .on(Datasets.digits())
            .batch(64)
            .dataParallel(4)
            .placed(Placement.scattered(3))
            .across(fabric)
            .at(fidelity)
            .run();
    int steps = 12;
    var plan =
        digits(ParallelPlan.of(4).microBatch(16), steps)
            .run()
            .across(fabric)
            .placed(Placement.scattered(3))
            .at(fidelity)
            .run();
    double[] clock = training.stepTable().doubleColumn("clock (us)").asDoubleArray();
    assertArrayEquals(
        Arrays.copyOf(clock, steps), plan.stepTable().doubleColumn("clock (us)").asDoubleArray());
  }

  /** Four stages of one layer each, on GPUs beside whose work the network takes no time. */
  @ParameterizedTest
  @MethodSource("schedules")
  void stagesWaitAsTheirScheduleSays(PipelineSchedule schedule) {
    int stages = 4;
    int microBatches = 8;
    int rows = 4;
    var slow = new Accelerator("slow", 1e7, 1, 1e15, 1_000_000_000L, gbps(3600));
    var time =
        ParallelTraining.of(chain(stages * schedule.chunks()))
            .on(numbers(rows * microBatches))
            .batch(rows * microBatches)
            .steps(1)
            .plan(ParallelPlan.of(stages).pipeline(stages, schedule).microBatch(rows))
            .run()
            .across(oneSwitch(stages))
            .on(slow)
            .at(Fidelity.flows())
            .run();
    double forward = schedule.chunks() * 2.0 * WIDTH * WIDTH * rows / 1e7;
    double update = schedule.chunks() * 2.0 * WIDTH * (WIDTH + 1) / 1e7;
    double expected = schedule.timeline(stages, microBatches).total() * forward + update;
    assertEquals(expected, time.completion().seconds(), 2e-3 * expected);
    assertTrue(time.completion().seconds() > expected, "sending takes some time");
  }

  static PipelineSchedule[] schedules() {
    return new PipelineSchedule[] {
      PipelineSchedule.gPipe(),
      PipelineSchedule.oneForwardOneBackward(),
      PipelineSchedule.interleaved(2),
      PipelineSchedule.zeroBubbleH1(),
      PipelineSchedule.zeroBubbleH2()
    };
  }

  private static Network chain(int layers) {
    var builder = Network.inputs(WIDTH);
    for (int layer = 0; layer < layers; layer++) {
      builder = builder.dense(WIDTH, identity());
    }
    return builder.loss(squaredError());
  }

  private static Dataset numbers(int rows) {
    double[][] values =
        IntStream.range(0, rows)
            .mapToObj(r -> IntStream.range(0, WIDTH).mapToDouble(i -> (r + i) % 7).toArray())
            .toArray(double[][]::new);
    return Dataset.of(values, values);
  }

  @Test
  void aGpuByItselfComputesAllTheTime() {
    var accelerator = new Accelerator("slow", 1e9, 1, 1e15, 1_000_000_000L, gbps(3600));
    var time =
        digits(ParallelPlan.of(1).microBatch(64), 2)
            .run()
            .across(oneSwitch(2))
            .on(accelerator)
            .run();
    long weights = 64 * 32 + 32 * 32 + 32 * 10;
    double flops = 2 * (6.0 * weights * 64 + 2 * NETWORK.parameters());
    assertEquals(flops / 1e9, time.completion().seconds(), 1e-11);
    assertEquals(1, time.computing(), 1e-12);
  }

  /** Forward and backward each add up an array of 16 samples, four times a step. */
  @Test
  void slicesThatComputeInNoTimeTakeAsLongAsTheirSums() {
    var fabric = oneSwitch(4);
    var net =
        Network.inputs(64)
            .dense(64, relu())
            .dense(32, relu())
            .dense(64, relu())
            .dense(10, softmax());
    var run =
        ParallelTraining.of(net.loss(crossEntropy()))
            .on(Datasets.digits())
            .batch(64)
            .steps(1)
            .plan(ParallelPlan.of(4).tensor(4).microBatch(16))
            .run();
    double expected = 0;
    for (int numbers : new int[] {32, 10, 32}) { // forward, forward, inputs of the second pair
      expected +=
          4
              * Experiment.on(fabric)
                  .run(AllReduce.ring().of(bytes(4 * 16 * numbers)))
                  .at(Fidelity.flows())
                  .run()
                  .completion()
                  .micros();
    }
    var time = run.across(fabric).on(INSTANT).at(Fidelity.flows()).run();
    assertEquals(expected, time.completion().micros(), 1e-3 * expected);
    assertEquals(expected, time.table().doubleColumn("tensor (us)").max(), 1e-3 * expected);
  }

  /** All axes that can be executed, and what the routers chose differs from step to step. */
  @ParameterizedTest
  @EnumSource(names = {"PACKETS", "FLOWS"})
  void everyAxisTravelsAndTheSameSeedTakesTheSameTime(Fidelity fidelity) {
    Dataset lines = Datasets.persuasion().sequences(8).rows(IntStream.range(0, 100).toArray());
    var network =
        Network.tokens(lines.classes(), 8)
            .embedding(WIDTH)
            .residual(r -> r.layerNorm().causalAttention(2))
            .residual(r -> r.layerNorm().experts(4, 2, 12, relu()))
            .residual(r -> r.layerNorm().causalAttention(2))
            .dense(lines.classes(), softmax())
            .loss(crossEntropy());
    var run =
        ParallelTraining.of(network)
            .on(lines)
            .batch(16)
            .steps(3)
            .plan(ParallelPlan.of(16).tensor(2).pipeline(2).context(2).expert(2).microBatch(4))
            .run();
    var settings = run.across(oneSwitch(16)).at(fidelity);
    var time = settings.run();
    for (String axis : new String[] {"tensor", "context", "expert", "pipeline", "data"}) {
      assertTrue(time.table().doubleColumn(axis + " (us)").max() > 0, axis);
    }
    assertEquals(time.stepTable().print(), settings.run().stepTable().print());
  }

  @Test
  void whatHoldsAHostUpHoldsThePlanUp() {
    var run = digits(ParallelPlan.of(4).microBatch(16), 4).run();
    var settings = run.across(oneSwitch(4)).on(INSTANT);
    var usual = settings.run();
    var slowed = settings.during(Fault.slowHost(2, 0.01)).run();
    assertTrue(slowed.stepTime().ps() > 2 * usual.stepTime().ps());
    var table = PlanTime.compare(usual.named("usual"), slowed.named("slow host"));
    assertEquals("slow host", table.stringColumn("run").get(1));
    assertEquals(run.losses()[3], table.doubleColumn("last loss").get(1));
  }

  @Test
  void aFabricMustHaveAGpuForEachOfThePlans() {
    var run = digits(ParallelPlan.of(4).microBatch(16), 1).run();
    var tooSmall = run.across(oneSwitch(3));
    String message = assertThrows(IllegalArgumentException.class, tooSmall::run).getMessage();
    assertTrue(message.contains("4") && message.contains("3"), message);
    var analytic = run.across(oneSwitch(4)).at(Fidelity.analytic());
    assertTrue(
        assertThrows(IllegalArgumentException.class, analytic::run)
            .getMessage()
            .contains("at(flows())"));
  }

  /** Ranks far apart, whose paths ECMP draws by queue pair: the same at packets and at flows. */
  @Test
  void packetsAndFlowsTakeTheSamePaths() {
    var fabric = Fabric.leafSpine().servers(8, Server.DGX_H100).leafRadix(16).build();
    var wide = Network.inputs(64).dense(256, relu()).dense(256, relu()).dense(10, softmax());
    var run =
        ParallelTraining.of(wide.loss(crossEntropy()))
            .on(Datasets.digits())
            .batch(64)
            .steps(3)
            .plan(ParallelPlan.of(8).microBatch(8))
            .run()
            .across(fabric)
            .placed(Placement.scattered(7));
    for (long seed = 1; seed <= 4; seed++) {
      double packets = run.seed(seed).run().stepTime().micros();
      double flows = run.seed(seed).at(Fidelity.flows()).run().stepTime().micros();
      assertEquals(packets, flows, 0.05 * packets, "seed " + seed);
    }
  }
}
