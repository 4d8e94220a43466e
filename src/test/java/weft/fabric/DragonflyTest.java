package weft.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;

import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DragonflyTest {

  /**
   * Kim et al., ISCA 2008, section 3: balanced, a = 2p = 2h, routers of k = 4h - 1 ports, g = a h +
   * 1 groups, N = a p g; h = 2 gives 72 nodes with routers of 7 ports.
   */
  @ParameterizedTest
  @CsvSource({"1,6,3", "2,72,7", "3,342,11", "4,1056,15"})
  void balancedCountsFollowFromH(int h, int nodes, int ports) {
    Fabric fabric = Fabric.dragonfly().balanced(h).build();
    assertEquals(nodes, fabric.gpus());
    assertEquals(2 * h * (2 * h * h + 1), fabric.switches(1));
    for (int n = 0; n < fabric.nodes().size(); n++) {
      boolean gpu = fabric.nodes().get(n).role() == Node.Role.GPU;
      assertEquals(gpu ? 1 : ports, fabric.linksAt(n).size());
    }
  }

  @Test
  void everyTwoGroupsAreLinkedEquallyOften() {
    for (int g = 2; g <= 9; g++) {
      Fabric fabric = Fabric.dragonfly().p(1).a(4).h(2).groups(g).build();
      var groups = (Arrangement.Groups) fabric.arrangement();
      var between = new HashMap<List<Integer>, Integer>();
      for (Link link : fabric.links()) {
        int a = groups.groupOf(link.a());
        int b = groups.groupOf(link.b());
        if (a != b && a >= 0 && b >= 0) {
          between.merge(List.of(Math.min(a, b), Math.max(a, b)), 1, Integer::sum);
        }
      }
      assertEquals(g * (g - 1) / 2, between.size());
      int each = 8 / (g - 1);
      assertTrue(between.values().stream().allMatch(n -> n == each), between.toString());
    }
  }

  @Test
  void serversFillTheRouters() {
    Fabric fabric = Fabric.dragonfly().balanced(4).servers(DGX_H100).build();
    assertEquals(1056, fabric.gpus());
    assertEquals(132, fabric.count(Node.Role.NVSWITCH));
  }

  @Test
  void tooManyGroupsAreRefusedWithTheArithmetic() {
    assertEquals(
        "a group of a = 4 routers with h = 2 global links each reaches 8 other groups, so there are"
            + " at most 9, but groups(10) was asked for: lower the groups or raise the links",
        refusal(() -> Fabric.dragonfly().balanced(2).groups(10).build()));
    assertEquals(
        "a dragonfly of a = 4, p = 2 and g = 9 groups holds a p g = 72 GPUs, but 73 servers of 1"
            + " have 73: build a larger one or lower the servers",
        refusal(() -> Fabric.dragonfly().balanced(2).hosts(73).build()));
  }

  /** Shpiner et al. 2017: radix k has (k/2)² + 1 groups of k/2 leaves and spines. */
  @ParameterizedTest
  @CsvSource({"4,20,5", "8,272,17"})
  void dragonflyPlusCountsFollowFromTheRadix(int radix, int hosts, int groups) {
    Fabric fabric = Fabric.dragonflyPlus().radix(radix).build();
    assertEquals(hosts, fabric.gpus());
    assertEquals(groups, ((Arrangement.Groups) fabric.arrangement()).groups());
    for (int n = 0; n < fabric.nodes().size(); n++) {
      boolean gpu = fabric.nodes().get(n).role() == Node.Role.GPU;
      assertEquals(gpu ? 1 : radix, fabric.linksAt(n).size());
    }
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
