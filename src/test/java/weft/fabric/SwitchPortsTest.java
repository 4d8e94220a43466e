package weft.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static weft.cluster.Server.DGX_H100;
import static weft.cluster.Server.GB200_NVL72;
import static weft.cluster.SwitchModel.QM9700;
import static weft.cluster.SwitchModel.SN5600;
import static weft.units.Units.gbps;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What switches of a kind have ports for, and what is refused. */
class SwitchPortsTest {
  @Test
  void splitPortsDoubleTheRadix() {
    Fabric fabric = Fabric.leafSpine().servers(1024, DGX_H100).switches(SN5600.breakout(2)).build();
    assertEquals(8192, fabric.gpus()); // k = 128: k²/2, LS.hosts
    assertEquals(128, fabric.switches(1));
    assertEquals(64, fabric.switches(2));
  }

  @Test
  void aSwitchWithTooFewPortsIsRefused() {
    assertEquals(
        "edge0 has 80 cables, but its kind (QM9700, 64 x 400 Gb/s) has 64 ports: take a switch with"
            + " more, split its ports, or use fewer cables",
        refusal(() -> Fabric.fatTree().k(80).hosts(4000).switches(QM9700).build()));
  }

  @Test
  void aCableFasterThanThePortsIsRefused() {
    assertEquals(
        "leaf0 has a cable of 800 Gb/s, but a port of its kind (QM9700, 64 x 400 Gb/s) has 400 Gb/s:"
            + " lower the rate, split ports less or take a faster switch",
        refusal(() -> Fabric.leafSpine().hosts(8).nic(gbps(800)).switches(QM9700).build()));
  }

  @Test
  void podsWithoutPortsForTheirCoresAreRefused() {
    assertEquals(
        "40 leaves put 40 cables on each of 32 spines, but a spine has 32 ports that face leaves:"
            + " raise leafRadix or spines, use fewer GPUs, or join more pods",
        refusal(() -> Fabric.leafSpine().hosts(2560).leafRadix(64).pods(2).spines(32).build()));
  }

  @Test
  void railsNeedServersOfSeveralGpus() {
    assertEquals(
        "a rail is GPU r of every server, but a host has 1: give servers of several GPUs, or use"
            + " leafSpine()",
        refusal(() -> Fabric.railOptimized().hosts(8).build()));
  }

  /** hardware.csv: PCIe 5 x16 carries 63 GB/s, 504 Gb/s, less than a NIC of 800 Gb/s. */
  @Test
  void pcieLimitsANic() {
    Fabric fabric = Fabric.leafSpine().servers(2, DGX_H100).nic(gbps(800)).throughPcie().build();
    int nic = fabric.named("nic3");
    assertEquals(Node.Role.NIC, fabric.nodes().get(nic).role());
    assertEquals(gbps(504), fabric.links().get(fabric.linksAt(nic).get(0)).rate());
    assertEquals(gbps(800), fabric.links().get(fabric.linksAt(nic).get(1)).rate());
  }

  @Test
  void anNvl72IsOneDomain() {
    Fabric fabric = Fabric.leafSpine().servers(4, GB200_NVL72).leafRadix(64).build();
    assertEquals(288, fabric.gpus());
    assertEquals(4, fabric.count(Node.Role.NVSWITCH));
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
