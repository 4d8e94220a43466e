package weft.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.gbps;
import static weft.units.Units.ns;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weft.cluster.Placement;
import weft.units.Time;

class LeafSpineTest {

  /**
   * NVIDIA's DGX SuperPOD B200 reference architecture, component counts table: radix 64, nodes,
   * GPUs, leaves, spines, node-to-leaf and leaf-to-spine cables of 2, 4 and 8 scalable units.
   */
  @ParameterizedTest
  @CsvSource({"64,512,16,8,512,512", "128,1024,32,16,1024,1024", "256,2048,64,32,2048,2048"})
  void countsAreThoseOfTheSuperPod(
      int servers, int gpus, int leaves, int spines, int down, int up) {
    Fabric fabric = Fabric.leafSpine().servers(servers, DGX_H100).leafRadix(64).build();
    assertEquals(gpus, fabric.gpus());
    assertEquals(leaves, fabric.switches(1));
    assertEquals(spines, fabric.switches(2));
    assertEquals(down, cables(fabric, 0));
    assertEquals(up, cables(fabric, 2));
  }

  /** Cables outside servers with an end in this tier; GPUs are in tier 0. */
  private static long cables(Fabric fabric, int tier) {
    return fabric.links().stream()
        .filter(l -> !fabric.isScaleUp(l))
        .filter(
            l ->
                fabric.nodes().get(l.a()).tier() == tier
                    || fabric.nodes().get(l.b()).tier() == tier)
        .count();
  }

  /** Two tiers of radix k hold k^2/2 hosts, no more. */
  @Test
  void aRadixThatIsTooSmallIsRefused() {
    assertEquals(2048, Fabric.leafSpine().servers(256, DGX_H100).build().gpus());
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> Fabric.leafSpine().servers(257, DGX_H100).build());
    assertTrue(refusal.getMessage().contains("a spine has 64 ports"), refusal.getMessage());
  }

  @Test
  void gpusThatDoNotFitTheLeavesAreRefusedWithTheArithmetic() {
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> Fabric.leafSpine().servers(128, DGX_H100).leafRadix(64).leaves(8).build());
    assertEquals(
        "1024 GPUs need 1024 leaf ports facing down, but 8 leaves of radix 64 offer 256:"
            + " raise leafRadix or leaves",
        refusal.getMessage());
  }

  @Test
  void anOversubscribedLeafHasFewerPortsUp() {
    Fabric fabric =
        Fabric.leafSpine().servers(48, DGX_H100).leafRadix(64).oversubscription(3).build();
    assertEquals(384, cables(fabric, 0));
    assertEquals(128, cables(fabric, 2));
    assertEquals("3 : 1", value(fabric, "oversubscription"));
    assertEquals("25.6 Tb/s", value(fabric, "bisection bandwidth per direction"));
  }

  /** Non-blocking: half the hosts times their rate, per direction. */
  @Test
  void aNonBlockingFabricHasFullBisection() {
    Fabric fabric = Fabric.leafSpine().servers(128, DGX_H100).build();
    assertEquals("204.8 Tb/s", value(fabric, "bisection bandwidth per direction"));
    assertEquals("1,024 at 400 Gb/s", value(fabric, "cables leaf to spine"));
  }

  private static String value(Fabric fabric, String fact) {
    var table = fabric.table();
    return table.where(table.stringColumn("quantity").isEqualTo(fact)).stringColumn("value").get(0);
  }

  @Test
  void buildersAreValues() {
    LeafSpine base = Fabric.leafSpine().servers(2, DGX_H100).leafRadix(16);
    base.nic(gbps(100)).spines(8);
    assertEquals(gbps(400), base.build().links().get(base.build().links().size() - 1).rate());
    assertEquals(base.build().toString(), base.build().toString());
  }

  @Test
  void aGpuWithoutAPathIsNamed() {
    var nodes = List.of(Node.gpu("a"), Node.gpu("b"), Node.gpu("c"));
    var refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> Fabric.of("broken", nodes, List.of(new Link(0, 1, gbps(100), ns(10)))));
    assertTrue(refusal.getMessage().startsWith("a has no path to c"), refusal.getMessage());
  }

  @Test
  void aRateThatIsNotPositiveIsRefused() {
    var refusal = assertThrows(IllegalArgumentException.class, () -> gbps(-400));
    assertTrue(refusal.getMessage().contains("a rate must be above 0"), refusal.getMessage());
  }

  @Test
  void thePictureIsWellFormed() throws Exception {
    Fabric fabric = Fabric.leafSpine().servers(128, DGX_H100).build();
    double[] load = new double[fabric.links().size()];
    for (var picture : List.of(fabric.picture(), fabric.picture(load))) {
      var document =
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(new ByteArrayInputStream(picture.svg().getBytes(StandardCharsets.UTF_8)));
      assertEquals("svg", document.getDocumentElement().getTagName());
    }
  }

  @Test
  void aJobsRanksAreListedWithTheWayToTheNext() {
    Fabric fabric = Fabric.leafSpine().servers(4, DGX_H100).leafRadix(32).build();
    var table = fabric.ranks(4, Placement.on(0, 1, 8, 16));
    assertEquals(
        List.of("NVLink", "leaf0 alone", "leaf, spine, leaf", "leaf, spine, leaf"),
        table.stringColumn("way to the next rank").asList());
    assertEquals("server2", table.stringColumn("server").get(3));
    assertEquals("leaf1", table.stringColumn("leaf").get(3));
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  @Test
  void aFabricTooLargeToBuildIsRefused() {
    assertEquals(
        "a fabric joins at most 1,048,576 GPUs, but 536,870,912 servers of 8 have 4,294,967,296:"
            + " lower the servers",
        refusal(() -> Fabric.leafSpine().servers(536_870_912, DGX_H100)));
    assertEquals(
        "a leaf has from 2 ports, one down and one up, to 65536, but leafRadix was 2147483647:"
            + " write for example 64",
        refusal(() -> Fabric.leafSpine().leafRadix(Integer.MAX_VALUE)));
    assertEquals(
        "oversubscription is ports down over ports up, a number above 0, but was Infinity: 1 is"
            + " non-blocking",
        refusal(() -> Fabric.leafSpine().oversubscription(Double.POSITIVE_INFINITY)));
    var wide = Fabric.leafSpine().servers(2, DGX_H100).leaves(Integer.MAX_VALUE);
    assertTrue(refusal(wide::build).startsWith("2147483647 leaves put "));
  }

  @Test
  void whatIsMissingIsNamedAtTheCall() {
    assertEquals(
        "cable must be given, but was null: write for example ns(100)",
        refusal(() -> Fabric.leafSpine().cable(null)));
    assertEquals(
        "the kind of servers must be given, but was null: write for example servers(8, DGX_H100)",
        refusal(() -> Fabric.leafSpine().servers(8, null)));
    assertEquals(
        "a link's rate must be given, but was null: write for example gbps(400)",
        refusal(() -> new Link(0, 1, null, Time.ZERO)));
  }
}
