package weft.fabric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.mb;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weft.cluster.Server;
import weft.experiment.Experiment;
import weft.experiment.Fidelity;
import weft.experiment.Flow;
import weft.experiment.Traffic;
import weft.units.Time;

/** Storage nodes are endpoints that are no GPUs. */
class StorageNodesTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(4, Server.DGX_H100).leafRadix(32).build().storage(3, gbps(200));

  @Test
  void storageNodesAreNumberedAfterGpusAndDealtOutToLeaves() {
    assertEquals(32, FABRIC.gpus());
    assertEquals(35, FABRIC.endpoints());
    assertEquals("storage0", FABRIC.nodes().get(FABRIC.node(32)).name());
    assertEquals(0, FABRIC.linksAt(FABRIC.node(33)).size() - 1);
    var table = FABRIC.table();
    int row = table.stringColumn("quantity").asList().indexOf("storage nodes");
    assertEquals("3", table.stringColumn("value").get(row));
  }

  /** Each of three nodes takes 200 Gb/s, whatever its senders have. */
  @ParameterizedTest
  @EnumSource
  void writesGoAtTheRateOfTheStorageNode(Fidelity fidelity) {
    var flows =
        IntStream.range(0, 3)
            .mapToObj(n -> new Flow(8 * n, 32 + n, mb(2.5), Time.ZERO))
            .toArray(Flow[]::new);
    var run = Experiment.on(FABRIC).run(Traffic.of(flows)).at(fidelity).run();
    assertEquals(100, run.completion().micros(), 5);
  }

  @Test
  void aFileKeepsThem(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("mixed.graphml");
    Files.writeString(file, FABRIC.graphMl());
    Fabric read = Fabric.read(file);
    assertEquals(32, read.gpus());
    assertEquals(35, read.endpoints());
  }

  @Test
  void whatHasNoLeavesTakesNoStorage() {
    var torus = Fabric.torus().sizes(4, 4).build();
    var error = assertThrows(IllegalArgumentException.class, () -> torus.storage(2, gbps(100)));
    assertTrue(error.getMessage().startsWith("storage nodes are cabled to leaves"));
    assertThrows(IllegalArgumentException.class, () -> FABRIC.storage(1, gbps(100)));
  }

  @Test
  void aGpuThatDoesNotExistIsToldFromStorage() {
    var error = assertThrows(IllegalArgumentException.class, () -> FABRIC.node(35));
    assertEquals(
        "GPU 35 does not exist: this fabric's GPUs are 0 to 31, its storage nodes 32 to 34",
        error.getMessage());
  }
}
