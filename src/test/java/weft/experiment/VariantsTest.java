package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Placement.packed;
import static weft.cluster.Placement.scattered;
import static weft.cluster.Server.HOST;
import static weft.experiment.Fidelity.flows;
import static weft.units.Units.mib;

import java.util.List;
import org.junit.jupiter.api.Test;
import weft.cluster.Placement;
import weft.collective.AllReduce;
import weft.fabric.Fabric;

/** One experiment with different collectives, and with ranks in different places. */
class VariantsTest {
  private static final Experiment RING =
      Experiment.on(Fabric.leafSpine().servers(16, HOST).leafRadix(8).oversubscription(3).build())
          .run(AllReduce.ring().of(mib(1)))
          .at(flows());

  @Test
  void collectivesAreComparedByTheirNames() {
    Comparison runs =
        RING.compare(AllReduce.ring().of(mib(1)), AllReduce.halvingDoubling().of(mib(1)));
    assertEquals("collective", runs.what());
    assertEquals(
        List.of("ring AllReduce of 1 MiB", "halving-doubling AllReduce of 1 MiB"),
        runs.table().stringColumn("collective").asList());
    assertEquals("Comparison of 16 ranks", runs.table().name());
    assertEquals(RING.run().completion(), runs.runs().get(0).completion());
    assertTrue(runs.runs().get(1).toString().startsWith("16 ranks with halving-doubling"));
    assertEquals(
        "halving-doubling AllReduce of 1 MiB on 16 ranks",
        runs.runs().get(1).provenance().facts().get("workload"));
  }

  /** Where cables to spines are few, a ring that stays under its leaf as long as it can wins. */
  @Test
  void placementsAreComparedByTheirNames() {
    Placement across = (ranks, gpus) -> Placement.scattered(7).gpus(ranks, gpus);
    Comparison runs = RING.compare(packed(), scattered(7), across, across.named("mine"));
    assertEquals(
        List.of("packed", "scattered, seed 7", "unnamed placement", "mine"),
        runs.table().stringColumn("placement").asList());
    assertEquals(runs.runs().get(1).completion(), runs.runs().get(3).completion());
    assertTrue(2 * runs.runs().get(0).completion().ps() < runs.runs().get(1).completion().ps());
  }
}
