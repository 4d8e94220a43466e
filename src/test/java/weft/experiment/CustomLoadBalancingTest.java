package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.mb;

import org.junit.jupiter.api.Test;
import weft.fabric.Fabric;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.routing.Spray;

/** Load balancing as a reader writes it in a cell. */
class CustomLoadBalancingTest {
  private final Experiment permutation =
      Experiment.on(Fabric.leafSpine().servers(4, DGX_H100).leafRadix(16).build())
          .run(Traffic.permutation(32, mb(1), 3));

  /** One line's rate is there for everybody; only the 5-tuple's collisions keep it away. */
  @Test
  void theShortestQueueForEachPacketIsAsFastAsSprayingAndFarFasterThanTheFiveTuple() {
    LoadBalancing shortest =
        here ->
            (packet, n) -> {
              int best = 0;
              for (int i = 1; i < n; i++) {
                if (here.queueBytes(i) < here.queueBytes(best)) {
                  best = i;
                }
              }
              return best;
            };
    Comparison runs = permutation.compare(Ecmp.fiveTuple(), Spray.perPacket(), shortest);
    double hashed = runs.runs().get(0).completion().micros();
    double random = runs.runs().get(1).completion().micros();
    double adaptive = runs.runs().get(2).completion().micros();
    assertEquals(random, adaptive, 0.1 * random);
    assertTrue(2 * adaptive < hashed, adaptive + " us and " + hashed + " us");
  }

  @Test
  void anAnswerThatIsNoCandidateIsRefused() {
    Experiment broken = permutation.balancing(here -> (packet, n) -> n);
    String message = assertThrows(IllegalStateException.class, broken::run).getMessage();
    assertEquals(
        "a port selector answers from 0 to 7 when it has 8 candidates, but answered 8: see"
            + " PortSelector.choose",
        message);
  }
}
