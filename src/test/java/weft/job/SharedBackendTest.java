package weft.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.kib;
import static weft.units.Units.mb;
import static weft.units.Units.mib;

import java.util.List;
import org.junit.jupiter.api.Test;
import weft.cluster.Server;
import weft.collective.AllReduce;
import weft.experiment.Experiment;
import weft.experiment.Fidelity;
import weft.fabric.Fabric;
import weft.transport.Scheduling;

/** Why storage has a network of its own. */
class SharedBackendTest {
  private static final Fabric PLAIN =
      Fabric.leafSpine().servers(4, Server.DGX_H100).leafPorts(16, 8).buffer(mib(16)).build();
  private static final SharedBackend BACKEND =
      SharedBackend.on(PLAIN.storage(4, gbps(200))).run(AllReduce.ring().of(mb(4)));

  @Test
  void apartFromStorageACollectiveTakesWhatItTakes() {
    for (AllReduce how : List.of(AllReduce.ring(), AllReduce.inNetwork().chunked(kib(64)))) {
      var collective = how.of(mb(4));
      for (Fidelity fidelity : new Fidelity[] {Fidelity.FLOWS, Fidelity.PACKETS}) {
        Experiment alone = Experiment.on(PLAIN).run(collective).at(fidelity);
        double expected = alone.run().completion().micros();
        var table = BACKEND.run(collective).at(fidelity).compare().table();
        double apart = table.doubleColumn("collective (us)").get(0);
        assertEquals(expected, apart, 0.002 * expected, how.toString());
      }
    }
  }

  /**
   * Flows share links fairly, so the collective keeps most of them. Packets fill the storage leaf's
   * buffer faster than DCQCN slows their senders: pauses spread, and the ring stands behind them.
   */
  @Test
  void checkpointsHurtMoreByPausesThanByTheirShare() {
    var flows = BACKEND.at(Fidelity.FLOWS).compare();
    var packets = BACKEND.at(Fidelity.PACKETS).compare();
    double share = flows.timesAsLong("checkpoint writes");
    double pauses = packets.timesAsLong("checkpoint writes");
    assertTrue(share > 1.05 && share < 1.5, flows.table().print());
    assertTrue(pauses > 1.5 * share, packets.table().print());
    assertEquals(0, packets.networkLoad("apart").pauses());
    assertTrue(packets.networkLoad("checkpoint writes").pauses() > 0);
    assertTrue(packets.timesAsLong("data reads") < pauses);
    var reasons = packets.table().stringColumn("because of");
    assertEquals("a network of its own", reasons.get(0));
    assertTrue(reasons.get(1).startsWith("pauses, longest at "), reasons.get(1));
    assertTrue(flows.table().stringColumn("because of").get(1).startsWith("shared links"));
  }

  /**
   * Storage has what the collective leaves, and its pauses stop nobody else. Flows keep room for as
   * many acknowledgements as a full link of storage would have.
   */
  @Test
  void aTrafficClassOfItsOwnIsTheRemedy() {
    var strict = BACKEND.scheduling(Scheduling.strict("training", "storage"));
    for (Fidelity fidelity : new Fidelity[] {Fidelity.FLOWS, Fidelity.PACKETS}) {
      var harm = strict.at(fidelity).compare();
      double most = fidelity == Fidelity.FLOWS ? 1.03 : 1.01;
      assertTrue(harm.timesAsLong("writes and reads") < most, harm.table().print());
      assertEquals(
          "traffic classes, strict: training before storage",
          harm.table().stringColumn("because of").get(1));
    }
    var load = strict.compare().networkLoad("checkpoint writes");
    assertTrue(load.pauses() > 0);
    assertTrue(load.classes().stream().allMatch(c -> c.trafficClass() == 1 || c.pausedPs() == 0));

    var weighted = BACKEND.scheduling(Scheduling.weighted("training", 3).and("storage", 1));
    double share = weighted.at(Fidelity.FLOWS).compare().timesAsLong("writes and reads");
    assertTrue(share > 1.05 && share <= 1.02 * 4 / 3, share + " times as long");
  }

  @Test
  void littleStorageDoesLittleHarm() {
    var little = BACKEND.at(Fidelity.FLOWS).perGpu(mb(0.05)).compare();
    assertTrue(little.timesAsLong("writes and reads") < 1.1, little.table().print());
  }

  @Test
  void theSameBackendGivesTheSameBits() {
    var backend = BACKEND.at(Fidelity.PACKETS).perGpu(mb(1));
    assertEquals(backend.compare().table().print(), backend.compare().table().print());
  }

  @Test
  void whatIsMissingIsTold() {
    var none = assertThrows(IllegalArgumentException.class, () -> SharedBackend.on(PLAIN));
    assertEquals(
        "a shared backend has storage nodes on its leaves, but leaf-spine has none: write fabric.storage(4, gbps(200))",
        none.getMessage());
    var three =
        assertThrows(
            IllegalArgumentException.class,
            () -> BACKEND.scheduling(Scheduling.strict("training", "storage", "rest")));
    assertEquals(
        "a shared backend has a class for the collective and one for storage, but strict: training before storage before rest has 3: write Scheduling.strict(\"training\", \"storage\")",
        three.getMessage());
    var idle = SharedBackend.on(PLAIN.storage(2, gbps(200)));
    assertThrows(IllegalArgumentException.class, idle::compare);
    var analytic = BACKEND.at(Fidelity.ANALYTIC);
    assertThrows(IllegalArgumentException.class, analytic::compare);
    var harm = BACKEND.at(Fidelity.FLOWS).compare();
    assertThrows(IllegalArgumentException.class, () -> harm.timesAsLong("backups"));
  }
}
