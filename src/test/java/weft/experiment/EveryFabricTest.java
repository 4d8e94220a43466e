package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.kib;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weft.fabric.Fabric;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;

/** Packets arrive over every kind of fabric; the audit after each run holds what must be kept. */
class EveryFabricTest {
  static Stream<Fabric> fabrics() {
    return Stream.of(
        Fabric.singleSwitch().hosts(16).build(),
        Fabric.leafSpine().hosts(64).leafRadix(8).pods(4).build(),
        Fabric.railOptimized().servers(4, DGX_H100).leafRadix(8).build(),
        Fabric.railOnly().servers(4, DGX_H100).build(),
        Fabric.railOnly().servers(20, DGX_H100).leafRadix(16).build(),
        Fabric.dualPlane().servers(4, DGX_H100).leafRadix(16).build(),
        Fabric.railOptimized().planes(2).servers(4, DGX_H100).leafRadix(8).build(),
        Fabric.fatTree().k(8).build(),
        Fabric.dragonfly().balanced(2).build(),
        Fabric.dragonflyPlus().radix(4).build(),
        Fabric.torus().sizes(4, 4, 4).build(),
        Fabric.torus().sizes(4, 8).anyShortest().mesh().gpusPerSwitch(2).build(),
        Fabric.leafSpine().servers(4, DGX_H100).throughPcie().build(),
        Fabric.drawn("a, b --100G 1us-- s --40G 10us-- t\nc, d --100G 1us-- t"));
  }

  @ParameterizedTest
  @MethodSource("fabrics")
  void aPermutationArrives(Fabric fabric) {
    Run run =
        Experiment.on(fabric)
            .run(Traffic.permutation(fabric.gpus(), kib(64), 7))
            .over(RoceV2.lossless(CongestionControl.none()))
            .run();
    assertEquals(fabric.gpus(), run.flows().rowCount());
  }
}
