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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weft.cluster.Server;
import weft.collective.AllReduce;
import weft.engine.packet.QueuePairCounters;
import weft.fabric.Fabric;
import weft.routing.ClusterBalancing;
import weft.routing.Ecmp;
import weft.routing.LoadBalancing;
import weft.routing.Spray;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.RoceV2;
import weft.transport.Swift;
import weft.transport.Tcp;
import weft.transport.Uet;
import weft.units.Time;

/** The same question to engines that know more and less. */
class FidelityTest {
  private static Fabric fabric(int hosts) {
    var host = new Server("host", 1, Server.DGX_H100.accelerator(), gbps(100));
    return Fabric.leafSpine().servers(hosts, host).leafPorts(8, 8).spines(8).cable(us(1)).build();
  }

  private static Traffic allToAll(int hosts) {
    var flows = new ArrayList<Flow>();
    for (int from = 0; from < hosts; from++) {
      for (int by = 1; by < hosts; by++) {
        flows.add(new Flow(from, (from + by) % hosts, kb(64), Time.ZERO));
      }
    }
    return new Traffic("all-to-all", flows);
  }

  /** By how much packets take longer. */
  private static double ratio(Experiment experiment) {
    return experiment.at(Fidelity.packets()).run().completion().micros()
        / experiment.at(Fidelity.flows()).run().completion().micros();
  }

  /** Where no congestion control errs, packets that keep their paths share as flows do. */
  @ParameterizedTest
  @ValueSource(ints = {16, 64, 128})
  void flowsTakeAsLongAsPacketsThatNobodyHoldsUp(int hosts) {
    Experiment on = Experiment.on(fabric(hosts)).over(RoceV2.lossless(CongestionControl.none()));
    for (LoadBalancing choice : List.of(Ecmp.fiveTuple(), ClusterBalancing.ofCollective())) {
      Experiment by = on.balancing(choice);
      assertEquals(1, ratio(by.run(Traffic.permutation(hosts, mb(4), 3))), 0.02);
      assertEquals(1, ratio(by.run(Traffic.incast(fabric(hosts), hosts / 2, mb(1)))), 0.01);
      assertEquals(1, ratio(by.run(AllReduce.ring().of(mb(8)))), 0.01);
      assertEquals(1, ratio(by.run(AllReduce.parameterServer(4).of(mb(1)))), 0.025);
      assertEquals(1, ratio(by.run(allToAll(hosts))), 0.01);
    }
  }

  /** Ranks in step, all bytes of an incast over one link, all of a host's over its own. */
  @ParameterizedTest
  @ValueSource(ints = {16, 64})
  void closedFormsHoldWhereAllWorkInStep(int hosts) {
    Experiment on = Experiment.on(fabric(hosts)).at(Fidelity.analytic());
    for (Experiment each :
        List.of(
            on.run(AllReduce.ring().of(mb(8))),
            on.run(Traffic.incast(fabric(hosts), hosts / 2, mb(1))),
            on.run(Traffic.permutation(hosts, mb(4), 3)))) {
      double flows = each.at(Fidelity.flows()).run().completion().micros();
      assertEquals(flows, each.run().completion().micros(), 0.02 * flows);
    }
  }

  /** Sprayed packets meet in queues now and then, which even shares do not know. */
  @Test
  void sprayedPacketsWaitForEachOther() {
    Experiment on =
        Experiment.on(fabric(64))
            .over(RoceV2.lossless(CongestionControl.none()).directDataPlacement())
            .run(Traffic.permutation(64, mb(4), 3));
    assertEquals(1.07, ratio(on.balancing(Spray.perPacket())), 0.02);
    assertEquals(1.13, ratio(on.balancing(Spray.roundRobin())), 0.02);
  }

  /** Where ECMP has flows collide, DCQCN takes its time to give back what it took. */
  @Test
  void dcqcnLeavesBandwidthUnusedWhereFlowsCollide() {
    Experiment on =
        Experiment.on(fabric(64))
            .over(RoceV2.lossless(Dcqcn.defaults()))
            .balancing(Ecmp.fiveTuple());
    assertEquals(1.4, ratio(on.run(Traffic.permutation(64, mb(4), 3))), 0.1);
    assertEquals(1.05, ratio(on.run(Traffic.incast(fabric(64), 32, mb(1)))), 0.03);
  }

  /**
   * Chunked trees: an inner rank's port carries what its parent sends down, which others wait for,
   * and what its children send up, far ahead. Queues serve first come, first served, so that what
   * was sent ahead is in the way; fair shares are not. Swift, whose queues are short, comes near
   * them; DCQCN has senders slow down in these incasts besides.
   */
  @Test
  void chunkedTreesWaitBehindWhatChildrenSendAhead() {
    var host = new Server("host", 1, Server.DGX_H100.accelerator(), gbps(100));
    Experiment on = Experiment.on(Fabric.singleSwitch().servers(16, host).cable(us(1)).build());
    Experiment tree = on.run(AllReduce.tree().chunked(kib(512)).of(mib(16)));
    assertEquals(1.12, ratio(tree.over(RoceV2.lossless(CongestionControl.none()))), 0.02);
    assertEquals(1.16, ratio(tree.over(RoceV2.lossless(Dcqcn.defaults()))), 0.03);
    assertEquals(1.02, ratio(tree.over(RoceV2.lossless(Swift.defaults()))), 0.02);
    Experiment twice = on.run(AllReduce.doubleBinaryTree().chunked(kib(512)).of(mib(16)));
    assertEquals(0.97, ratio(twice.over(RoceV2.lossless(CongestionControl.none()))), 0.02);
    assertEquals(1.15, ratio(twice.over(RoceV2.lossless(Dcqcn.defaults()))), 0.03);
    Experiment whole = on.run(AllReduce.tree().of(mib(16))); // nothing is sent ahead
    assertEquals(1, ratio(whole.over(RoceV2.lossless(CongestionControl.none()))), 0.01);
  }

  /**
   * Halving-doubling under ECMP: messages of a step collide, ranks get out of step, and who came
   * first is served first, where flows share evenly. Among few hosts that is faster, among many the
   * slowest of more collisions is waited for. With a path for each both agree.
   */
  @Test
  void collisionsOfHalvingDoublingAreServedFirstComeFirst() {
    Map<Integer, Double> ratios = Map.of(16, 0.88, 64, 1.12);
    ratios.forEach(
        (hosts, ratio) -> {
          Experiment on =
              Experiment.on(fabric(hosts))
                  .over(RoceV2.lossless(CongestionControl.none()))
                  .run(AllReduce.halvingDoubling().of(mib(4)));
          assertEquals(ratio, ratio(on.balancing(Ecmp.fiveTuple())), 0.03);
          assertEquals(1, ratio(on.balancing(ClusterBalancing.ofCollective())), 0.02);
        });
  }

  /** A core a connection, a packet at a time, at both ends. */
  @Test
  void tcpsFlowsSendNoFasterThanTheirKernels() {
    Experiment on = Experiment.on(fabric(16)).over(Tcp.cubic());
    assertEquals(1, ratio(on.run(AllReduce.ring().of(mib(16)))), 0.05);
    assertEquals(1, ratio(on.run(Traffic.of(new Flow(0, 9, mb(10), Time.ZERO)))), 0.05);
    Run one = on.run(Traffic.of(new Flow(0, 9, mb(10), Time.ZERO))).at(Fidelity.flows()).run();
    assertEquals(42, one.goodput(), 0.5);
  }

  @Test
  void theTableSaysWhatMakesFidelitiesDiffer() {
    Experiment on = Experiment.on(fabric(16)).balancing(Ecmp.fiveTuple());
    assertEquals("[, they agree, they agree]", because(on.run(AllReduce.ring().of(mb(8)))));
    String incast = because(on.run(Traffic.incast(fabric(16), 8, mb(2))));
    assertTrue(incast.contains("senders slowed down, told by"), incast);
    assertTrue(incast.contains("in the queue of leaf0>gpu0"), incast);
    Experiment doubling =
        on.over(RoceV2.lossless(CongestionControl.none()))
            .run(AllReduce.halvingDoubling().of(mib(4)));
    assertEquals(
        "[queues serve whoever came first, which is faster here than even shares, ]",
        doubling
            .compare(Fidelity.flows(), Fidelity.packets())
            .table()
            .stringColumn("because")
            .asList()
            .toString());
    assertTrue(because(doubling).contains("messages of different steps are taken not to meet"));
    assertTrue(
        on.run(AllReduce.inNetwork().of(mb(8)))
            .compare(Fidelity.flows(), Fidelity.analytic())
            .table()
            .columnNames()
            .contains("against flows (%)"));
  }

  /**
   * Packets that nobody holds up may still take longer; a window over a long cable is waited for.
   */
  @Test
  void theTableSaysThatSendersWaitedOnlyIfTheyDid() {
    var grid = Fabric.torus().sizes(4, 4).build();
    Experiment on = Experiment.on(grid).run(AllReduce.inNetwork().chunked(kib(64)).of(mib(1)));
    String unlimited = because(on.over(RoceV2.lossless(CongestionControl.none())));
    assertTrue(unlimited.contains("no single cause is known"), unlimited);
    assertTrue(on.run().networkLoad().queuePairs().stream().noneMatch(QueuePairCounters::waited));
    var far = Fabric.leafSpine().servers(2, Server.DGX_H100).leafRadix(32).cable(us(50)).build();
    Experiment window =
        Experiment.on(far).over(Tcp.cubic()).run(Traffic.of(new Flow(0, 9, mb(1), Time.ZERO)));
    assertTrue(because(window).contains("senders waited for acknowledgements"), because(window));
  }

  private static String because(Experiment experiment) {
    return experiment.atEveryFidelity().table().stringColumn("because").asList().toString();
  }

  /** One flow over k hops, to the picosecond: serialisation, propagation, store and forward. */
  @Test
  void oneFlowTakesAsLongAsItsPackets() {
    Experiment on =
        Experiment.on(fabric(16))
            .over(RoceV2.lossless(CongestionControl.none()))
            .run(Traffic.of(new Flow(0, 9, mb(1), us(3))));
    long packets = on.run().completion().ps();
    long flows = on.at(Fidelity.flows()).run().completion().ps();
    assertEquals((double) packets, (double) flows, 4178 * 80); // the last packet may be shorter
  }

  @Test
  void flowsTakeThePathsThatPacketsTake() {
    Experiment on =
        Experiment.on(fabric(64))
            .over(RoceV2.lossless(CongestionControl.none()))
            .balancing(Ecmp.fiveTuple())
            .run(Traffic.permutation(64, mb(1), 5));
    Run packets = on.run();
    Run flows = on.at(Fidelity.flows()).run();
    for (int p = 0; p < packets.networkLoad().ports().size(); p++) {
      long bytes = packets.networkLoad().ports().get(p).bytes();
      assertEquals(
          (double) bytes, (double) flows.networkLoad().ports().get(p).bytes(), 0.01 * bytes + 100);
    }
  }

  @Test
  void everyFidelityIsARowOfOneTable() {
    Comparison all =
        Experiment.on(fabric(16))
            .over(Uet.defaults())
            .run(Traffic.permutation(16, mb(1), 1))
            .atEveryFidelity();
    assertEquals(
        "[packets, flows, analytic]", all.table().stringColumn("fidelity").asList().toString());
    assertTrue(all.table().columnNames().contains("ECN marks"));
    assertEquals("packets, flows, analytic", all.provenance().facts().get("fidelity"));
  }

  @Test
  void whatOnlyPacketsHaveIsRefused() {
    Experiment flows =
        Experiment.on(fabric(16)).run(Traffic.permutation(16, mb(1), 1)).at(Fidelity.FLOWS);
    String message =
        assertThrows(IllegalArgumentException.class, () -> flows.losing(1e-4).run()).getMessage();
    assertTrue(message.contains("losing(...) is about packets"), message);
    assertThrows(IllegalArgumentException.class, () -> flows.sampling(us(1)).run());
  }
}
