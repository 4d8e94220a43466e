package weft.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.mib;
import static weft.units.Units.ns;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FatTreeTest {

  /** Al-Fares et al., SIGCOMM 2008: k³/4 hosts, 5k²/4 switches of which (k/2)² are cores. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 16})
  void countsFollowFromK(int k) {
    Fabric fabric = Fabric.fatTree().k(k).build();
    assertEquals(k * k * k / 4, fabric.gpus());
    assertEquals(k * k / 2, fabric.switches(1));
    assertEquals(k * k / 2, fabric.switches(2));
    assertEquals(k * k / 4, fabric.switches(3));
    assertEquals(5 * k * k / 4, fabric.count(Node.Role.SWITCH));
    assertEquals(k * k * k / 4 + k * k * k / 2, fabric.links().size());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void everySwitchUsesAllOfItsPorts(int k) {
    Fabric fabric = Fabric.fatTree().k(k).build();
    for (int n = 0; n < fabric.nodes().size(); n++) {
      boolean gpu = fabric.nodes().get(n).role() == Node.Role.GPU;
      assertEquals(gpu ? 1 : k, fabric.linksAt(n).size(), fabric.nodes().get(n).name());
    }
  }

  @Test
  void serversFillTheEdges() {
    Fabric fabric = Fabric.fatTree().k(16).servers(DGX_H100).build();
    assertEquals(1024, fabric.gpus());
    assertEquals(128, fabric.count(Node.Role.NVSWITCH));
    assertEquals(64, Fabric.fatTree().k(16).servers(8, DGX_H100).build().gpus());
  }

  @Test
  void whatDoesNotFitIsRefusedWithTheArithmetic() {
    assertEquals(
        "a fat-tree of k = 16 holds k³/4 = 1,024 GPUs, but 129 servers of 8 have 1,032: build"
            + " a larger one or lower the servers",
        refusal(() -> Fabric.fatTree().k(16).servers(129, DGX_H100).build()));
    assertEquals(
        "a fat-tree's k is an even number from 2 to 160, because half of a switch's ports face up,"
            + " but was 7: write for example 16 for 1,024 GPUs",
        refusal(() -> Fabric.fatTree().k(7)));
    assertEquals(
        "a fat-tree needs the number of ports of its switches: call k(16) before build()",
        refusal(() -> Fabric.fatTree().build()));
  }

  @Test
  void aSwitchMayHaveABufferAndALatencyOfItsOwn() {
    Fabric fabric =
        Fabric.fatTree().k(4).build().buffer("core1", mib(16)).switchLatency("core1", ns(300));
    int core = fabric.named("core1");
    assertEquals(mib(16), fabric.bufferOf(core));
    assertEquals(ns(300), fabric.latencyOf(core));
    assertEquals(mib(64), fabric.bufferOf(core - 1));
    assertEquals(
        "fat-tree has no node corr1: its nodes are called gpu..., edge..., agg..., core...",
        refusal(() -> fabric.buffer("corr1", mib(16))));
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
