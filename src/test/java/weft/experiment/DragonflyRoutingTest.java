package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.kib;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import weft.fabric.Fabric;
import weft.routing.LoadBalancing;
import weft.routing.Spray;
import weft.routing.Ugal;
import weft.routing.Valiant;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;
import weft.units.Time;

/** Kim, Dally, Scott, Abts, ISCA 2008, section 4: minimal, Valiant and UGAL on a dragonfly. */
class DragonflyRoutingTest {
  private static final Fabric FABRIC = Fabric.dragonfly().balanced(2).nic(gbps(100)).build();

  /** Time of a flow alone, about: 1 MiB at 100 Gb/s. */
  private static final double ALONE_US = 1048576 * 8 / 100e3;

  private static double micros(LoadBalancing balancing, int step) {
    Flow[] flows =
        IntStream.range(0, 72)
            .mapToObj(g -> new Flow(g, (g + step) % 72, kib(1024), Time.ZERO))
            .toArray(Flow[]::new);
    return Experiment.on(FABRIC)
        .run(Traffic.of(flows))
        .over(RoceV2.lossless(CongestionControl.none()).directDataPlacement())
        .balancing(balancing)
        .run()
        .completion()
        .micros();
  }

  /** Every group sends all to the next: a p = 8 GPUs share the one link, 1/(a h) of their rate. */
  @Test
  void againstNeighbouringGroupsMinimalRoutingHasOneLinkAndOthersAllOfThem() {
    double minimal = micros(Spray.perPacket(), 8);
    double valiant = micros(Valiant.perPacket(), 8);
    double adaptive = micros(Ugal.local(), 8);
    assertEquals(8, minimal / ALONE_US, 0.3);
    assertTrue(2 * valiant < minimal, valiant + " us against " + minimal + " us");
    assertTrue(2 * adaptive < minimal, adaptive + " us against " + minimal + " us");
  }

  /** Within a router there is no way around, and none is taken. */
  @Test
  void insideARouterAllAreAlike() {
    Flow[] flows =
        IntStream.range(0, 72)
            .mapToObj(g -> new Flow(g, g ^ 1, kib(1024), Time.ZERO))
            .toArray(Flow[]::new);
    var runs =
        Experiment.on(FABRIC)
            .run(Traffic.of(flows))
            .over(RoceV2.lossless(CongestionControl.none()).directDataPlacement())
            .compare(Spray.perPacket(), Valiant.perPacket(), Ugal.local());
    assertEquals(runs.runs().get(0).completion(), runs.runs().get(1).completion());
    assertEquals(runs.runs().get(0).completion(), runs.runs().get(2).completion());
  }

  @Test
  void aFlowKeepsItsFurtherGroup() {
    var run =
        Experiment.on(FABRIC)
            .run(Traffic.of(new Flow(0, 40, kib(1024), Time.ZERO)))
            .over(RoceV2.lossless(CongestionControl.none()))
            .balancing(Valiant.perFlow())
            .run();
    assertEquals(1, run.completion().micros() / ALONE_US, 0.15); // out of order it would be resent
  }
}
