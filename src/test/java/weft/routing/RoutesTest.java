package weft.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;

import java.util.HashSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import weft.cluster.Server;
import weft.fabric.Fabric;
import weft.fabric.Node;
import weft.sim.RandomStreams;

class RoutesTest {
  private final Fabric fabric =
      Fabric.leafSpine().servers(4, Server.DGX_H100).leafRadix(16).spines(8).nic(gbps(100)).build();
  private final Routes routes = Routes.of(fabric);

  @Test
  void gpusOfOneServerMeetAtTheirNvSwitchOnly() {
    int set = routes.towards(0, 7);
    assertEquals(1, routes.count(set));
    int middle = routes.endOf(routes.port(set, 0));
    assertEquals(Node.Role.NVSWITCH, fabric.nodes().get(middle).role());
    assertEquals(1, routes.paths(0, 7));
  }

  /** Radix 16, 1:1: a leaf has eight GPUs and eight uplinks. */
  @Test
  void betweenLeavesThereIsAPathOverEveryUplink() {
    assertEquals(8, routes.paths(0, 8));
    assertEquals(8, routes.paths(0, 31));
  }

  @Test
  void otherTrafficLeavesByTheNic() {
    int first = routes.endOf(routes.port(routes.towards(0, 8), 0));
    assertEquals(1, fabric.nodes().get(first).tier());
  }

  @Test
  void pathsAreShortestAndPassNoGpu() {
    for (int source = 0; source < fabric.gpus(); source++) {
      for (int destination = 0; destination < fabric.gpus(); destination++) {
        if (source != destination) {
          int hops = 0;
          int node = source;
          while (node != destination) {
            node = routes.endOf(routes.port(routes.towards(node, destination), 0));
            hops++;
            assertTrue(node == destination || fabric.nodes().get(node).role().forwards());
          }
          assertEquals(source / 8 == destination / 8 ? 2 : 4, hops);
        }
      }
    }
  }

  @Test
  void aFlowKeepsItsPortAndEachSwitchHashesOnItsOwn() {
    var first = new HashSet<Integer>();
    boolean differ = false;
    for (int qp = 0; qp < 100; qp++) {
      int udp = FiveTuple.sourcePort(qp);
      assertTrue(udp >= 0xC000 && udp <= 0xFFFF);
      int port = FiveTuple.hash(0, 3, 4, udp, 8);
      assertEquals(port, FiveTuple.hash(0, 3, 4, udp, 8));
      first.add(port);
      differ |= port != FiveTuple.hash(1, 3, 4, udp, 8);
    }
    assertEquals(8, first.size());
    assertTrue(differ);
  }

  /** loadbalancing.csv, ECMP.8.8: eight flows use 0.656391 of eight links, by enumeration. */
  @Test
  void eightFlowsCollideOnEightLinksAsBallsInBins() {
    int seeds = 2000;
    double[] share = new double[seeds];
    for (int seed = 0; seed < seeds; seed++) {
      long hashSeed = new RandomStreams(seed).named("ecmp").nextLong();
      share[seed] =
          IntStream.range(0, 8)
                  .map(f -> FiveTuple.hash(hashSeed, f, 8 + f, FiveTuple.sourcePort(f), 8))
                  .distinct()
                  .count()
              / 8.0;
    }
    double mean = IntStream.range(0, seeds).mapToDouble(i -> share[i]).average().orElseThrow();
    double variance =
        IntStream.range(0, seeds).mapToDouble(i -> share[i] - mean).map(d -> d * d).sum()
            / (seeds - 1);
    assertEquals(0.656391, mean, 3 * Math.sqrt(variance / seeds));
  }
}
