package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.gbps;
import static weft.units.Units.kb;
import static weft.units.Units.kib;
import static weft.units.Units.mb;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;
import weft.cluster.Accelerator;
import weft.cluster.Placement;
import weft.cluster.Server;
import weft.collective.AllReduce;
import weft.collective.Collective;
import weft.collective.Schedule;
import weft.collective.ScheduleBuilder;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.routing.Spray;
import weft.transport.CongestionControl;
import weft.transport.Rccc;
import weft.transport.RoceV2;
import weft.units.Time;

class ExperimentTest {
  private static final Server ONE_GPU = new Server("1 GPU", 1, Accelerator.H100, gbps(400));

  /**
   * A ring over one leaf has every link to itself. Bus bandwidth is then the payload rate of a
   * link: 400 Gb/s x 4096/4178 = 49.02 GB/s ({@code headers.csv}: GOODPUT.400G.4096), less latency.
   * NVIDIA engineers expect 46 to 48 GB/s a 400G NIC (nccl-tests issue 290).
   */
  @Test
  void aLargeRingReachesTheGoodputOfItsLinks() {
    Fabric fabric = Fabric.leafSpine().servers(8, ONE_GPU).build();
    Run run =
        Experiment.on(fabric)
            .run(AllReduce.ring().of(mb(64)))
            .over(RoceV2.lossless(CongestionControl.none()))
            .run();
    assertTrue(run.busBandwidth() > 46 && run.busBandwidth() < 49.02, run.busBandwidth() + " GB/s");
  }

  /** Inside a server the ring runs on NVLink 4: 450 GB/s a direction, 98 % of it payload. */
  @Test
  void aRingInsideAServerRunsOnNvlink() {
    Fabric fabric = Fabric.leafSpine().servers(2, DGX_H100).build();
    Run run = Experiment.on(fabric).run(AllReduce.ring().of(mib(256))).ranks(8).run();
    assertTrue(run.busBandwidth() > 400 && run.busBandwidth() < 442, run.busBandwidth() + " GB/s");
    assertEquals(0, run.networkLoad().table().rowCount());
  }

  /** A scattered ring crosses the spines, where 5-tuple ECMP lets flows collide. */
  @Test
  void sprayingBeatsFiveTupleEcmpOnAScatteredRing() {
    Fabric fabric = Fabric.leafSpine().servers(16, DGX_H100).leafRadix(16).build();
    Comparison comparison =
        Experiment.on(fabric)
            .run(AllReduce.ring().of(mb(16)))
            .ranks(32)
            .placed(Placement.scattered(3))
            .over(RoceV2.lossless(CongestionControl.none()).directDataPlacement())
            .compare(Ecmp.fiveTuple(), Spray.perPacket());
    double ecmp = comparison.runs().get(0).busBandwidth();
    double spray = comparison.runs().get(1).busBandwidth();
    assertTrue(spray > 1.2 * ecmp, spray + " GB/s sprayed, " + ecmp + " by ECMP");
    assertEquals(2, comparison.table().rowCount());
  }

  @Test
  void flowsSurviveTheWayThroughATable() {
    Traffic traffic = Traffic.of(new Flow(0, 1, kib(64), Time.ZERO), new Flow(3, 2, mib(1), us(5)));
    assertEquals(traffic.flows(), Traffic.from(traffic.table()).flows());
  }

  @Test
  void flowsJoinOtherTrafficAndLeaveItAsItWas() {
    Traffic alone = Traffic.of(new Flow(0, 1, kib(64), Time.ZERO));
    Traffic both = alone.and(new Flow(3, 2, mib(1), us(5)));
    assertEquals(1, alone.flows().size());
    assertEquals("flows and 1 flow", both.name());
    assertEquals(new Flow(3, 2, mib(1), us(5)), both.flows().get(1));
    assertEquals(alone, alone.and());
  }

  @Test
  void aPermutationHasEveryGpuOnceAtEachEnd() {
    Traffic traffic = Traffic.permutation(64, mib(1), 5);
    assertEquals(64, traffic.flows().stream().map(Flow::source).distinct().count());
    assertEquals(64, traffic.flows().stream().map(Flow::destination).distinct().count());
  }

  @Test
  void whatCannotRunIsRefusedInWords() {
    Fabric fabric = Fabric.leafSpine().servers(2, DGX_H100).build();
    assertEquals(
        "GPU 16 does not exist: this fabric's GPUs are 0 to 15",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    Experiment.on(fabric).run(Traffic.of(new Flow(0, 16, kib(1), Time.ZERO))).run())
            .getMessage());
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> Experiment.on(fabric).run())
            .getMessage()
            .startsWith("an experiment runs something"));
  }

  /** A control that hears nothing would run at line rate and look as if it did no harm. */
  @Test
  void aControlThatWouldHearNothingIsRefused() {
    Fabric fabric = Fabric.leafSpine().servers(2, DGX_H100).build();
    var experiment = Experiment.on(fabric).run(Traffic.of(new Flow(0, 8, kib(1), Time.ZERO)));
    var deaf = experiment.over(RoceV2.lossless(Rccc.defaults()));
    assertTrue(
        assertThrows(IllegalArgumentException.class, deaf::run)
            .getMessage()
            .contains("choose for example Dcqcn.defaults()"));
  }

  /**
   * Without congestion control the receiver's port never idles: the last byte comes after what all
   * senders write over one link's rate. DCQCN's cuts overshoot on so short an incast, and 300 us
   * pass before the first increase; it must still not take twice as long.
   */
  @Test
  void anIncastDrainsAtTheRateOfOneLink() {
    Fabric fabric = Fabric.leafSpine().servers(8, DGX_H100).leafRadix(16).build();
    Experiment incast = Experiment.on(fabric).run(Traffic.incast(fabric, 4, mib(4)));
    double drainUs = 4 * 1024 * 4178 * 8 / 400e3;
    double free =
        incast.over(RoceV2.lossless(CongestionControl.none())).run().completion().micros();
    assertEquals(drainUs, free, 0.02 * drainUs);
    Run controlled = incast.run();
    assertTrue(controlled.completion().micros() < 2 * drainUs, controlled.completion().toString());
    assertTrue(controlled.networkLoad().marks() > 0);
  }

  /** NVLink would carry an incast inside a server past the network. */
  @Test
  void anIncastCrossesTheNetwork() {
    Fabric fabric = Fabric.leafSpine().servers(2, DGX_H100).build();
    for (Flow flow : Traffic.incast(fabric, 8, kib(64)).flows()) {
      assertTrue(!fabric.shareServer(flow.source(), flow.destination()), flow.toString());
    }
    assertEquals(
        "an incast into GPU 0 has 1 to 8 senders, as many as other servers have GPUs, but senders was 9: give a number in that range, or add servers",
        assertThrows(IllegalArgumentException.class, () -> Traffic.incast(fabric, 9, kib(64)))
            .getMessage());
  }

  /** Sprayed packets overtake each other; unless told otherwise their receivers expect that. */
  @Test
  void sprayingSendsNothingAgainUnlessTheReceiverInsistsOnOrder() {
    Fabric fabric = Fabric.leafSpine().servers(16, DGX_H100).leafRadix(16).build();
    Experiment ring =
        Experiment.on(fabric)
            .run(AllReduce.ring().of(mb(4)))
            .ranks(16)
            .placed(Placement.scattered(3))
            .balancing(Spray.perPacket());
    assertEquals(0, ring.run().networkLoad().retransmissions());
    RoceV2 inOrder = RoceV2.lossless(CongestionControl.none());
    assertTrue(ring.over(inOrder).run().networkLoad().retransmissions() > 0);
  }

  /** Two messages posted at once on one queue pair: the second waits for the first, and says so. */
  @Test
  void aMessagesTimeCountsItsWaiting() {
    Fabric fabric = Fabric.leafSpine().servers(2, ONE_GPU).build();
    Run alone = Experiment.on(fabric).run(Traffic.of(new Flow(0, 1, mib(1), Time.ZERO))).run();
    var two = new Flow(0, 1, mib(1), Time.ZERO);
    Run both = Experiment.on(fabric).run(Traffic.of(two, two)).run();
    assertTrue(both.percentile99() > 1.9 * alone.percentile99() - 5, both.percentile99() + " us");
  }

  private static String refusal(Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  private record Custom(Schedule made, double busBandwidthFactor) implements Collective {
    @Override
    public Schedule schedule(int ranks, int elements) {
      return made;
    }

    @Override
    public double busBandwidthFactor(int ranks) {
      return busBandwidthFactor;
    }
  }

  /** Any of these would run to its end and report figures that mean nothing. */
  @Test
  void aCollectiveThatDoesNotDoWhatWasAskedIsRefused() {
    Fabric fabric = Fabric.leafSpine().servers(2, DGX_H100).build();
    Schedule ring = AllReduce.ring().schedule(16, 256);
    Schedule empty = new ScheduleBuilder("nothing", 16, 256).build();
    assertEquals(
        "a schedule for 16 ranks and 250 elements was asked for, but the collective made one for"
            + " 16 and 256: pass both on to ScheduleBuilder",
        refusal(() -> Experiment.on(fabric).run(new Custom(ring, 1).of(kb(1))).run()));
    assertEquals(
        "a schedule for 16 ranks needs transfers, but nothing has none: add them by reduce(...) and"
            + " copy(...)",
        refusal(() -> Experiment.on(fabric).run(new Custom(empty, 1).of(kib(1))).run()));
    for (double factor : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      String message =
          refusal(() -> Experiment.on(fabric).run(new Custom(ring, factor).of(kib(1))).run());
      assertTrue(message.startsWith("a bus bandwidth factor is a number above 0"), message);
    }
  }

  @Test
  void aTransferStaysInsideItsArray() {
    var builder = new ScheduleBuilder("broken", 2, 10);
    assertTrue(
        refusal(() -> builder.copy(0, 0, 1, Integer.MAX_VALUE, 1))
            .startsWith("a transfer carries 1 or more of the elements 0 to 9"));
    assertEquals(
        "a transfer's step must be at least 0, but was -1: count steps from 0",
        refusal(() -> builder.copy(-1, 0, 1, 0, 1)));
    assertTrue(
        refusal(() -> AllReduce.ring().schedule(100_000, 100_000))
            .startsWith("a schedule holds at most 134217728 transfers, but ring AllReduce needs"));
  }

  @Test
  void aTableOfFlowsIsReadAsItStands() {
    var table =
        Table.create(
            "mine",
            DoubleColumn.create("source", 0, 0.7),
            DoubleColumn.create("destination", 1, 2),
            DoubleColumn.create("size (B)", 1000, 1000));
    assertEquals(
        "flows, row 1: column source holds whole numbers from 0, but has 0.7: correct it",
        refusal(() -> Traffic.from(table)));
    table.doubleColumn(0).setMissing(1);
    assertEquals(
        "flows, row 1: column source has nothing in place of a number: correct it or leave the row"
            + " out",
        refusal(() -> Traffic.from(table)));
  }

  @Test
  void whatIsMissingIsNamedAtTheCall() {
    Fabric fabric = Fabric.leafSpine().servers(2, DGX_H100).build();
    assertEquals(
        "load balancing must be given, but was null: write Ecmp.fiveTuple() or Spray.perPacket()",
        refusal(() -> Experiment.on(fabric).balancing(null)));
    assertEquals(
        "an incast's receiver must be at least 0, but was -1: GPUs are numbered from 0",
        refusal(() -> Incast.incast(1, kb(1), us(1)).into(-1)));
    Experiment ring = Experiment.on(fabric).run(AllReduce.ring().of(kib(1)));
    assertEquals(
        "a placement's answer must be given, but was null: return the GPU of each rank as an int[]",
        refusal(() -> ring.placed((ranks, gpus) -> null).run()));
    assertTrue(
        refusal(
                () ->
                    Experiment.on(fabric.buffer(kb(1)))
                        .run(AllReduce.ring().of(kib(1)))
                        .over(RoceV2.lossy(CongestionControl.none()))
                        .run())
            .startsWith("a switch's buffer holds at least one packet of 4194 B, but was 1000 B"));
  }

  @Test
  void theSameVariantTwiceStillMakesAChart() {
    Fabric fabric = Fabric.leafSpine().servers(2, DGX_H100).build();
    Comparison comparison =
        Experiment.on(fabric)
            .run(AllReduce.ring().of(kib(64)))
            .compare(Ecmp.fiveTuple(), Ecmp.fiveTuple());
    assertTrue(comparison.chart().getSeries("5-tuple ECMP (2)") != null);
    assertTrue(comparison.provenance().facts().get("GPU of each rank").startsWith("[0, 1, 2"));
  }

  /** Flows have no bus bandwidth; what arrives of a link's 400 Gb/s is 4096 of 4178 bytes. */
  @Test
  void flowsAreComparedByTheirGoodput() {
    Fabric fabric = Fabric.leafSpine().servers(2, ONE_GPU).build();
    Comparison comparison =
        Experiment.on(fabric)
            .run(Traffic.of(new Flow(0, 1, mb(64), us(100)), new Flow(0, 1, mb(64), us(100))))
            .losing(1e-3)
            .compare(RoceV2.lossy(CongestionControl.none()).timeout(4).selectiveRepeat());
    Run run = comparison.runs().get(0);
    assertEquals(392, run.goodput(), 2);
    assertEquals(run.goodput(), comparison.table().doubleColumn("goodput (Gb/s)").get(0));
    assertFalse(comparison.table().containsColumn("bus bandwidth (GB/s)"));
    Table queuePairs = run.networkLoad().queuePairTable();
    assertEquals(
        run.networkLoad().retransmissions(), (long) queuePairs.longColumn("sent again").sum());
    assertTrue(run.networkLoad().retransmissions() > 0);
  }

  /** A message of one packet that vanishes is missed by nobody until the timer runs out. */
  @Test
  void timeoutsAreCounted() {
    Fabric fabric = Fabric.leafSpine().servers(2, ONE_GPU).build();
    Flow[] small =
        IntStream.range(0, 50)
            .mapToObj(i -> new Flow(0, 1, kb(4), us(10.0 * i)))
            .toArray(Flow[]::new);
    Comparison comparison =
        Experiment.on(fabric)
            .run(Traffic.of(small))
            .losing(0.05)
            .compare(RoceV2.lossy(CongestionControl.none()).timeout(4));
    long timeouts = comparison.runs().get(0).networkLoad().timeouts();
    assertTrue(timeouts > 0);
    assertEquals(timeouts, comparison.table().longColumn("timeouts").get(0));
  }
}
