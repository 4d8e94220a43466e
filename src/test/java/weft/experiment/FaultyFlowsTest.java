package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.mb;
import static weft.units.Units.ms;
import static weft.units.Units.us;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weft.cluster.Server;
import weft.collective.AllReduce;
import weft.fabric.Fabric;
import weft.fault.Fault;
import weft.routing.Ecmp;
import weft.routing.Spray;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;
import weft.transport.Scheduling;
import weft.transport.Uet;
import weft.units.Time;

/** Faults and traffic classes where messages are flows: by hand, and beside the packets. */
class FaultyFlowsTest {
  private static final Server ONE = new Server("one", 1, Server.DGX_H100.accelerator(), gbps(100));
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(16, ONE).leafPorts(4, 4).spines(4).cable(us(1)).build();
  private static final RoceV2 ROCE = RoceV2.lossless(CongestionControl.none()).timeout(6);
  private static final Experiment ON =
      Experiment.on(FABRIC).over(ROCE).balancing(Ecmp.fiveTuple()).convergingIn(us(5), us(10));
  private static final Experiment ONE_FLOW = ON.run(Traffic.of(new Flow(0, 9, mb(5), Time.ZERO)));

  /** Completion of packets and of flows, us. */
  private static double[] both(Experiment experiment) {
    return experiment.compare(Fidelity.packets(), Fidelity.flows()).runs().stream()
        .mapToDouble(r -> r.completion().micros())
        .toArray();
  }

  private static void assertClose(double part, Experiment experiment) {
    double[] times = both(experiment);
    assertEquals(
        times[0], times[1], part * times[0], "packets, flows: " + times[0] + ", " + times[1]);
  }

  private static double flows(Experiment experiment) {
    return experiment.at(Fidelity.flows()).run().completion().micros();
  }

  /** Of a full packet over four cables and three switches, and as long back. */
  private static double roundTrip() {
    return 2 * flows(ON.run(Traffic.of(new Flow(0, 9, bytes(4096), Time.ZERO))));
  }

  /** The spine of a flow's way. */
  private static String spineOf(Experiment experiment) {
    return List.of("spine0", "spine1", "spine2", "spine3").stream()
        .filter(
            spine ->
                experiment.at(Fidelity.flows()).run().networkLoad().ports().stream()
                    .anyMatch(p -> p.name().equals("leaf0>" + spine) && p.bytes() > 1_000_000))
        .findFirst()
        .orElseThrow();
  }

  /** Packets go on being lost until the leaf notices; the first to arrive then tells of the gap. */
  @Test
  void aFlowWaitsUntilItsLeafHasNoticedThatTheLinkIsDown() {
    double healthy = flows(ONE_FLOW);
    Experiment broken = ONE_FLOW.during(Fault.linkDown("leaf0", spineOf(ONE_FLOW)).at(us(50)));
    assertEquals(healthy + 5 + roundTrip(), flows(broken), 1);
    assertClose(0.05, broken);
  }

  /** A spine has no other way down: all that matters is the reroute. */
  @Test
  void aLinkFarAwayIsAvoidedOnceRoutesAreNew() {
    Experiment broken = ONE_FLOW.during(Fault.linkDown("leaf2", spineOf(ONE_FLOW)).at(us(50)));
    assertEquals(flows(ONE_FLOW) + 15 + roundTrip(), flows(broken), 1);
    assertClose(0.05, broken);
  }

  /** 5 MB take 400 us; what is left after 50 us is lost whole, until the timer of 262 us. */
  @Test
  void whatWasLostToTheLastPacketIsSentAgainWhenTheTimerRunsOut() {
    Experiment broken =
        ONE_FLOW
            .convergingIn(ms(5), ms(5))
            .during(Fault.linkDown("leaf0", spineOf(ONE_FLOW)).at(us(300)).until(us(500)));
    double timeout = 4.096 * 64;
    assertEquals(300 + timeout + flows(ONE_FLOW) - 300, flows(broken), 10);
    assertClose(0.05, broken);
  }

  @Test
  void aFlapShorterThanTheHoldCostsWhatItLastedAndARoundTrip() {
    Experiment broken =
        ONE_FLOW.during(
            Fault.flapping("leaf0", spineOf(ONE_FLOW)).downFor(us(4)).every(us(50)).until(us(220)));
    assertEquals(flows(ONE_FLOW) + 5 * (4 + roundTrip()), flows(broken), 5);
    assertClose(0.05, broken);
  }

  @Test
  void aSlowHostSlowsItsFlowAndWithItTheRing() {
    assertEquals(2 * 5 * 80 * 4178 / 4096.0, flows(ONE_FLOW.during(Fault.slowHost(0, 0.5))), 10);
    assertClose(0.05, ONE_FLOW.during(Fault.slowHost(0, 0.5)));
    assertClose(0.05, ONE_FLOW.during(Fault.slowHost(9, 0.5)));
    assertClose(0.05, ON.run(AllReduce.ring().of(mb(8))).during(Fault.slowHost(3, 0.25)));
  }

  @Test
  void ringsAndPermutationsThatLoseASpineTakeAsLongAsTheirPackets() {
    Fault dies = Fault.switchDies("spine0").at(us(20));
    assertClose(0.05, ON.run(Traffic.permutation(16, mb(5), 1)).during(dies));
    assertClose(0.05, ON.run(AllReduce.ring().of(mb(32))).during(dies));
    Fault slow = Fault.slowHost(0, 0.5);
    assertClose(0.05, ON.run(Traffic.incast(FABRIC, 8, mb(2))).during(slow));
  }

  /** Three quarters of the ways are left, and a way is as wide as the NIC. */
  @Test
  void sprayedPacketsThatAreLostGoAgain() {
    Experiment sprayed =
        ON.over(Uet.defaults()).balancing(Spray.perPacket()).run(Traffic.permutation(16, mb(4), 1));
    Experiment broken =
        sprayed.convergingIn(us(20), us(20)).during(Fault.switchDies("spine1").at(us(50)));
    double[] healthy = both(sprayed);
    double[] times = both(broken);
    assertTrue(times[1] > healthy[1] && times[0] > healthy[0]);
    assertEquals(times[0] / healthy[0], times[1] / healthy[1], 0.15);
  }

  /** Each lost packet of selective repeat goes once more; going back costs a round trip. */
  @Test
  void weakOpticsCostWhatIsSentAgain() {
    Fault weak = Fault.optics("leaf0", spineOf(ONE_FLOW)).bitErrorRate(1e-6);
    double bits = 8 * (4096 + 82);
    double loss = 1 - Math.exp(-bits * 1e-6);
    double healthy = flows(ONE_FLOW);
    double selective = flows(ONE_FLOW.over(ROCE.selectiveRepeat()).during(weak));
    assertEquals(400 / (1 - loss) - 400, selective - healthy, 2);
    assertTrue(flows(ONE_FLOW.during(weak)) > selective + 10);
  }

  /** On average; packets draw which are lost. */
  @ParameterizedTest
  @CsvSource({"true, 1e-6", "false, 1e-7"})
  void weakOpticsCostPacketsAsMuch(boolean selective, double bitErrorRate) {
    Experiment on =
        ON.over(selective ? ROCE.selectiveRepeat() : ROCE)
            .run(Traffic.of(new Flow(0, 9, mb(20), Time.ZERO)))
            .during(
                IntStream.range(0, 4)
                    .mapToObj(s -> Fault.optics("leaf0", "spine" + s).bitErrorRate(bitErrorRate))
                    .toArray(Fault[]::new));
    double packets =
        IntStream.rangeClosed(1, 5)
            .mapToDouble(seed -> on.seed(seed).run().completion().micros())
            .average()
            .orElseThrow();
    assertEquals(packets, flows(on), 0.03 * packets);
  }

  @Test
  void aRunThatCannotFinishSaysWhatIsStuckAndWhy() {
    Experiment dead =
        ON.run(Traffic.permutation(16, mb(2), 1))
            .at(Fidelity.flows())
            .during(Fault.nicStops(2).at(us(3)));
    String message = assertThrows(IllegalStateException.class, dead::run).getMessage();
    assertTrue(message.contains("2 of 16 messages have not arrived"), message);
    assertTrue(message.contains("(the NIC of GPU 2 stops)"), message);
    assertEquals(3, message.lines().count(), message);
    Experiment late =
        ONE_FLOW.at(Fidelity.flows()).during(Fault.gpuStops(9).at(us(3)).until(ms(900)));
    message = assertThrows(IllegalStateException.class, late::run).getMessage();
    assertTrue(message.contains("gave up after 8 timeouts"), message);
  }

  @Test
  void aRunTellsWhatBecameOfItsFaults() {
    Run run = ONE_FLOW.at(Fidelity.flows()).during(Fault.linkDown("leaf0", "spine0")).run();
    assertEquals(3, run.faults().rowCount()); // both ends notice at once
  }

  @Test
  void aPauseStormIsRefusedBecauseItSpreadsThroughQueues() {
    Experiment storm = ONE_FLOW.at(Fidelity.flows()).during(Fault.pauseStorm(3));
    assertThrows(IllegalArgumentException.class, storm::run);
    assertThrows(
        IllegalArgumentException.class, ONE_FLOW.during(Fault.gpuStops(3))::atEveryFidelity);
  }

  /** 8 flows of one class and one of another into one port: three bytes to one. */
  @Test
  void classesShareAPortAsTheirQueuesDo() {
    var flows = new ArrayList<Flow>();
    for (int source = 4; source < 12; source++) {
      flows.add(new Flow(source, 0, mb(1), Time.ZERO).inClass("training"));
    }
    flows.add(new Flow(12, 0, mb(1), Time.ZERO).inClass("storage"));
    Experiment on = ON.run(new Traffic("two classes", flows));
    for (Scheduling each :
        List.of(
            Scheduling.weighted("training", 3).and("storage", 1),
            Scheduling.weighted("training", 1).and("storage", 3),
            Scheduling.strict("training", "storage"),
            Scheduling.strict("storage", "training"))) {
      var runs = on.scheduling(each).compare(Fidelity.packets(), Fidelity.flows()).runs();
      double packets = runs.get(0).flows().doubleColumn("received (us)").get(8);
      double flow = runs.get(1).flows().doubleColumn("received (us)").get(8);
      assertEquals(packets, flow, 0.05 * packets, each.toString());
      assertEquals("storage", runs.get(1).flows().stringColumn("class").get(8));
    }
  }
}
