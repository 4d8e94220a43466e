package weft.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.mb;
import static weft.units.Units.ns;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import weft.cluster.Accelerator;
import weft.cluster.Server;
import weft.fabric.Fabric;
import weft.fabric.Link;
import weft.fabric.Node;

/** Paths placed before a run by who knows what will be sent. */
class PlannedPathsTest {
  private static final Server ONE_GPU = new Server("1 GPU", 1, Accelerator.H100, gbps(100));

  private final Fabric fabric =
      Fabric.leafSpine().servers(64, ONE_GPU).leafRadix(16).spines(8).nic(gbps(100)).build();

  /** The demands of a random permutation. */
  private static List<Demand> permutation(int gpus, int phase, Random random) {
    var to = new ArrayList<>(IntStream.range(0, gpus).boxed().toList());
    Collections.shuffle(to, random);
    return IntStream.range(0, gpus)
        .filter(from -> from != to.get(from))
        .mapToObj(from -> new Demand(from, to.get(from), mb(1), phase))
        .toList();
  }

  /** Most demands of a phase at any port, walked hop by hop as the engine does. */
  static int most(Fabric fabric, LoadBalancing planned, List<Demand> demands, int phase) {
    var walk = new PathWalk(fabric, planned, 1);
    int[] load = new int[2 * fabric.links().size()];
    for (Demand d : demands) {
      if (d.phase() == phase) {
        for (int port : walk.path(0, d.source(), d.destination())) {
          load[port]++;
        }
      }
    }
    return IntStream.of(load).max().orElseThrow();
  }

  /** By König's theorem eight spines carry any permutation of eight GPUs a leaf. */
  @Test
  void aCollectivesPermutationHasNoCollision() {
    for (int seed = 0; seed < 50; seed++) {
      List<Demand> demands = permutation(64, 0, new Random(seed));
      LoadBalancing planned = ClusterBalancing.ofCollective().planned(fabric, demands);
      assertEquals(1, most(fabric, planned, demands, 0), "seed " + seed);
      assertTrue(most(fabric, Ecmp.fiveTuple(), demands, 0) > 1, "seed " + seed);
    }
  }

  /** As in recursive doubling, where each step has other partners, at the same paths' cost. */
  @Test
  void everyStepOfACollectiveIsPlacedOnItsOwn() {
    var demands = new ArrayList<Demand>();
    for (int step = 0; step < 6; step++) {
      for (int rank = 0; rank < 64; rank++) {
        demands.add(new Demand(rank, rank ^ 1 << step, mb(1), step));
      }
    }
    LoadBalancing planned = ClusterBalancing.ofCollective().planned(fabric, demands);
    for (int step = 0; step < 6; step++) {
      assertEquals(1, most(fabric, planned, demands, step), "step " + step);
    }
  }

  /** Two large flows and four small ones over two spines: each spine gets one large, two small. */
  @Test
  void aControllerSpreadsTheLargestFirst() {
    var nodes = new ArrayList<Node>();
    var links = new ArrayList<Link>();
    for (int gpu = 0; gpu < 12; gpu++) {
      nodes.add(Node.gpu("gpu" + gpu));
      links.add(new Link(gpu, 12 + gpu / 6, gbps(100), ns(100)));
    }
    nodes.addAll(
        List.of(Node.leaf("leaf0"), Node.leaf("leaf1"), Node.spine("s0"), Node.spine("s1")));
    for (int leaf = 12; leaf < 14; leaf++) {
      links.add(new Link(leaf, 14, gbps(100), ns(100)));
      links.add(new Link(leaf, 15, gbps(100), ns(100)));
    }
    Fabric two = Fabric.of("two spines", nodes, links);
    var demands = new ArrayList<Demand>();
    for (int gpu = 0; gpu < 6; gpu++) {
      demands.add(new Demand(gpu, 6 + gpu, mb(gpu < 4 ? 1 : 10), gpu));
    }
    var walk = new PathWalk(two, StaticPaths.largestFirst().planned(two, demands), 1);
    long[] bytes = new long[2 * two.links().size()];
    for (Demand d : demands) {
      for (int port : walk.path(0, d.source(), d.destination())) {
        bytes[port] += d.size().bytes();
      }
    }
    int[] uplinks = walk.ports(1, 2);
    long[] used = IntStream.of(uplinks).mapToLong(p -> bytes[p]).filter(b -> b > 0).toArray();
    assertEquals(List.of(12_000_000L, 12_000_000L), List.of(used[0], used[1]));
    assertEquals(2, used.length);
  }

  /** Of two cables from a spine to a leaf one is missing: by it, half of what another carries. */
  @Test
  void capacityBehindAPortIsSeenAtTheSwitchBefore() {
    var nodes =
        List.of(
            Node.gpu("a"),
            Node.leaf("left"),
            Node.spine("s0"),
            Node.spine("s1"),
            Node.leaf("right"),
            Node.gpu("b"));
    var links = new ArrayList<Link>();
    links.add(new Link(0, 1, gbps(400), ns(100)));
    links.add(new Link(1, 2, gbps(200), ns(100)));
    links.add(new Link(1, 3, gbps(200), ns(100)));
    links.add(new Link(2, 4, gbps(100), ns(100)));
    links.add(new Link(3, 4, gbps(100), ns(100)));
    links.add(new Link(3, 4, gbps(100), ns(100)));
    links.add(new Link(4, 5, gbps(400), ns(100)));
    Fabric uneven = Fabric.of("uneven", nodes, links);
    var walk = new PathWalk(uneven, Weighted.byCapacity(), 1);
    int left = 0;
    for (int flow = 0; flow < 3000; flow++) {
      left += walk.path(flow, 0, 1)[1] == 2 ? 1 : 0;
    }
    assertEquals(1000, left, 5 * Math.sqrt(3000 * 2.0 / 9));
  }
}
