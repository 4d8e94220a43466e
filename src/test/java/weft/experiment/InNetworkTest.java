package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.kib;
import static weft.units.Units.mb;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weft.cluster.Server;
import weft.collective.AllReduce;
import weft.fabric.Fabric;
import weft.fault.Fault;
import weft.units.DataSize;

/** Switches that add, where messages are flows or closed forms. */
class InNetworkTest {
  private static final Server ONE = new Server("one", 1, Server.DGX_H100.accelerator(), gbps(400));
  private static final Fabric LEAF_SPINE =
      Fabric.leafSpine().servers(32, ONE).leafPorts(8, 8).spines(8).cable(us(1)).build();

  /** RoCEv2's bytes on the wire for one of data, with those of acknowledgements the other way. */
  private static final double WIRE = (4178 + 84) / 4096.0;

  private static Run run(Fabric fabric, AllReduce what, DataSize size, int ranks, Fidelity at) {
    return Experiment.on(fabric).run(what.of(size)).ranks(ranks).at(at).run();
  }

  /**
   * SHARP: S over the NIC's rate and one chunk for each further tier up and down, latency apart.
   */
  @ParameterizedTest
  @EnumSource(names = {"FLOWS", "ANALYTIC"})
  void throughTwoTiersTheArrayPassesOnceAtLineRate(Fidelity at) {
    double size = 64e6;
    double chunk = 1e6;
    Run run = run(LEAF_SPINE, AllReduce.inNetwork().chunked(mb(1)), mb(64), 32, at);
    double us = (size + 3 * chunk) * WIRE * 8 / 400e3 + 4 * 2;
    assertEquals(us, run.completion().micros(), 0.03 * us);
    double ring = run(LEAF_SPINE, AllReduce.ring(), mb(64), 32, at).completion().micros();
    assertEquals(2.0 * 31 / 32, ring / run.completion().micros(), 0.1);
    assertTrue(
        run.provenance().facts().get("switches that add").endsWith("leaf3 under spine0"),
        run.provenance().toString());
  }

  /** A leaf's uplink carries one sum for its eight hosts. */
  @Test
  void aLeafSendsOneSumUp() {
    Run run = run(LEAF_SPINE, AllReduce.inNetwork().chunked(mb(1)), mb(64), 32, Fidelity.FLOWS);
    var up =
        run.networkLoad().ports().stream()
            .filter(p -> p.name().matches("leaf\\d>spine\\d") && p.bytes() > 30e6)
            .toList();
    assertEquals(4, up.size());
    up.forEach(p -> assertEquals(64e6 * WIRE, (double) p.bytes(), 0.03 * 64e6));
  }

  /** Jeaugey, nccl-tests PR 239: a GPU's link carries S (1 + 1/n), so S passes at n/(n+1). */
  @ParameterizedTest
  @EnumSource(names = {"FLOWS", "ANALYTIC"})
  void throughAnNvswitchTheArrayPassesAtItsPartOfTheRate(Fidelity at) {
    Fabric server = Fabric.leafSpine().servers(2, Server.DGX_H100).leafRadix(32).build();
    for (int ranks : new int[] {2, 4, 8}) {
      Run run = run(server, AllReduce.nvls().chunked(mib(2)), mib(512), ranks, at);
      double gbPerSecond = Server.DGX_H100.accelerator().scaleUp().bitsPerSecond() / 8e9 / WIRE;
      double busbw = 2.0 * (ranks - 1) / (ranks + 1) * gbPerSecond;
      double part = run.busBandwidth() / busbw;
      assertTrue(part > 0.97 && part < 1.03, ranks + " ranks: " + part);
    }
  }

  @Test
  void onARailEveryRankMeetsAtItsLeaf() {
    Fabric rails = Fabric.railOptimized().servers(4, Server.DGX_H100).leafRadix(16).build();
    Run run =
        run(
            rails,
            AllReduce.inNetwork().hierarchical(8).chunked(mib(4)),
            mib(64),
            32,
            Fidelity.FLOWS);
    Run ring =
        run(rails, AllReduce.ring().hierarchical(8).chunked(mib(4)), mib(64), 32, Fidelity.FLOWS);
    assertTrue(run.completion().ps() < ring.completion().ps(), run + " " + ring);
  }

  @Test
  void tablesNameTheSwitches() {
    var flows = run(LEAF_SPINE, AllReduce.inNetwork(), kib(64), 32, Fidelity.FLOWS).flows();
    assertEquals(2 * (32 + 4), flows.rowCount());
    assertEquals(-1, flows.intColumn("destination").get(0));
    assertEquals("leaf0", flows.stringColumn("to").get(0));
    assertEquals("spine0", flows.stringColumn("to").get(32));
  }

  @Test
  void aTreeThatLosesItsRootIsStuckAndSaysSo() {
    Experiment dead =
        Experiment.on(LEAF_SPINE)
            .run(AllReduce.inNetwork().chunked(mb(1)).of(mb(64)))
            .at(Fidelity.FLOWS)
            .during(Fault.switchDies("spine0").at(us(100)));
    String message = assertThrows(IllegalStateException.class, dead::run).getMessage();
    assertTrue(message.contains("spine0 dies"), message);
  }

  @Test
  void whatSwitchesDoNotDoIsRefused() {
    Fabric servers = Fabric.leafSpine().servers(2, Server.DGX_H100).leafRadix(32).build();
    Experiment nvls = Experiment.on(servers).run(AllReduce.nvls().of(mb(1))).at(Fidelity.FLOWS);
    assertEquals(
        "in NVLS AllReduce GPUs write through a switch to all others, which one server's NVSwitch does, but the 16 ranks lie in 2 servers: run AllReduce.inNetwork(), or ranks of one server",
        assertThrows(IllegalArgumentException.class, nvls::run).getMessage());
  }
}
