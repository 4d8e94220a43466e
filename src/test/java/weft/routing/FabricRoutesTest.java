package weft.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weft.fabric.Arrangement;
import weft.fabric.Fabric;
import weft.fabric.Link;

/** Routes over every kind of fabric, against a slow search and what is published of them. */
class FabricRoutesTest {

  static Stream<Fabric> shortestPathFabrics() {
    return Stream.of(
        Fabric.leafSpine().servers(4, DGX_H100).leafRadix(16).build(),
        Fabric.fatTree().k(4).build(),
        Fabric.fatTree().k(8).servers(DGX_H100).build(),
        Fabric.torus().sizes(4, 5).anyShortest().build(),
        Fabric.torus().sizes(3, 4, 2).gpusPerSwitch(2).anyShortest().build(),
        Fabric.torus().sizes(3, 4).mesh().anyShortest().build(),
        Fabric.torus().sizes(4, 4).build(),
        Fabric.torus().sizes(5, 3, 4).build(),
        Fabric.singleSwitch().servers(2, DGX_H100).build(),
        Fabric.railOptimized().servers(4, DGX_H100).leafRadix(8).build(),
        Fabric.dualPlane().servers(2, DGX_H100).leafRadix(8).build(),
        Fabric.leafSpine().hosts(32).leafRadix(8).pods(2).podOversubscription(3).build(),
        Fabric.leafSpine().servers(2, DGX_H100).throughPcie().build());
  }

  @ParameterizedTest
  @MethodSource("shortestPathFabrics")
  void everyWayIsAShortestPath(Fabric fabric) {
    Routes routes = Routes.of(fabric);
    for (int gpu = 0; gpu < fabric.gpus(); gpu += 1 + fabric.gpus() / 40) {
      int[] distance = distances(fabric, fabric.node(gpu));
      for (int node = 0; node < fabric.nodes().size(); node++) {
        if (node == fabric.node(gpu) || distance[node] == Integer.MAX_VALUE) {
          continue;
        }
        int set = routes.towards(node, gpu);
        assertTrue(routes.count(set) > 0, fabric.nodes().get(node).name());
        for (int i = 0; i < routes.count(set); i++) {
          assertEquals(distance[node] - 1, distance[routes.endOf(routes.port(set, i))]);
          assertEquals(distance[node], routes.hops(routes.port(set, i), gpu));
        }
      }
    }
  }

  /** Leaves with the same links left are twins, others not: all shortest ways and no others. */
  @Test
  void aroundBrokenLinksEveryShortestWayIsThere() {
    for (int seed = 1; seed <= 60; seed++) {
      var random = new Well19937c(seed);
      Fabric fabric =
          switch (seed % 3) {
            case 0 -> Fabric.fatTree().k(4).build();
            case 1 -> Fabric.leafSpine().hosts(32).leafRadix(8).pods(2).build();
            default -> Fabric.leafSpine().hosts(24).leafRadix(12).build();
          };
      var avoided = new BitSet();
      for (int broken = random.nextInt(8); broken > 0; broken--) {
        avoided.set(random.nextInt(fabric.links().size()));
      }
      Routes routes = Routes.around(fabric, avoided);
      for (int gpu = 0; gpu < fabric.gpus(); gpu++) {
        int[] distance = distances(fabric, fabric.node(gpu), avoided);
        for (int node = 0; node < fabric.nodes().size(); node++) {
          if (node != fabric.node(gpu) && distance[node] != Integer.MAX_VALUE) {
            assertEquals(
                ahead(fabric, node, fabric.node(gpu), distance, avoided),
                ports(routes, routes.towards(node, gpu)),
                "seed %d, %s to GPU %d".formatted(seed, fabric.nodes().get(node).name(), gpu));
          }
        }
      }
    }
  }

  private static Set<Integer> ports(Routes routes, int set) {
    return IntStream.range(0, routes.count(set))
        .mapToObj(i -> routes.port(set, i))
        .collect(Collectors.toSet());
  }

  private static Set<Integer> ahead(
      Fabric fabric, int node, int to, int[] distance, BitSet avoided) {
    var ports = new HashSet<Integer>();
    for (int l : fabric.linksAt(node)) {
      Link link = fabric.links().get(l);
      int next = link.a() == node ? link.b() : link.a();
      boolean leads = next == to || fabric.nodes().get(next).role().forwards();
      boolean allowed = leads && !avoided.get(l) && distance[next] == distance[node] - 1;
      if (allowed) {
        ports.add(link.a() == node ? 2 * l : 2 * l + 1);
      }
    }
    return ports;
  }

  /** Links to a node, inside a server over NVLink and elsewhere not; GPUs do not forward. */
  private static int[] distances(Fabric fabric, int to) {
    return distances(fabric, to, new BitSet());
  }

  private static int[] distances(Fabric fabric, int to, BitSet avoided) {
    int[] distance = new int[fabric.nodes().size()];
    Arrays.fill(distance, Integer.MAX_VALUE);
    distance[to] = 0;
    int server = fabric.nodes().get(to).server();
    var queue = new ArrayDeque<>(List.of(to));
    while (!queue.isEmpty()) {
      int node = queue.remove();
      if (node != to && !fabric.nodes().get(node).role().forwards()) {
        continue;
      }
      for (int l : fabric.linksAt(node)) {
        Link link = fabric.links().get(l);
        int next = link.a() == node ? link.b() : link.a();
        boolean allowed = !fabric.isScaleUp(link) || fabric.nodes().get(next).server() == server;
        if (allowed && !avoided.get(l) && distance[next] == Integer.MAX_VALUE) {
          distance[next] = distance[node] + 1;
          queue.add(next);
        }
      }
    }
    return distance;
  }

  /** Kim et al., ISCA 2008: local, global, local, at most three router hops, one of them global. */
  @Test
  void minimalPathsOfADragonflyTakeOneGlobalLink() {
    for (int h = 1; h <= 3; h++) {
      Fabric fabric = Fabric.dragonfly().balanced(h).build();
      for (int destination = h; destination < fabric.gpus(); destination += h) {
        for (List<Integer> groups : walks(fabric, Routes.of(fabric), 0, destination)) {
          assertTrue(groups.size() <= 4, groups.toString());
          assertEquals(groups.stream().distinct().count() - 1, changes(groups), groups.toString());
          assertTrue(changes(groups) <= 1, groups.toString());
        }
      }
    }
  }

  /** Shpiner et al. 2017: leaf, spine, spine, leaf. */
  @Test
  void minimalPathsOfADragonflyPlusTakeOneGlobalLink() {
    Fabric fabric = Fabric.dragonflyPlus().radix(4).build();
    for (int destination = 4; destination < fabric.gpus(); destination++) {
      for (List<Integer> groups : walks(fabric, Routes.of(fabric), 0, destination)) {
        assertEquals(4, groups.size());
        assertEquals(1, changes(groups), groups.toString());
      }
    }
  }

  /** The groups of the routers that each path passes. */
  private static List<List<Integer>> walks(Fabric fabric, Routes routes, int source, int gpu) {
    var groups = (Arrangement.Groups) fabric.arrangement();
    var found = new ArrayList<List<Integer>>();
    follow(fabric, routes, groups, fabric.node(source), gpu, new ArrayList<>(), found);
    return found;
  }

  private static void follow(
      Fabric fabric,
      Routes routes,
      Arrangement.Groups groups,
      int node,
      int gpu,
      List<Integer> passed,
      List<List<Integer>> found) {
    if (node == fabric.node(gpu)) {
      found.add(List.copyOf(passed));
      return;
    }
    boolean router = groups.groupOf(node) >= 0;
    if (router) {
      passed.add(groups.groupOf(node));
    }
    int set = routes.towards(node, gpu);
    for (int i = 0; i < routes.count(set); i++) {
      follow(fabric, routes, groups, routes.endOf(routes.port(set, i)), gpu, passed, found);
    }
    if (router) {
      passed.remove(passed.size() - 1);
    }
  }

  private static long changes(List<Integer> groups) {
    long changes = 0;
    for (int i = 1; i < groups.size(); i++) {
      changes += groups.get(i).equals(groups.get(i - 1)) ? 0 : 1;
    }
    return changes;
  }

  /** One further group at most, so two global links; no way leads back. */
  @Test
  void detoursOfADragonflyEndAfterTwoGlobalLinks() {
    for (Fabric fabric :
        List.of(
            Fabric.dragonfly().balanced(2).build(),
            Fabric.dragonfly().p(1).a(3).h(2).groups(5).build(),
            Fabric.dragonflyPlus().radix(4).build())) {
      Routes routes = Routes.of(fabric);
      var groups = (Arrangement.Groups) fabric.arrangement();
      int detours = 0;
      for (int source = 0; source < fabric.gpus(); source += 5) {
        for (int gpu = 0; gpu < fabric.gpus(); gpu++) {
          if (gpu != source) {
            detours +=
                wander(fabric, routes, groups, source, gpu, fabric.node(source), new ArrayList<>());
          }
        }
      }
      assertTrue(detours > 0);
    }
  }

  /** How many paths over a further group there are. */
  private static int wander(
      Fabric fabric,
      Routes routes,
      Arrangement.Groups groups,
      int source,
      int gpu,
      int node,
      List<Integer> passed) {
    if (node == fabric.node(gpu)) {
      assertTrue(changes(passed) <= 2 && passed.size() <= 8, passed.toString());
      return changes(passed) == 2 ? 1 : 0;
    }
    passed.add(groups.groupOf(node));
    int set = routes.towards(node, source, gpu);
    assertTrue(routes.count(set) > 0);
    int found = 0;
    for (int i = 0; i < routes.count(set); i++) {
      int next = routes.endOf(routes.port(set, i));
      List<Integer> way = new ArrayList<>(passed);
      way.removeIf(g -> g == Arrangement.Groups.NONE);
      found += wander(fabric, routes, groups, source, gpu, next, way);
    }
    passed.remove(passed.size() - 1);
    return found;
  }

  @Test
  void dimensionOrderLeavesOnePath() {
    Fabric fabric = Fabric.torus().sizes(4, 4, 4).build();
    Routes routes = Routes.of(fabric);
    for (int gpu = 1; gpu < 64; gpu++) {
      assertEquals(1, routes.paths(0, gpu));
    }
  }

  /** Steps of a shortest path in any order, twice where both ways around are alike. */
  @Test
  void anyShortestPathsAreCountedAsSequencesOfSteps() {
    Routes routes = Routes.of(Fabric.torus().sizes(8, 8).anyShortest().build());
    assertEquals(6, routes.paths(0, 2 * 8 + 2)); // (2 + 2)! / (2! 2!)
    assertEquals(35, routes.paths(0, 3 * 8 + 4) / 2); // 7! / (3! 4!), on both sides
  }

  /** Al-Fares et al., SIGCOMM 2008: (k/2)² paths between pods, k/2 within. */
  @Test
  void aFatTreeHasAPathForEveryCore() {
    Routes routes = Routes.of(Fabric.fatTree().k(8).build());
    assertEquals(16, routes.paths(0, 127));
    assertEquals(4, routes.paths(0, 15));
    assertEquals(1, routes.paths(0, 3));
  }

  /** Over the own server's GPU of the destination's rail: NVSwitch, NIC, rail switch, NIC, GPU. */
  @Test
  void railOnlyReachesOtherRailsOverNvlink() {
    Fabric fabric = Fabric.railOnly().servers(3, DGX_H100).build();
    Routes routes = Routes.of(fabric);
    assertEquals(
        List.of("nvswitch0", "nic1", "leaf0-rail1", "nic9", "gpu9"), way(routes, fabric, 9));
    assertEquals(List.of("nic0", "leaf0-rail0", "nic8", "gpu8"), way(routes, fabric, 8));
    assertEquals(List.of("nvswitch0", "gpu3"), way(routes, fabric, 3));
    assertEquals(1, routes.paths(0, 9));
  }

  private static List<String> way(Routes routes, Fabric fabric, int gpu) {
    var names = new ArrayList<String>();
    for (int node = fabric.node(0); node != fabric.node(gpu); ) {
      node = routes.endOf(routes.port(routes.towards(node, gpu), 0));
      names.add(fabric.nodes().get(node).name());
    }
    return names;
  }

  @Test
  void everyPlaneIsAWayFromTheGpuOn() {
    Fabric fabric = Fabric.dualPlane().hosts(16).leafRadix(8).spines(4).build();
    Routes routes = Routes.of(fabric);
    assertEquals(2, routes.count(routes.towards(fabric.node(0), 15)));
    assertEquals(2 * 4, routes.paths(0, 15)); // four spines a plane
    assertEquals(2, routes.paths(0, 1));
  }

  /** Rail-optimised: same rail one switch, other rails three. */
  @Test
  void aRailIsOneSwitchAway() {
    Fabric fabric = Fabric.railOptimized().servers(8, DGX_H100).leafRadix(16).build();
    Routes routes = Routes.of(fabric);
    assertEquals(2, way(routes, fabric, 8).size());
    assertEquals(4, way(routes, fabric, 9).size());
  }

  @Test
  void podsAreJoinedByEveryCore() {
    Fabric fabric = Fabric.leafSpine().hosts(64).leafRadix(8).pods(4).cores(16).build();
    assertEquals(16, fabric.switches(1));
    Routes routes = Routes.of(fabric);
    assertEquals(16, routes.paths(0, 63));
    assertEquals(4, routes.paths(0, 15));
  }
}
