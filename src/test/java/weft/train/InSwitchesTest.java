package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Placement.scattered;
import static weft.cluster.Server.DGX_H100;
import static weft.collective.GradientExchange.topK;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;
import static weft.train.Synchrony.localSgd;
import static weft.units.Units.gbps;
import static weft.units.Units.kib;
import static weft.units.Units.us;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weft.cluster.Server;
import weft.collective.AllGather;
import weft.collective.AllReduce;
import weft.collective.ScheduleBuilder;
import weft.experiment.Fidelity;
import weft.fabric.Fabric;
import weft.fault.Fault;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.Precision;

/** Training whose gradients are added up in switches. */
class InSwitchesTest {
  private static final Fabric SERVERS =
      Fabric.leafSpine().servers(8, DGX_H100).leafRadix(16).build();

  private static final Server ONE = new Server("one", 1, DGX_H100.accelerator(), gbps(400));
  private static final Fabric LEAVES =
      Fabric.leafSpine()
          .servers(16, ONE)
          .leafPorts(4, 4)
          .spines(4)
          .cable(us(1))
          .switchLatency(us(0.5))
          .build();

  /** RoCEv2's bytes on the wire for one of data, with those of acknowledgements the other way. */
  private static final double WIRE = (4178 + 84) / 4096.0;

  private static final Network DIGITS =
      Network.inputs(64).dense(512, relu()).dense(10, softmax()).init(he(1)).loss(crossEntropy());

  private static Training job(Network network) {
    return Training.of(network)
        .on(Datasets.digits())
        .batch(500)
        .epochs(2)
        .with(sgd(0.1))
        .computing(us(100));
  }

  private static Training cluster(Network network, Fabric fabric) {
    return job(network).dataParallel(16).across(fabric);
  }

  /** Only the order of the additions differs from a ring's. */
  @ParameterizedTest
  @EnumSource(names = {"PACKETS", "FLOWS"})
  void workersLearnWhatOneDoes(Fidelity at) {
    Network network = DIGITS.precision(Precision.FLOAT64);
    double[] one = job(network).run().losses();
    for (AllReduce how :
        List.of(
            AllReduce.inNetwork(),
            AllReduce.inNetwork().chunked(kib(16)).channels(2),
            AllReduce.inNetwork().hierarchical(8))) {
      var buckets = how.buckets(kib(64)).overlapped();
      double[] many = cluster(network, SERVERS).at(at).exchanging(buckets).run().losses();
      assertArrayEquals(one, many, 1e-10, how.toString());
    }
    Training nvls = job(network).dataParallel(8).across(SERVERS).exchanging(AllReduce.nvls());
    assertArrayEquals(one, nvls.at(at).run().losses(), 1e-10);
  }

  /**
   * SHARP: the array passes once, and a chunk once more at each of three switches; a microsecond
   * for each of four cables and half of one for each switch. Packets wait for themselves, too.
   */
  @ParameterizedTest
  @EnumSource(names = {"PACKETS", "FLOWS"})
  void aStepWaitsAsLongAsItsGradientPasses(Fidelity at) {
    Network wide =
        Network.inputs(64)
            .dense(2048, relu())
            .dense(10, softmax())
            .init(he(1))
            .loss(crossEntropy());
    Training sharp = cluster(wide, LEAVES).exchanging(AllReduce.inNetwork().chunked(kib(16)));
    History history = sharp.batch(480).epochs(1).at(at).run(); // 30 samples for each worker
    double bytes = wide.parameters() * 4.0 + 3 * kib(16).bytes();
    double us = bytes * WIRE * 8 / 400e3 + 4 * 1 + 3 * 0.5;
    double exposed = history.stepTable().doubleColumn("exposed communication (us)").get(0);
    assertEquals(us, exposed, 0.03 * us);
    assertTrue(
        history.provenance().facts().get("switches that add").endsWith("leaf3 under spine0"),
        history.provenance().toString());
  }

  /** The tree of a grid is deeper than that of leaves and spines, no more. */
  @Test
  void aTorusAddsPacketsAsItAddsFlows() {
    Training torus =
        cluster(DIGITS, Fabric.torus().sizes(4, 4).build()).exchanging(AllReduce.inNetwork());
    History packets = torus.at(Fidelity.PACKETS).run();
    History flows = torus.at(Fidelity.FLOWS).run();
    assertArrayEquals(flows.losses(), packets.losses());
    double micros = flows.completion().micros();
    assertEquals(micros, packets.completion().micros(), 0.03 * micros);
  }

  /** A worker sends its gradient once, in place of a ring's 2 (N-1)/N times. */
  @ParameterizedTest
  @EnumSource(names = {"PACKETS", "FLOWS"})
  void aWorkersPortCarriesTheGradientOnceAStep(Fidelity at) {
    Training sharp = cluster(DIGITS, LEAVES).exchanging(AllReduce.inNetwork().chunked(kib(16)));
    History history = sharp.at(at).run();
    double bytes = history.steps() * DIGITS.parameters() * 4.0;
    var sent =
        history.networkLoad().orElseThrow().ports().stream()
            .filter(port -> port.name().matches("gpu\\d+>leaf\\d"))
            .toList();
    assertEquals(16, sent.size());
    sent.forEach(port -> assertEquals(bytes * WIRE, (double) port.bytes(), 0.03 * bytes));
  }

  /** Packets and flows of any synchronous kind: the same bits, almost the same time. */
  @Test
  void flowsAndPacketsAgree() {
    AllReduce sharp = AllReduce.inNetwork().chunked(kib(16));
    Training job = cluster(DIGITS, SERVERS).placed(scattered(7));
    for (Training each :
        List.of(
            job.exchanging(sharp.in(Precision.BFLOAT16)),
            job.exchanging(sharp.in(Precision.FLOAT8).buckets(kib(64)).overlapped()),
            job.exchanging(sharp).synchronising(localSgd(4)).jitter(0.2).accumulating(2))) {
      History packets = each.run();
      History flows = each.at(Fidelity.FLOWS).run();
      String told = each.exchange + ": " + flows + "; " + packets;
      assertArrayEquals(packets.losses(), flows.losses(), told);
      assertEquals(1, flows.completion().micros() / packets.completion().micros(), 0.03, told);
      assertTrue(packets.testAccuracy() > 0.7, told);
    }
  }

  /** A switch can also hand what it has to all, which is what top-k's gathering needs. */
  @Test
  void switchesHandOnWhatAnAllGatherWrites() {
    AllGather copied =
        (ranks, elements) -> {
          var builder = new ScheduleBuilder("gathering in a switch", ranks, elements).helpers(1);
          int part = elements / ranks; // top-k's are equal
          for (int rank = 0; rank < ranks; rank++) {
            builder.copy(0, rank, ranks, rank * part, part);
            builder.copy(1, ranks, rank, 0, elements);
          }
          return builder.build();
        };
    Training job = job(DIGITS).dataParallel(8).across(SERVERS);
    History inside = job.exchanging(topK(0.05, copied)).run();
    assertArrayEquals(job.exchanging(topK(0.05)).run().losses(), inside.losses());
  }

  @Test
  void whatSwitchesDoNotDoIsRefused() {
    Training wide = cluster(DIGITS, SERVERS).exchanging(AllReduce.nvls());
    assertEquals(
        "in NVLS AllReduce GPUs write through a switch to all others, which one server's NVSwitch does, but the 16 ranks lie in 2 servers: run AllReduce.inNetwork(), or ranks of one server",
        assertThrows(IllegalArgumentException.class, wide::run).getMessage());
  }

  @ParameterizedTest
  @EnumSource(names = {"PACKETS", "FLOWS"})
  void aTreeThatLosesItsRootStopsTheJobAndSaysSo(Fidelity at) {
    Training dead =
        cluster(DIGITS, LEAVES)
            .exchanging(AllReduce.inNetwork())
            .at(at)
            .during(Fault.switchDies("spine0").at(us(150)));
    String message = assertThrows(IllegalStateException.class, dead::run).getMessage();
    assertTrue(message.contains("spine0 dies"), message);
  }
}
