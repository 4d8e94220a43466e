package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.kib;
import static weft.units.Units.mib;
import static weft.units.Units.ns;
import static weft.units.Units.us;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import weft.engine.packet.DroppedPacket.Reason;
import weft.fabric.Fabric;
import weft.fault.Failover;
import weft.fault.Fault;
import weft.fault.FaultPlan;
import weft.routing.Ecmp;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.Hpcc;
import weft.transport.Pfc;
import weft.transport.RoceV2;
import weft.transport.Transport;

/** What goes wrong in lossless and lossy networks, provoked and cured. */
class SymptomsTest {
  /** Five switches in a circle, a host at each; two hops on is one way round only. */
  private static final Fabric CIRCLE =
      Sketch.of(
              """
              a --100G 1000ns-- s1
              b --100G 1000ns-- s2
              c --100G 1000ns-- s3
              d --100G 1000ns-- s4
              e --100G 1000ns-- s5
              s1 --100G 1000ns-- s2
              s2 --100G 1000ns-- s3
              s3 --100G 1000ns-- s4
              s4 --100G 1000ns-- s5
              s5 --100G 1000ns-- s1
              """)
          .switchLatency(ns(0))
          .buffer(kib(512));

  private static PacketEngine circle(Pfc pfc) {
    RoceV2 transport = RoceV2.lossless(CongestionControl.none()).pausing(pfc).timeout(8);
    var engine = new PacketEngine(CIRCLE, transport, Ecmp.fiveTuple(), 1);
    for (int host = 0; host < 5; host++) {
      engine.send(engine.connect(host, (host + 2) % 5), 4_000_000, 0);
    }
    engine.keepDrops(100_000);
    engine.run();
    return engine;
  }

  /** Each link carries two flows, and each buffer fills with what waits for the next link. */
  @Test
  void switchesThatWaitForEachOtherInACircleAreNamed() {
    var engine = circle(Pfc.dynamic());
    List<String> deadlock = engine.deadlock();
    assertEquals(5, deadlock.size(), deadlock.toString());
    for (int i = 0; i < 5; i++) {
      String[] ends = deadlock.get(i).split(">", 2);
      assertTrue(deadlock.get((i + 1) % 5).startsWith(ends[1] + ">"), deadlock.toString());
    }
    assertTrue(engine.stuck().get(0).startsWith("deadlock: "), engine.stuck().get(0));
    assertTrue(engine.gaveUp() > 0);
  }

  /** Dropping what a port has held for too long breaks the circle; senders repeat it. */
  @Test
  void theWatchdogBreaksADeadlock() {
    var engine = circle(Pfc.dynamic().watchdog(us(200)));
    assertEquals(List.of(), engine.deadlock());
    assertEquals(List.of(), engine.stuck());
    long dropped = engine.allPorts().stream().mapToLong(PortCounters::watchdogDrops).sum();
    assertTrue(dropped > 0, "no drops");
    assertEquals(dropped, engine.drops().size());
    assertTrue(engine.drops().stream().allMatch(d -> d.reason() == Reason.PAUSED_TOO_LONG));
  }

  /** Eight senders at s fill one receiver at t; a ninth writes to another receiver there. */
  private static double victimGbps(Transport transport) {
    var fabric =
        Sketch.of(
                """
                abcdefghi --100G 1000ns-- s
                jk --100G 1000ns-- t
                s --400G 1000ns-- t
                """)
            .switchLatency(ns(0))
            .buffer(mib(2));
    var engine = new PacketEngine(fabric, transport, Ecmp.fiveTuple(), 1);
    for (int sender = 0; sender < 8; sender++) {
      engine.send(engine.connect(sender, 9), 4_000_000, 0);
    }
    int victim = engine.send(engine.connect(8, 10), 4_000_000, 0);
    engine.run();
    return 4_000_000 * 8e3 / engine.deliveredPs(victim);
  }

  /**
   * A pause stops a port whatever waits behind it: the victim gets what the paused link lets
   * through, a ninth of what the slow receiver takes, although its own receiver is idle. Congestion
   * control keeps the link from being paused (Zhu et al., SIGCOMM 2015, figure 3).
   */
  @Test
  void pauseFramesMakeVictimsOfFlowsThatAreNotToBlame() {
    double paused = victimGbps(RoceV2.lossless(CongestionControl.none()));
    double controlled = victimGbps(RoceV2.lossless(Hpcc.defaults()));
    assertTrue(paused < 30, paused + " Gb/s under pauses alone");
    assertTrue(controlled > 75, controlled + " Gb/s under HPCC");
  }

  private static final int STORM_VICTIM = 10_000_000;

  /** Four senders write to j, and f to its neighbour k, all over one cable from s to t. */
  private static PacketEngine storm(Pfc pfc, Fault fault) {
    var fabric =
        Sketch.of(
                """
                abcdf --100G 1000ns-- s
                jk --100G 1000ns-- t
                s --400G 1000ns-- t
                """)
            .switchLatency(ns(0))
            .buffer(mib(2));
    RoceV2 transport = RoceV2.lossless(CongestionControl.none()).pausing(pfc).timeout(8);
    var engine = new PacketEngine(fabric, transport, Ecmp.fiveTuple(), 1);
    engine.during(FaultPlan.of(fabric, List.of(fault), Failover.DEFAULT));
    for (int sender = 0; sender < 4; sender++) {
      engine.send(engine.connect(sender, 5), 1_000_000, 0);
    }
    engine.send(engine.connect(4, 6), STORM_VICTIM, 0);
    engine.run();
    return engine;
  }

  private static double stormVictimGbps(PacketEngine engine) {
    assertTrue(engine.deliveredPs(4) != PacketEngine.NOT_YET, engine.stuck().toString());
    return STORM_VICTIM * 8e3 / engine.deliveredPs(4);
  }

  private static PortCounters port(PacketEngine engine, String name) {
    return engine.allPorts().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
  }

  /** Guo et al., SIGCOMM 2016, section 4.4. */
  @Test
  void aSlowReceiverPausesItsSwitchAndSlowsFlowsToOthers() {
    var healthy = storm(Pfc.dynamic(), Fault.slowHost(4, 0.99));
    var slow = storm(Pfc.dynamic(), Fault.slowHost(5, 0.1));
    assertEquals(List.of(), slow.stuck());
    assertEquals(0, port(healthy, "t>j").pausesReceived());
    assertEquals(port(slow, "j>t").pausesSent(), port(slow, "t>j").pausesReceived());
    assertTrue(port(slow, "t>j").pausedPs() > 0.8 * slow.deliveredPs(3));
    assertTrue(port(slow, "s>t").pausedPs() > 10 * port(healthy, "s>t").pausedPs());
    assertTrue(stormVictimGbps(healthy) > 70, stormVictimGbps(healthy) + " Gb/s");
    assertTrue(stormVictimGbps(slow) < 35, stormVictimGbps(slow) + " Gb/s");
    long last = LongStream.range(0, 4).map(m -> slow.deliveredPs((int) m)).max().orElseThrow();
    double rate = 4_000_000 * 8e3 / last; // of j, Gb/s
    assertEquals(10, rate, 0.5);
  }

  /** Guo et al., section 4.3: one NIC stops everybody behind its switch. */
  @Test
  void aNicThatPausesForEverBringsDownFlowsToOthers() {
    var engine = storm(Pfc.dynamic(), Fault.pauseStorm(5).at(us(20)));
    assertEquals(PacketEngine.NOT_YET, engine.deliveredPs(4));
    assertTrue(
        engine.stuck().get(0).startsWith("pause storm: t>j is paused since 20 us"),
        engine.stuck().get(0));
    assertEquals(6, engine.stuck().size());
  }

  @Test
  void theWatchdogKeepsAPauseStormFromOthers() {
    var engine = storm(Pfc.dynamic().watchdog(us(100)), Fault.pauseStorm(5).at(us(20)));
    assertTrue(stormVictimGbps(engine) > 60, stormVictimGbps(engine) + " Gb/s");
    assertTrue(port(engine, "t>j").watchdogDrops() > 0);
    assertEquals(5, engine.stuck().size());
  }

  @Test
  void theNetworkRecoversWhenAPauseStormEnds() {
    var engine = storm(Pfc.dynamic(), Fault.pauseStorm(5).at(us(20)).until(us(300)));
    assertEquals(List.of(), engine.stuck());
    assertEquals((double) us(280).ps(), (double) port(engine, "t>j").pausedPs(), 1e6);
    assertTrue(stormVictimGbps(engine) < 80, stormVictimGbps(engine) + " Gb/s");
  }

  @Test
  void withoutPfcThereIsNoPauseStorm() {
    var transport = RoceV2.lossy(Dcqcn.defaults());
    var engine = new PacketEngine(CIRCLE, transport, Ecmp.fiveTuple(), 1);
    var plan = FaultPlan.of(CIRCLE, List.of(Fault.pauseStorm(0)), Failover.DEFAULT);
    String refusal =
        assertThrows(IllegalArgumentException.class, () -> engine.during(plan)).getMessage();
    assertTrue(refusal.contains("only under PFC"), refusal);
  }

  private static PacketEngine incast(RoceV2 transport) {
    var star = Sketch.of("abcdefghi --100G 1000ns-- s").switchLatency(ns(0)).buffer(mib(4));
    var engine = new PacketEngine(star, transport.timeout(8), Ecmp.fiveTuple(), 1);
    for (int s = 1; s < 9; s++) {
      engine.send(engine.connect(s, 0), 4_000_000, 0);
    }
    engine.run();
    assertEquals(List.of(), engine.stuck());
    return engine;
  }

  /** Without marks nobody slows down: most of what senders send is dropped and sent again. */
  @Test
  void anIncastCollapsesWithoutMarksOnALossyNetwork() {
    double blind = sentAgain(incast(RoceV2.lossy(CongestionControl.none())));
    double marked = sentAgain(incast(RoceV2.lossy(Dcqcn.defaults())));
    assertTrue(blind > 1, blind + " retransmissions a packet without marks");
    assertTrue(marked < 0.2 * blind, marked + " with marks, " + blind + " without");
  }

  /** Retransmissions for each packet. */
  private static double sentAgain(PacketEngine engine) {
    double again = 0;
    for (int qp = 0; qp < engine.queuePairs(); qp++) {
      again += engine.counters(qp).retransmittedPackets();
    }
    return again / (8 * 977);
  }
}
