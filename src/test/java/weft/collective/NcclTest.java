package weft.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.collective.NcclAlgorithm.NVLS;
import static weft.collective.NcclAlgorithm.NVLS_TREE;
import static weft.collective.NcclAlgorithm.RING;
import static weft.collective.NcclAlgorithm.TREE;
import static weft.units.Units.gbps;
import static weft.units.Units.gib;
import static weft.units.Units.kib;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.Table;
import weft.cluster.Server;
import weft.units.DataSize;

/** NCCL's model against its own arithmetic and measurements, {@code reference/collectives.csv}. */
class NcclTest {
  private static Nccl on(Server server, int count) {
    return Nccl.defaults().on(server, count);
  }

  /** Rows NCCL.ex.*: latencies by the formulas of tuning.cc, us. */
  @ParameterizedTest
  @CsvSource({
    "1, RING, 15, 40.6, 56",
    "2, RING, 40, 75.2, 131.6",
    "16, RING, 311.6, 559.6, 1190",
    "16, TREE, 55.2, 99.5, 176.4"
  })
  void latenciesAreThoseOfNccl(
      int servers, NcclAlgorithm algorithm, double ll, double ll128, double simple) {
    Nccl nccl = on(Server.DGX_H100, servers);
    assertEquals(ll, nccl.latency(algorithm, NcclProtocol.LL).micros(), 1e-6);
    assertEquals(ll128, nccl.latency(algorithm, NcclProtocol.LL128).micros(), 1e-6);
    assertEquals(simple, nccl.latency(algorithm, NcclProtocol.SIMPLE).micros(), 1e-6);
  }

  /** Rows MEAS.* from 256 MiB on, GB/s of bus bandwidth, with the algorithm that was at work. */
  @Test
  void largeArraysAreMeasuredWithinATenth() {
    Nccl h200 = on(Server.DGX_H200, 1);
    measured(363.3, h200.gpus(4).estimate(gib(8)), RING);
    measured(473.1, h200.estimate(gib(8)), NVLS);
    measured(365.6, h200.without(NVLS).estimate(gib(8)), RING);
    measured(367.2, h200.without(NVLS).estimate(gib(16)), RING);
    measured(436.15, h200.estimate(mib(256)), NVLS);
    measured(463.58, h200.estimate(gib(1)), NVLS);
    measured(482.26, h200.estimate(gib(16)), NVLS);
    measured(361.4, h200.function(NcclFunction.ALL_GATHER).estimate(gib(16)), RING);
    measured(362.9, h200.function(NcclFunction.REDUCE_SCATTER).estimate(gib(16)), RING);
    measured(478, on(Server.DGX_H100, 1).estimate(gib(8)), NVLS);
    measured(470, on(Server.DGX_H100, 2).estimate(gib(8)), NVLS_TREE);
    measured(234.89, on(Server.DGX_A100, 1).estimate(gib(16)), RING);
    measured(740.64, on(Server.DGX_B200, 1).estimate(gib(4)), NVLS);
    measured(377.34, on(Server.DGX_B200, 4).estimate(gib(4)), NVLS_TREE);
    measured(850, on(Server.GB200_NVL72, 1).estimate(gib(16)), NVLS);
    measured(680, on(Server.GB200_NVL72, 1).without(NVLS).estimate(gib(16)), RING);
  }

  /**
   * Two servers of H100 with NICs of 200 Gb/s (Google A3 Mega), as somebody published it: by trees,
   * whose channels inside the servers are faster than the NICs.
   */
  @Test
  void twoServersWithHalfTheNicsAreMeasuredWithinATenth() {
    Nccl expected = on(Server.DGX_H100.nic(gbps(200)), 2);
    NcclTests published = NcclTests.read(Path.of("notebooks", "data", "nccl-tests-2x8-h100.txt"));
    List<NcclTests.Line> large =
        published.lines().stream().filter(line -> line.size().bytes() >= 1L << 30).toList();
    assertEquals(4, large.size());
    for (NcclTests.Line line : large) {
      measured(line.busBandwidth(), expected.estimate(line.size()), TREE);
    }
  }

  private static void measured(double busBandwidth, NcclEstimate estimate, NcclAlgorithm by) {
    assertEquals(busBandwidth, estimate.busBandwidth(), 0.1 * busBandwidth);
    assertEquals(by, estimate.algorithm());
  }

  /** What the model gets wrong, and by which factor: expected over measured. */
  @Test
  void smallArraysAreMeasuredSlowerThanNcclExpects() {
    Nccl h200 = on(Server.DGX_H200, 1);
    Nccl b200 = on(Server.DGX_B200, 1);
    assertEquals(2.58, h200.estimate(kib(32)).busBandwidth() / 1.44, 0.01);
    assertEquals(1.64, h200.estimate(mib(1)).busBandwidth() / 39.93, 0.01);
    assertEquals(1.54, h200.estimate(mib(16)).busBandwidth() / 219.89, 0.01);
    assertEquals(3.14, b200.estimate(kib(32)).busBandwidth() / 1.2, 0.01);
    assertEquals(2.37, b200.estimate(mib(1)).busBandwidth() / 36.06, 0.01);
    assertEquals(1.56, b200.estimate(mib(64)).busBandwidth() / 400.6, 0.01);
  }

  /** Measured in PyTorch, whose own work is the same for every size; what is left grows with it. */
  @Test
  void whatACallCostsIsMostOfWhatSmallArraysTakeLonger() {
    Nccl h200 = on(Server.DGX_H200, 1).call(us(24));
    Nccl b200 = on(Server.DGX_B200, 1).call(us(24));
    assertEquals(1.01, h200.estimate(kib(32)).busBandwidth() / 1.44, 0.01);
    assertEquals(0.88, h200.estimate(mib(1)).busBandwidth() / 39.93, 0.01);
    assertEquals(1.21, h200.estimate(mib(16)).busBandwidth() / 219.89, 0.01);
    assertEquals(1.21, b200.estimate(kib(32)).busBandwidth() / 1.2, 0.02);
    assertEquals(1.12, b200.estimate(mib(1)).busBandwidth() / 36.06, 0.01);
    assertEquals(1.38, b200.estimate(mib(64)).busBandwidth() / 400.6, 0.01);
    measured(463.58, on(Server.DGX_H200, 1).call(us(24)).estimate(gib(1)), NVLS);
    assertEquals(
        h200.estimate(kib(32)).algorithm(), on(Server.DGX_H200, 1).estimate(kib(32)).algorithm());
  }

  /** Small arrays want low latency, large ones bandwidth; more servers want trees for longer. */
  @Test
  void theChoiceGoesFromLatencyToBandwidth() {
    Table sixteen = on(Server.DGX_H100, 16).without(NVLS_TREE).table();
    assertEquals(32, sixteen.rowCount());
    assertEquals(8, sixteen.longColumn("size (B)").get(0));
    assertEquals(1L << 34, sixteen.longColumn("size (B)").get(31));
    assertEquals("Tree", sixteen.stringColumn("algorithm").get(0));
    assertEquals("LL", sixteen.stringColumn("protocol").get(0));
    assertEquals("Ring", sixteen.stringColumn("algorithm").get(31));
    assertEquals("Simple", sixteen.stringColumn("protocol").get(31));
    assertTrue(sixteen.stringColumn("protocol").asSet().contains("LL128"));
    double before = 0;
    for (double time : sixteen.doubleColumn("time (us)")) {
      assertTrue(time >= before, "a larger array takes no less time");
      before = time;
    }
    assertEquals(55.2, on(Server.DGX_H100, 16).estimate(new DataSize(8)).time().micros(), 0.1);
    assertEquals(TREE, on(Server.DGX_H100, 16).estimate(kib(1)).algorithm());
  }

  @Test
  void whatNcclDoesNotKnowIsRefused() {
    assertEquals(
        "Ring is the one algorithm that serves every function, but was left out: leave out others",
        refusal(() -> Nccl.defaults().without(RING)));
    assertEquals(
        "DGX H100 has 8 GPUs, but 9 were to take part: give fewer",
        refusal(() -> Nccl.defaults().gpus(9)));
    assertTrue(refusal(() -> Nccl.defaults().gpus(1)).startsWith("a collective takes 2 to 2^24"));
    assertTrue(
        refusal(() -> Nccl.defaults().estimate(new DataSize(0))).startsWith("a collective moves"));
  }

  private static String refusal(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
