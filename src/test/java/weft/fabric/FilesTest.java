package weft.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.kib;
import static weft.units.Units.mib;
import static weft.units.Units.ns;
import static weft.units.Units.us;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Fabrics from files of other tools, and back. */
class FilesTest {
  @TempDir Path folder;

  private Fabric read(String name, String text) throws IOException {
    return Fabric.read(Files.writeString(folder.resolve(name), text));
  }

  private static String topo(int nodes, int podSize, String... tiers) {
    var text =
        new StringBuilder(
            "# a comment\nNodes %d\nTiers %d\nPodsize %d\n"
                .formatted(nodes, tiers.length, podSize));
    for (int t = 0; t < tiers.length; t++) {
      text.append("\nTier ")
          .append(t)
          .append('\n')
          .append(tiers[t].replace(", ", "\n"))
          .append('\n');
    }
    return text.toString();
  }

  private static String links(Fabric fabric) {
    Set<String> links = new HashSet<>();
    fabric.links().forEach(l -> links.add(l.a() + "-" + l.b()));
    return links.stream().sorted().toList().toString();
  }

  /** csg-htsim's fat_tree_1024.topo, which its authors say equals the default of k = 16. */
  @Test
  void htsimsFatTreeIsOurs() throws IOException {
    String switching = "Downlink_speed_Gbps 100, Downlink_Latency_ns 1000, Switch_Latency_ns 0, ";
    Fabric fabric =
        read(
            "fat_tree_1024.topo",
            topo(
                1024,
                64,
                switching + "Oversubscribed 1, Radix_Down 8, Radix_Up 8",
                switching + "Oversubscribed 1, Radix_Down 8, Radix_Up 8, Bundle 1",
                switching + "Radix_Down 16, Bundle 1"));
    Fabric ours = Fabric.fatTree().k(16).nic(gbps(100)).cable(us(1)).build();
    assertEquals(links(ours), links(fabric));
    assertEquals(ns(0), fabric.latencyOf(fabric.named("core3")));
  }

  /** csg-htsim's leaf_spine_tiny.topo. */
  @Test
  void htsimsLeafSpineIsOversubscribed() throws IOException {
    Fabric fabric =
        read(
            "leaf_spine_tiny.topo",
            topo(
                32,
                32,
                "Downlink_speed_Gbps 100, Radix_Down 8, Radix_Up 2, Downlink_Latency_ns 1000, Oversubscribed 4",
                "Downlink_speed_Gbps 100, Radix_Down 4, Downlink_Latency_ns 1000"));
    assertEquals(32, fabric.gpus());
    assertEquals(4, fabric.switches(1));
    assertEquals(2, fabric.switches(2));
  }

  /** csg-htsim's zrs.topo: bundles of three between aggregation switches and cores. */
  @Test
  void htsimsBundlesAreParallelCables() throws IOException {
    String tier = "Downlink_speed_Gbps 100, Radix_Down 6, Radix_Up 6, Downlink_Latency_ns 1000";
    Fabric fabric =
        read(
            "zrs.topo",
            topo(
                432,
                36,
                tier,
                tier,
                "Downlink_speed_Gbps 100, Radix_Down 36, Downlink_Latency_ns 600000, Bundle 3"));
    assertEquals(12, fabric.switches(3));
    for (int n = 0; n < fabric.nodes().size(); n++) {
      if (fabric.nodes().get(n).isSwitch(3)) {
        int core = n;
        assertEquals(36, fabric.linksAt(n).size());
        assertEquals(
            12,
            fabric.linksAt(n).stream()
                .map(l -> fabric.links().get(l).other(core))
                .distinct()
                .count());
      }
    }
  }

  private static final String TOR =
      "Downlink_speed_Gbps 100, Radix_Down 8, Radix_Up 2, Downlink_Latency_ns 1000, ";
  private static final String SPINE =
      "Downlink_speed_Gbps 100, Radix_Down 4, Downlink_Latency_ns 1000, ";

  /** As htsim, whose queue sizes are bytes: one for the ports down of a tier, one for those up. */
  @Test
  void htsimsQueuesAreLimitsOfCables() throws IOException {
    Fabric fabric =
        read(
            "queues.topo",
            topo(32, 32, TOR + "Queue_Down 90000, Queue_Up 60000", SPINE + "Queue_Down 60000"));
    for (Link link : fabric.links()) {
      double expected = link.a() < fabric.gpus() ? 90_000 : 60_000;
      assertEquals(Optional.of(QueueLength.of(bytes(expected))), link.limits().queueMost());
    }
  }

  @Test
  void queuesThatNoCableCanHaveAreRefused() {
    assertEquals(
        "the queues at both ends of a cable are equally long, but queue_up of tier 0 is 1002 B and"
            + " queue_down of tier 1 is 2001 B: give both the same",
        refusal("x.topo", topo(32, 32, TOR + "Queue_Up 1002", SPINE + "Queue_Down 2001")));
    assertEquals(
        "the queues at both ends of a cable are equally long, but queue_up of tier 0 is not given"
            + " and queue_down of tier 1 is 2001 B: give both the same",
        refusal("x.topo", topo(32, 32, TOR + "Queue_Down 1001", SPINE + "Queue_Down 2001")));
    assertEquals(
        "tier 1 is the top one, so no queue leads up from it, but queue_up was 2000: leave it out",
        refusal("x.topo", topo(32, 32, TOR + "Queue_Up 2000", SPINE + "Queue_Up 2000")));
  }

  @Test
  void mistakesInATopologyFileAreNamedByLine() {
    assertEquals(
        "line 4 of the topology file, \"Podsise 32\": the header has nodes, podsize, tiers: correct"
            + " the name",
        refusal("x.topo", "# tiny\nNodes 32\nTiers 2\nPodsise 32"));
    assertEquals(
        "the topology file lacks radix_up of tier 0: add a line of it, above 0",
        refusal(
            "x.topo",
            topo(
                32,
                32,
                "Downlink_speed_Gbps 100, Radix_Down 8, Downlink_Latency_ns 1000",
                "Downlink_speed_Gbps 100, Radix_Down 4, Downlink_Latency_ns 1000")));
  }

  static Stream<Fabric> written() {
    return Stream.of(
        Fabric.leafSpine().servers(2, DGX_H100).leafRadix(8).build().buffer("leaf0", mib(1)),
        Fabric.fatTree().k(4).bufferCell(bytes(256)).cutThrough().build(),
        Fabric.railOnly().servers(2, DGX_H100).build(),
        Fabric.drawn("a, b --100G 1us mark 100KiB-400KiB pause 50p-48p queue 200p-- s --- c"));
  }

  @ParameterizedTest
  @MethodSource("written")
  void graphMlComesBackAsItWas(Fabric fabric) throws IOException {
    Fabric back = read("fabric.graphml", fabric.graphMl());
    assertEquals(fabric.links(), back.links());
    assertEquals(fabric.forwarding(), back.forwarding());
    assertEquals(fabric.bufferCell(), back.bufferCell());
    for (int n = 0; n < fabric.nodes().size(); n++) {
      Node node = fabric.nodes().get(n);
      Node other = back.nodes().get(n);
      assertEquals(
          List.of(node.name(), node.role(), node.tier(), node.server()),
          List.of(other.name(), other.role(), other.tier(), other.server()));
      if (node.role().forwards()) {
        assertEquals(fabric.bufferOf(n), back.bufferOf(n));
        assertEquals(fabric.latencyOf(n), back.latencyOf(n));
      }
    }
  }

  /** As the Internet Topology Zoo names keys and speeds. */
  @Test
  void graphMlOfOthersIsUnderstood() throws IOException {
    Fabric fabric =
        read(
            "zoo.graphml",
            """
            <?xml version="1.0" encoding="utf-8"?>
            <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
              <key attr.name="LinkSpeedRaw" attr.type="double" for="edge" id="d35" />
              <graph edgedefault="undirected">
                <node id="0"><data key="d33">Berlin</data></node>
                <node id="1" />
                <node id="2" />
                <edge source="0" target="1"><data key="d35">10000000000.0</data></edge>
                <edge source="1" target="2" />
              </graph>
            </graphml>
            """);
    assertEquals(2, fabric.gpus());
    assertEquals(gbps(10), fabric.links().get(0).rate());
    assertEquals(gbps(400), fabric.links().get(1).rate());
  }

  @Test
  void mistakesInGraphMlAreNamedByLine() {
    assertTrue(
        refusal("x.graphml", "<graphml><graph>\n<node id='a'")
            .startsWith("line 2 of the GraphML file is not XML"));
    assertTrue(
        refusal("x.graphml", "<graphml><graph>\n<edge source='a'/></graph></graphml>")
            .endsWith("the element edge needs target: add it"));
  }

  private String refusal(String name, String text) {
    return assertThrows(IllegalArgumentException.class, () -> read(name, text)).getMessage();
  }

  @Test
  void aDrawingMayBeAFile() throws IOException {
    Fabric fabric = read("rack.txt", "a, b --100G 1us queue 64KiB-- s");
    assertEquals(
        kib(64).bytes(), fabric.links().get(0).limits().queueMost().orElseThrow().amount());
    assertEquals("rack.txt", fabric.name());
  }
}
