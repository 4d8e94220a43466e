package weft.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_B200;
import static weft.cluster.Server.DGX_H100;
import static weft.cluster.Server.HGX_H100;
import static weft.units.Units.gbps;
import static weft.units.Units.ns;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weft.cluster.Accelerator;
import weft.cluster.Server;
import weft.cluster.SwitchModel;

/** Fabrics that others have built or counted. */
class PublishedFabricsTest {

  private static String value(Fabric fabric, String fact) {
    var table = fabric.table();
    return table.where(table.stringColumn("quantity").isEqualTo(fact)).stringColumn("value").get(0);
  }

  private static long cables(Fabric fabric, int tier) {
    return fabric.links().stream()
        .filter(l -> !fabric.isScaleUp(l))
        .filter(l -> fabric.nodes().get(l.b()).tier() == tier)
        .count();
  }

  /**
   * NVIDIA DGX SuperPOD B200 reference architecture, component counts: QM9700, 32 nodes and 8 rails
   * a scalable unit: nodes, GPUs, leaves, spines, node-leaf and leaf-spine cables.
   */
  @ParameterizedTest
  @CsvSource({"64,512,16,8,512,512", "128,1024,32,16,1024,1024", "256,2048,64,32,2048,2048"})
  void theSuperPodIsRailOptimised(int nodes, int gpus, int leaves, int spines, int down, int up) {
    Fabric fabric =
        Fabric.railOptimized().servers(nodes, DGX_B200).switches(SwitchModel.QM9700).build();
    assertEquals(gpus, fabric.gpus());
    assertEquals(leaves, fabric.switches(1));
    assertEquals(spines, fabric.switches(2));
    assertEquals(0, fabric.switches(3));
    assertEquals(down, cables(fabric, 1));
    assertEquals(up, cables(fabric, 2));
  }

  /**
   * topology.csv OPTICS: a transceiver at each end, a twin-port 800G one counts once for two 400G
   * ports. QM9700: 747 W; 2xSR4: 15 W; SR4: 9 W (hardware.csv).
   */
  @Test
  void theSuperPodsOpticsAreCounted() {
    Fabric fabric =
        Fabric.railOptimized().servers(128, DGX_B200).switches(SwitchModel.QM9700).build();
    assertEquals(1024 + 2048 / 2 + 1024 / 2, fabric.bill().transceivers());
    assertEquals(48 * 747 + 1024 * 9 + 1536 * 15, fabric.bill().watts());
    assertEquals(0, fabric.bill().activeCablesUpTo(30).transceivers());
    Fabric plain = Fabric.railOptimized().servers(128, DGX_B200).build();
    assertEquals(2 * 2048, plain.bill().transceivers());
  }

  /** H100 SuperPOD reference architecture, table 7: 127 nodes in 4 units, one is given up. */
  @Test
  void theH100SuperPodLeavesRoomForOneNode() {
    Fabric fabric = Fabric.railOptimized().servers(127, DGX_H100).build();
    assertEquals(1016, fabric.gpus());
    assertEquals(32, fabric.switches(1));
    assertEquals(16, fabric.switches(2));
  }

  /** In a unit, GPU r of each of its 32 nodes is on the leaf of rail r. */
  @Test
  void aRailsGpusShareALeaf() {
    Fabric fabric = Fabric.railOptimized().servers(64, DGX_H100).build();
    for (int gpu = 0; gpu < fabric.gpus(); gpu++) {
      int expected = fabric.named("leaf" + (gpu / 8 / 32 * 8 + gpu % 8));
      long cables =
          fabric.linksAt(fabric.node(gpu)).stream()
              .map(l -> fabric.links().get(l))
              .filter(l -> l.b() == expected)
              .count();
      assertEquals(1, cables);
    }
  }

  /**
   * Meta's 24k H100 cluster (Llama 3 Herd 2024; glennklockwood.com): 16 GPUs a rack, 192 racks a
   * pod of 3,072, racks with twice the ports up, 1:7 above the pod, three layers.
   */
  @Test
  void metasClusterIsEightPods() {
    Fabric fabric =
        Fabric.leafSpine()
            .servers(3072, HGX_H100)
            .pods(8)
            .leafPorts(16, 32)
            .spineRadix(256)
            .podOversubscription(7)
            .build();
    assertEquals(24_576, fabric.gpus());
    assertEquals(8 * 192, fabric.switches(1));
    assertEquals("0.5 : 1", value(fabric, "oversubscription"));
    assertTrue(value(fabric, "oversubscription above spines").startsWith("7"));
    assertEquals("5", value(fabric, "switches on the longest path"));
  }

  /**
   * Alibaba HPN (Qian et al., SIGCOMM 2024): a pod of 15 segments of 1,024 GPUs, dual plane, ToRs
   * with 128 x 200G down and 60 x 400G up.
   */
  @Test
  void hpnsPodIsDualPlaneAndRailOptimised() {
    Fabric fabric =
        Fabric.railOptimized()
            .planes(2)
            .servers(15 * 128, HGX_H100)
            .leafPorts(128, 60)
            .uplink(gbps(400))
            .spineRadix(128)
            .spines(60)
            .build();
    assertEquals(15_360, fabric.gpus());
    assertEquals(15 * 8 * 2, fabric.switches(1));
    assertEquals(2 * 60, fabric.switches(2));
    assertEquals(2 * 15_360, cables(fabric, 1));
    assertEquals(gbps(200), fabric.links().get(fabric.linksAt(0).get(1)).rate());
    assertEquals("1.07 : 1", value(fabric, "oversubscription"));
  }

  /**
   * Wang et al., arXiv 2307.12169: rail-only costs 38 to 77 % less than a rail-optimised fat-tree.
   * Their clusters have 32,768 GPUs in domains of 256; switches of 64 ports give the least saving,
   * of 128 ports the most. What a network costs lies between its switches and its transceivers, so
   * the published figures must lie between the savings of the two.
   */
  @ParameterizedTest
  @CsvSource({"64,38", "128,77"})
  void railOnlySavesWhatIsPublished(int radix, double published) {
    var domain = new Server("domain of 256", 256, Accelerator.H100, gbps(400));
    Fabric only = Fabric.railOnly().servers(128, domain).leafRadix(radix).build();
    int gpus = only.gpus();
    double tree = 5.0 * gpus / radix; // FT.hosts and FT.switches: (5k²/4) / (k³/4)
    double switches = 100 * (1 - only.count(Node.Role.SWITCH) / tree);
    double cables = 100 * (1 - (cables(only, 1) + cables(only, 2)) / (3.0 * gpus));
    assertTrue(
        Math.min(switches, cables) <= published && published <= Math.max(switches, cables),
        "switches %.1f %%, transceivers %.1f %%".formatted(switches, cables));
  }

  /** topology.csv HOPS: 1, 3 or 5 switches. */
  @Test
  void pathsPassOneThreeOrFiveSwitches() {
    String longest = "switches on the longest path";
    assertEquals("1", value(Fabric.singleSwitch().hosts(8).build(), longest));
    assertEquals("3", value(Fabric.leafSpine().servers(16, DGX_H100).build(), longest));
    assertEquals("5", value(Fabric.fatTree().k(4).build(), longest));
    assertEquals("4", value(Fabric.dragonfly().balanced(2).build(), longest));
  }

  /** topology.csv LS.hosts: k²/2 hosts on k leaves and k/2 spines. */
  @ParameterizedTest
  @CsvSource({"8", "16", "64"})
  void twoTiersHoldHalfOfTheSquare(int k) {
    Fabric fabric = Fabric.leafSpine().hosts(k * k / 2).leafRadix(k).build();
    assertEquals(k, fabric.switches(1));
    assertEquals(k / 2, fabric.switches(2));
  }

  /** MULTIPLANE in hardware.csv: with ports split so that switches have radix k, k²/2 endpoints. */
  @Test
  void moreWaysToSplitAPortReachMoreGpusInTwoTiers() {
    var split = SwitchModel.of(8, gbps(800)).breakout(4); // 32 ports of 200 Gb/s
    Fabric fabric = Fabric.multiPlane(4).hosts(32 * 32 / 2).nic(gbps(800)).switches(split).build();
    assertEquals(512, fabric.gpus());
    assertEquals(4 * 32, fabric.switches(1));
    assertEquals(4 * 16, fabric.switches(2));
  }

  /** topology.csv FT.paths: (k/2)² equal paths between pods. */
  @ParameterizedTest
  @CsvSource({"4,4", "8,16"})
  void aFatTreesPathsAreTheSquareOfHalfItsRadix(int k, String paths) {
    assertEquals(paths, value(Fabric.fatTree().k(k).build(), "shortest paths between its ends"));
  }

  /** topology.csv TORUS: 2 N / d_max links cut; 16³ has 512. Σ floor(d/2) hops. */
  @Test
  void aTorusIsCutAcrossItsLargestDimension() {
    String bisection = "bisection bandwidth per direction";
    Fabric large = Fabric.torus().sizes(16, 16, 16).nic(gbps(100)).build();
    assertEquals("51.2 Tb/s", value(large, bisection));
    assertEquals("25", value(large, "switches on the longest path"));
    Fabric middle = Fabric.torus().sizes(4, 6).gpusPerSwitch(4).nic(gbps(100)).build();
    assertEquals("800 Gb/s", value(middle, bisection)); // 2 x 24 / 6 links
    Fabric small = Fabric.torus().sizes(2, 4).gpusPerSwitch(4).nic(gbps(100)).build();
    assertEquals("400 Gb/s", value(small, bisection)); // 2 x 8 / 4 links
    assertEquals("minimum cut", value(small, "bisection found by"));
  }

  /** topology.csv LS.bisection: N/2 x B, divided by the oversubscription. */
  @Test
  void theMinimumCutIsTheFormulas() {
    String bisection = "bisection bandwidth per direction";
    assertEquals("800 Gb/s", value(Fabric.fatTree().k(4).nic(gbps(100)).build(), bisection));
    assertEquals(
        "800 Gb/s",
        value(
            Fabric.leafSpine().hosts(48).nic(gbps(100)).leafPorts(12, 4).leafRadix(16).build(),
            bisection));
    Fabric pair = Fabric.railOnly().servers(2, DGX_H100).cable(ns(10)).build();
    assertEquals("3.2 Tb/s", value(pair, bisection));
  }
}
