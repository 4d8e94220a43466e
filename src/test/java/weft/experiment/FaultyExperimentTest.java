package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.mb;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.util.List;
import org.junit.jupiter.api.Test;
import weft.cluster.Server;
import weft.collective.AllReduce;
import weft.fabric.Fabric;
import weft.fault.Fault;
import weft.routing.Ecmp;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.Pfc;
import weft.transport.RoceV2;

/** Experiments in which something breaks. */
class FaultyExperimentTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine()
          .servers(16, new Server("one", 1, Server.DGX_H100.accelerator(), Server.DGX_H100.nic()))
          .leafRadix(8)
          .build();
  private static final Experiment PERMUTATION =
      Experiment.on(FABRIC)
          .run(Traffic.permutation(16, mb(2), 1))
          .over(RoceV2.lossless(Dcqcn.defaults()).timeout(6))
          .balancing(Ecmp.fiveTuple())
          .convergingIn(us(5), us(10));

  @Test
  void aRunTellsWhichFaultsItWentThrough() {
    Run healthy = PERMUTATION.run();
    Run run = PERMUTATION.during(Fault.switchDies("spine0").at(us(20))).run();
    assertTrue(run.completion().ps() > healthy.completion().ps());
    assertEquals("spine0 dies from 20 us", run.provenance().facts().get("faults"));
    assertEquals("spine0 dies from 20 us", run.table().column("faults").get(0));
    assertFalse(healthy.table().columnNames().contains("faults"));
    assertFalse(healthy.provenance().facts().containsKey("faults"));
    assertEquals(
        "[lost what it sent, was noticed by the port's own node, was avoided by all routes]",
        run.faults().stringColumn("what happened").asList().toString());
    assertEquals("[20.0, 25.0, 35.0]", run.faults().doubleColumn(0).asList().toString());
    assertEquals(0, healthy.faults().rowCount());
  }

  /** A ring waits for its slowest rank. */
  @Test
  void aSlowHostSlowsTheWholeRing() {
    Experiment ring = Experiment.on(FABRIC).run(AllReduce.ring().of(mb(8)));
    double healthy = ring.run().completion().micros();
    double slow = ring.during(Fault.slowHost(3, 0.25)).run().completion().micros();
    assertTrue(slow > 3 * healthy && slow < 4.5 * healthy, slow + " us, healthy " + healthy);
  }

  @Test
  void aRunThatCannotFinishSaysWhatIsStuckAndWhy() {
    Experiment dead = PERMUTATION.during(Fault.nicStops(2).at(us(3)));
    String message = assertThrows(IllegalStateException.class, dead::run).getMessage();
    assertTrue(message.contains("2 of 16 messages have not arrived"), message);
    assertTrue(message.contains("(the NIC of GPU 2 stops)"), message);
    assertTrue(message.contains("link down at cable of gpu2>leaf0"), message);
    assertEquals(5, message.lines().count(), message);
  }

  @Test
  void whatHappenedIsKeptWhereARunCannotFinish() {
    Run run = PERMUTATION.during(Fault.nicStops(2).at(us(3))).attempt();
    assertEquals(2, run.unfinished().size(), run.toString());
    assertTrue(run.unfinished().get(0).contains("(IBV_WC_RETRY_EXC_ERR)"), run.toString());
    assertEquals(2, run.flows().doubleColumn("received (us)").countMissing());
    assertEquals(14, run.flows().doubleColumn("rate (Gb/s)").removeMissing().size());
    assertEquals(1, run.diagnosis().findings().size(), run.diagnosis().toString());
    assertTrue(run.drops().count() > 0);
    assertThrows(IllegalStateException.class, run::completion);
    assertEquals(List.of(), PERMUTATION.attempt().unfinished());
  }

  /** Behind a NIC that pauses for ever others wait too; a watchdog frees all but its own. */
  @Test
  void aComparisonKeepsRunsThatCannotFinish() {
    RoceV2 lossless = RoceV2.lossless(CongestionControl.none()).timeout(6);
    Fabric small = FABRIC.buffer(mib(2));
    var table =
        Experiment.on(small)
            .run(Traffic.incast(small, 12, mb(1)).and(new Flow(13, 1, mb(1), us(0))))
            .during(Fault.pauseStorm(0))
            .compare(lossless, lossless.pausing(Pfc.dynamic().watchdog(us(20))))
            .table();
    assertEquals("[13, 12]", table.longColumn("not arrived").asList().toString());
    assertEquals(2, table.doubleColumn("completion (us)").countMissing());
  }

  @Test
  void aFaultIsRefusedBeforeAnythingRuns() {
    Fault unknown = Fault.linkDown("leaf0", "spine9");
    assertThrows(IllegalArgumentException.class, () -> PERMUTATION.during(unknown));
  }
}
