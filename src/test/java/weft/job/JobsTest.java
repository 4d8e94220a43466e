package weft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gb;
import static weft.units.Units.gbps;
import static weft.units.Units.seconds;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weft.cluster.Placement;
import weft.cluster.Server;
import weft.experiment.Flow;
import weft.experiment.Traffic;
import weft.fabric.Fabric;
import weft.llm.Transformer;
import weft.parallel.AxisTraffic;
import weft.parallel.ParallelAxis;
import weft.parallel.ParallelPlan;
import weft.parallel.PipelineSchedule;
import weft.parallel.Sharding;
import weft.routing.Spray;
import weft.units.Time;

/** A job loses to a fabric, and to its neighbours, what links shared fairly take from it. */
class JobsTest {
  private static TrainingJob job(Transformer model, ParallelPlan plan) {
    return Job.training(model).on(plan.gpus() / 8, Server.DGX_H100).plan(plan).globalBatch(64);
  }

  /** Eight servers; gradients are all that leaves them. */
  private static TrainingJob small(int servers) {
    return job(Transformer.LLAMA3_8B, ParallelPlan.of(8 * servers).tensor(8));
  }

  static List<TrainingJob> jobs() {
    return List.of(
        small(8),
        job(Transformer.LLAMA3_8B, ParallelPlan.of(64).sharded(Sharding.ZERO_3)),
        job(Transformer.LLAMA3_8B, ParallelPlan.of(64).tensor(16)),
        job(Transformer.LLAMA3_8B, ParallelPlan.of(64).tensor(4).context(4).data(4)),
        job(
            Transformer.LLAMA3_70B,
            ParallelPlan.of(64).tensor(4).pipeline(4, PipelineSchedule.interleaved(2))),
        job(Transformer.LLAMA3_70B, ParallelPlan.of(64).tensor(2).pipeline(16).overlapped()),
        job(Transformer.MIXTRAL_8X7B, ParallelPlan.of(64).tensor(4).expert(8)),
        job(Transformer.MIXTRAL_8X7B, ParallelPlan.of(64).expert(4)));
  }

  /** What the closed forms assume: each NIC has its full rate. */
  @ParameterizedTest
  @MethodSource("jobs")
  void onOneSwitchAStepTakesWhatTheClosedFormsSay(TrainingJob job) {
    var fabric = Fabric.singleSwitch().servers(8, Server.DGX_H100).build();
    var run = Jobs.on(fabric).add("A", job).run();
    double closed = job.run().total().seconds();
    assertEquals(closed, run.ideal("A").total().seconds(), 1e-9 * closed);
    assertEquals(closed, run.alone("A").total().seconds(), 1e-3 * closed);
    assertEquals(run.alone("A").total(), run.step("A").total());
  }

  /** Scattered ranks share no servers: every exchange is a ring over all NICs. */
  @Test
  void whatLeavesServersIsWhatTheAxesSend() {
    var job = job(Transformer.LLAMA3_8B, ParallelPlan.of(32).tensor(4).pipeline(2));
    var hosts = Fabric.singleSwitch().hosts(32).build();
    var placed = new PlacedJob("A", job, "", IntStream.range(0, 32).toArray(), hosts);
    for (AxisTraffic row : job.plan().traffic(job.model(), job.globalBatch()).rows()) {
      if (row.axis() != ParallelAxis.PIPELINE) {
        var pairs = new PairBytes();
        placed.addTo(pairs, row);
        double sum = IntStream.range(0, pairs.size()).mapToDouble(pairs::bytes).sum();
        assertEquals(32 * row.sent(), sum, 1e-9 * sum, row.toString());
      }
    }
  }

  /** A leaf each: all of a ring crosses the spines, which have half of the servers' rate. */
  @Test
  void anOversubscribedFabricMakesExchangesLongerByItsRatio() {
    for (int ratio : new int[] {1, 2, 4}) {
      var fabric = Fabric.leafSpine().servers(8, Server.DGX_H100).leafPorts(8, 8 / ratio).build();
      var run = Jobs.on(fabric).balancing(Spray.perPacket()).add("A", small(8)).run();
      double closed = run.ideal("A").exposed(ParallelAxis.DATA);
      double steps = 2 * 7 * 14e-6;
      double expected = steps + ratio * (closed - steps);
      assertEquals(expected, run.alone("A").exposed(ParallelAxis.DATA), 0.005 * expected);
    }
  }

  private static final Placement EVERY_OTHER =
      (ranks, gpus) -> IntStream.range(0, ranks).map(r -> r / 8 * 16 + r % 8).toArray();

  /** Two servers a leaf, spines for one: alone each job has all it needs. */
  @Test
  void twoJobsThatShareTheirUplinksLoseWhatTheOtherTakes() {
    var fabric = Fabric.leafSpine().servers(8, Server.DGX_H100).leafPorts(16, 8).build();
    var jobs = Jobs.on(fabric).balancing(Spray.perPacket());
    var mixed = jobs.add("A", small(4), EVERY_OTHER).add("B", small(4)).run();
    for (String name : List.of("A", "B")) {
      double ideal = mixed.ideal(name).exposed(ParallelAxis.DATA);
      assertEquals(ideal, mixed.alone(name).exposed(ParallelAxis.DATA), 0.005 * ideal);
      assertEquals(2 * ideal, mixed.step(name).exposed(ParallelAxis.DATA), 0.01 * ideal);
    }
    var apart = jobs.add("A", small(4)).add("B", small(4)).run();
    assertTrue(apart.step("A").total().compareTo(mixed.step("A").total()) < 0);
    double lost = apart.table().doubleColumn("lost to the others (%)").get(0);
    assertEquals(0, lost, 1e-6);
    double days = mixed.completion(1e12).doubleColumn("beside the others (days)").get(0);
    assertEquals(mixed.step("A").forTokens(1e12).days(), days, 1e-9);
  }

  /** Whoever computes while the other sends loses nothing: a longer step meets less often. */
  @Test
  void aJobThatSeldomSendsIsSeldomInTheWay() {
    var fabric = Fabric.leafSpine().servers(8, Server.DGX_H100).leafPorts(16, 8).build();
    var jobs = Jobs.on(fabric).balancing(Spray.perPacket()).add("A", small(4), EVERY_OTHER);
    var rare = jobs.add("B", small(4).globalBatch(1024)).run();
    var often = jobs.add("B", small(4)).run();
    assertTrue(rare.step("A").seconds() < often.step("A").seconds());
  }

  /**
   * Eight GPUs write into a storage node of 400 Gb/s, so each write takes 50 Gb/s of its NIC and
   * leaves the ring 350. On a front-end network of its own it would take nothing.
   */
  @Test
  void storageOnTheBackendTakesItsShareOfEachNic() {
    var fabric =
        Fabric.leafSpine()
            .servers(4, Server.DGX_H100)
            .leafPorts(12, 8)
            .build()
            .storage(4, gbps(400));
    var writes =
        IntStream.range(0, 32)
            .mapToObj(gpu -> new Flow(gpu, 32 + gpu / 8, gb(2), Time.ZERO))
            .toArray(Flow[]::new);
    var jobs = Jobs.on(fabric).balancing(Spray.perPacket()).add("A", small(4));
    var mixed = jobs.beside(Traffic.of(writes), seconds(0.3)).run();
    var slower = mixed.exchanges().doubleColumn("beside the others, times as long");
    assertEquals(8.0 / 7, slower.get(0), 0.01);
    assertEquals(jobs.run().step("A").seconds(), mixed.alone("A").seconds(), 1e-9);
    assertTrue(mixed.step("A").seconds() > mixed.alone("A").seconds());
  }

  @Test
  void theSameJobsTakeTheSameTime() {
    var fabric = Fabric.railOptimized().servers(8, Server.DGX_H100).leafRadix(16).build();
    var jobs = Jobs.on(fabric).add("A", small(4), Placement.scattered(7)).add("B", small(4));
    assertEquals(jobs.run().table().print(), jobs.run().table().print());
    assertEquals(
        2, jobs.run().exchanges().where(t -> t.stringColumn("axis").isEqualTo("Data")).rowCount());
  }

  @Test
  void whatDoesNotFitIsRefused() {
    var fabric = Fabric.leafSpine().servers(4, Server.DGX_H100).build();
    var jobs = Jobs.on(fabric).add("A", small(2));
    refused(
        () -> jobs.add("B", small(4)),
        "job B needs 32 GPUs, but leaf-spine has 32, of which 16 are free: add servers or make the job smaller");
    refused(
        () -> jobs.add("A", small(2)),
        "each job has a name of its own, but two are called A: rename one");
    refused(
        () ->
            Jobs.on(Fabric.leafSpine().servers(4, Server.DGX_H100).nic(gbps(200)).build())
                .add("A", small(2)),
        "a job's servers have the fabric's NICs, but a DGX H100 has 400 Gb/s and GPU 0 of leaf-spine 200 Gb/s: write for example DGX_H100.nic(gbps(200)) for the job or nic(gbps(400)) for the fabric");
    refused(
        () -> Jobs.on(fabric).run(),
        "a run has at least one job, but there is none: add(\"A\", Job.training(LLAMA3_70B)...)");
    refused(() -> jobs.run().step("C"), "there is no job C: they are called A");
  }

  private static void refused(Executable what, String message) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, what).getMessage());
  }
}
