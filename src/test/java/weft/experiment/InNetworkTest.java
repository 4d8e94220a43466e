package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.kb;
import static weft.units.Units.kib;
import static weft.units.Units.mb;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tech.tablesaw.api.Table;
import weft.cluster.Server;
import weft.collective.AllReduce;
import weft.fabric.Fabric;
import weft.fault.Fault;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.InfiniBand;
import weft.transport.RoceV2;
import weft.transport.Transport;
import weft.transport.Uet;
import weft.units.DataSize;

/** Switches that add, at every fidelity. */
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
  @EnumSource
  void throughTwoTiersTheArrayPassesOnceAtLineRate(Fidelity at) {
    double size = 16e6;
    double chunk = 0.25e6;
    Run run = run(LEAF_SPINE, AllReduce.inNetwork().chunked(kb(250)), mb(16), 32, at);
    double us = (size + 3 * chunk) * WIRE * 8 / 400e3 + 4 * 2;
    assertEquals(us, run.completion().micros(), 0.03 * us);
    assertTrue(
        run.provenance().facts().get("switches that add").endsWith("leaf3 under spine0"),
        run.provenance().toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOWS", "ANALYTIC"})
  void aRingTakesNearlyTwiceAsLong(Fidelity at) {
    Run run = run(LEAF_SPINE, AllReduce.inNetwork().chunked(mb(1)), mb(64), 32, at);
    double ring = run(LEAF_SPINE, AllReduce.ring(), mb(64), 32, at).completion().micros();
    assertEquals(2.0 * 31 / 32, ring / run.completion().micros(), 0.1);
  }

  /** A leaf's uplink carries one sum for its eight hosts. */
  @ParameterizedTest
  @EnumSource(names = {"PACKETS", "FLOWS"})
  void aLeafSendsOneSumUp(Fidelity at) {
    Run run = run(LEAF_SPINE, AllReduce.inNetwork().chunked(mb(1)), mb(16), 32, at);
    var up =
        run.networkLoad().ports().stream()
            .filter(p -> p.name().matches("leaf\\d>spine\\d") && p.bytes() > 8e6)
            .toList();
    assertEquals(4, up.size());
    up.forEach(p -> assertEquals(16e6 * WIRE, (double) p.bytes(), 0.03 * 16e6));
  }

  /** Whole chunks at each switch, by flows and by packets, with congestion control and without. */
  @Test
  void packetsTakeAsLongAsFlows() {
    for (Transport transport :
        List.of(
            RoceV2.lossless(Dcqcn.defaults()),
            RoceV2.lossless(CongestionControl.none()),
            InfiniBand.defaults())) {
      Experiment on =
          Experiment.on(LEAF_SPINE)
              .over(transport)
              .run(AllReduce.inNetwork().chunked(kib(64)).of(mb(4)));
      double flows = on.at(Fidelity.FLOWS).run().completion().micros();
      Run packets = on.at(Fidelity.PACKETS).run();
      assertEquals(flows, packets.completion().micros(), 0.02 * flows);
      assertEquals(0, packets.networkLoad().marks() + packets.networkLoad().pauses());
    }
  }

  /** On grids the tree's switches have GPUs of their own, and its depth is that of the grid. */
  @Test
  void packetsTakeAsLongAsFlowsOnGrids() {
    for (Fabric grid :
        List.of(
            Fabric.torus().sizes(4, 4).build(),
            Fabric.torus().sizes(4, 4).anyShortest().build(),
            Fabric.torus().sizes(4, 4).mesh().build(),
            Fabric.torus().sizes(2, 2, 2).gpusPerSwitch(2).build())) {
      assertPacketsAgree(Experiment.on(grid).run(AllReduce.inNetwork().of(mib(1))));
      assertPacketsAgree(
          Experiment.on(grid).run(AllReduce.inNetwork().chunked(kib(64)).of(mib(4))));
    }
  }

  /** A tree takes one of the cables that join two switches, and no fidelity knows of more. */
  @Test
  void oneOfSeveralCablesCarriesTheTree() {
    for (Fabric several :
        List.of(
            Fabric.leafSpine().servers(8, ONE).leafPorts(2, 2).build(),
            Fabric.leafSpine().servers(16, ONE).leafPorts(4, 4).spines(1).build(),
            Fabric.dualPlane().servers(8, ONE).leafPorts(2, 2).build(),
            Fabric.leafSpine().servers(8, Server.DGX_H100).leafRadix(16).build())) {
      for (Transport transport : List.of(RoceV2.lossless(Dcqcn.defaults()), Uet.defaults())) {
        Experiment on = Experiment.on(several).over(transport);
        assertPacketsAgree(on.run(AllReduce.inNetwork().of(mib(1))));
        assertPacketsAgree(on.run(AllReduce.inNetwork().chunked(kib(64)).of(mib(4))));
      }
    }
    Fabric twice = Fabric.leafSpine().servers(8, ONE).leafPorts(2, 2).build();
    Run flows = run(twice, AllReduce.inNetwork(), mib(1), 8, Fidelity.FLOWS);
    var up =
        flows.networkLoad().ports().stream()
            .filter(p -> p.name().matches("leaf\\d>spine0") && p.bytes() > 0)
            .toList();
    assertEquals(4, up.size());
    up.forEach(p -> assertEquals(1.05e6 * WIRE, (double) p.bytes(), 0.03e6));
  }

  private static void assertPacketsAgree(Experiment on) {
    double flows = on.at(Fidelity.FLOWS).run().completion().micros();
    assertEquals(flows, on.at(Fidelity.PACKETS).run().completion().micros(), 0.03 * flows);
    assertEquals(flows, on.at(Fidelity.ANALYTIC).run().completion().micros(), 0.03 * flows);
  }

  /** Each rank's bytes go up once and come down once; switches hand one sum on. */
  @Test
  void everyMessageArrivesAndIsAcknowledged() {
    Run run = run(LEAF_SPINE, AllReduce.inNetwork().chunked(kib(64)), mb(1), 32, Fidelity.PACKETS);
    Table flows = run.flows();
    assertEquals(16 * 2 * (32 + 4), flows.rowCount());
    assertEquals(0, flows.column("acknowledged (us)").countMissing());
    assertEquals(2 * (32 + 4) * 1e6, flows.longColumn("size (B)").sum(), 1e-3);
    assertEquals("leaf0", flows.stringColumn("to").get(0));
    assertTrue(
        run.networkLoad().table().stringColumn("port").asList().stream()
            .noneMatch(n -> n.contains("towards")));
    assertEquals(LEAF_SPINE.picture().toString().length(), run.picture().toString().length(), 2000);
  }

  /** Jeaugey, nccl-tests PR 239: a GPU's link carries S (1 + 1/n), so S passes at n/(n+1). */
  @ParameterizedTest
  @EnumSource
  void throughAnNvswitchTheArrayPassesAtItsPartOfTheRate(Fidelity at) {
    Fabric server = Fabric.leafSpine().servers(2, Server.DGX_H100).leafRadix(32).build();
    for (int ranks : new int[] {2, 4, 8}) {
      Run run = run(server, AllReduce.nvls().chunked(kib(256)), mib(64), ranks, at);
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

  @ParameterizedTest
  @EnumSource(names = {"PACKETS", "FLOWS"})
  void aTreeThatLosesItsRootIsStuckAndSaysSo(Fidelity at) {
    Experiment dead =
        Experiment.on(LEAF_SPINE)
            .run(AllReduce.inNetwork().chunked(mb(1)).of(mb(64)))
            .at(at)
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
