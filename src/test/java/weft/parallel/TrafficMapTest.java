package weft.parallel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.parallel.ParallelAxis.CONTEXT;
import static weft.parallel.ParallelAxis.DATA;
import static weft.parallel.ParallelAxis.EXPERT;
import static weft.parallel.ParallelAxis.PIPELINE;
import static weft.parallel.ParallelAxis.TENSOR;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weft.cluster.Placement;
import weft.cluster.Server;
import weft.fabric.Crossings;
import weft.fabric.Fabric;
import weft.llm.Transformer;

/** Which axis lands on which kind of link. */
class TrafficMapTest {
  private static final Transformer GPT3 = Transformer.GPT3_175B;

  /** Eight servers, four under each leaf of a rail. */
  private static final Fabric RAILS =
      Fabric.railOptimized().servers(8, Server.DGX_H100).leafRadix(16).leafPorts(4, 4).build();

  private static final ParallelPlan PLAN = ParallelPlan.of(64).tensor(8).pipeline(4);

  private static final ParallelPlan ALL =
      ParallelPlan.of(64)
          .tensor(2)
          .context(2)
          .expert(4)
          .pipeline(4, PipelineSchedule.interleaved(2));

  private static PlanTraffic traffic(ParallelPlan plan) {
    return plan.traffic(plan.expert() > 1 ? Transformer.MIXTRAL_8X7B : GPT3, 64);
  }

  private static double sum(TrafficMap map, ParallelAxis axis) {
    return List.of(0, 1, 3).stream().mapToDouble(way -> map.bytes(axis, way)).sum();
  }

  /** Wherever ranks sit, they send what the formulas say. */
  @ParameterizedTest
  @EnumSource(names = {"TENSOR", "CONTEXT", "EXPERT", "PIPELINE"})
  void placementMovesBytesAndMakesNone(ParallelAxis axis) {
    var traffic = traffic(ALL);
    var orders =
        List.of(
            Placement.packed(),
            Placement.scattered(7),
            ALL.innermostFirst(PIPELINE, DATA, CONTEXT, TENSOR));
    for (Placement placement : orders) {
      double all = 64 * traffic.sent(axis);
      // the last stage hands nothing on, nor the first back: of 2 chunks 2 p - 1 times
      double share = axis == PIPELINE ? (4 * 2 - 1) / (4 * 2.0) : 1;
      assertEquals(share * all, sum(traffic.over(RAILS, placement), axis), 1e-9 * all);
    }
  }

  /** Tensor in the server, replicas and stages on rails; the last stages are far from the first. */
  @Test
  void packedRanksKeepTensorsInTheServerAndTheRestOnRails() {
    var map = traffic(PLAN).over(RAILS);
    assertEquals(64 * traffic(PLAN).sent(TENSOR), map.bytes(TENSOR, 0), 1);
    assertEquals(64 * traffic(PLAN).sent(DATA), map.bytes(DATA, 1), 1);
    double boundary = map.bytes(PIPELINE, 3);
    assertEquals(2 * boundary, map.bytes(PIPELINE, 1), 1);
    assertEquals(16 * traffic(PLAN).sent(PIPELINE), boundary, 1);
  }

  /** A ring of eight over four servers of one leaf and four of another crosses twice. */
  @Test
  void tensorsPlacedOutermostCrossTheSpines() {
    var map = traffic(PLAN).over(RAILS, PLAN.innermostFirst(DATA, PIPELINE, TENSOR));
    double tensor = 64 * traffic(PLAN).sent(TENSOR);
    assertEquals(tensor * 2 / 8, map.bytes(TENSOR, 3), 1);
    assertEquals(tensor * 6 / 8, map.bytes(TENSOR, 1), 1);
    assertEquals(64 * traffic(PLAN).sent(DATA), map.bytes(DATA, 0), 1);
    assertEquals(tensor / 64, map.throughNic(), 1);
  }

  /** GPUs of one number share a rail; others meet at a spine, or by NVLink where there is none. */
  @Test
  void railsThatNothingJoinsAreApart() {
    var crossings = Crossings.of(RAILS);
    assertEquals(0, crossings.switches(0, 7));
    assertEquals(1, crossings.switches(0, 8));
    assertEquals(3, crossings.switches(0, 9));
    assertEquals(3, crossings.switches(0, 32));
    var only = Fabric.railOnly().servers(4, Server.DGX_H100).leafRadix(8).build();
    assertEquals(Crossings.APART, Crossings.of(only).switches(0, 9));
    var map = ParallelPlan.of(32).tensor(2).traffic(GPT3, 64).over(only, Placement.scattered(1));
    assertTrue(map.table().columnNames().contains("NVLink to another rail (GB/step)"));
  }

  /** Four experts of 2-GPU tensor groups: every other GPU of sixteen. */
  @Test
  void expertsAreDealtOutToNeighboursInTheDataParallelGroup() {
    var received = new double[64];
    traffic(ALL)
        .over(RAILS)
        .each(
            (axis, from, to, bytes) -> {
              if (axis == EXPERT && from == 0) {
                received[to] += bytes;
              }
            });
    double each = traffic(ALL).sent(EXPERT) / 3;
    var expected = new double[64];
    expected[2] = each;
    expected[4] = each;
    expected[6] = each;
    assertArrayEquals(expected, received, 1e-3);
  }

  @Test
  void theTableHasARowAnAxisAndSumsThem() {
    var table = traffic(PLAN).over(RAILS).table();
    assertEquals(
        List.of("axis", "NVLink (GB/step)", "one leaf (GB/step)", "over spines (GB/step)"),
        table.columnNames());
    assertEquals(List.of("Tensor", "Data", "Pipeline", "all"), table.stringColumn("axis").asList());
    assertEquals(
        traffic(PLAN).sent(TENSOR) / 1e9, table.doubleColumn("NVLink (GB/step)").get(3), 1e-9);
  }

  @Test
  void anOrderNamesEachAxisOnce() {
    refused(
        "an order names each axis of 64 GPUs: tensor 8, pipeline 4 (1F1B), data 2 once, but DATA is missing: write for example innermostFirst(TENSOR, DATA, PIPELINE)",
        () -> PLAN.innermostFirst(TENSOR, PIPELINE));
    refused(
        "an order names each axis of 64 GPUs: tensor 8, pipeline 4 (1F1B), data 2 once, but TENSOR is there 2 times: write for example innermostFirst(TENSOR, DATA, PIPELINE)",
        () -> PLAN.innermostFirst(TENSOR, PIPELINE, TENSOR, DATA));
    refused(
        "experts are dealt out to GPUs of a data-parallel group, so they have no place of their own: name DATA alone",
        () -> ALL.innermostFirst(TENSOR, EXPERT));
    assertArrayEquals(
        Placement.packed().gpus(64, 64),
        PLAN.innermostFirst(TENSOR, CONTEXT, DATA, PIPELINE).gpus(64, 64));
  }

  @Test
  void aFabricMustHoldThePlan() {
    refused(
        "128 ranks need 128 GPUs, but the fabric has 64: add servers or lower the rank count",
        () -> ParallelPlan.of(128).tensor(8).traffic(GPT3, 64).over(RAILS));
  }

  @Test
  void aPictureIsOfGpusOrOfServersWhereThereAreMany() {
    assertTrue(traffic(PLAN).over(RAILS).picture().svg().contains("to GPU"));
    var many = Fabric.railOptimized().servers(16, Server.DGX_H100).leafRadix(64).build();
    var plan = ParallelPlan.of(128).tensor(8).pipeline(4);
    String svg = plan.traffic(GPT3, 64).over(many).picture().svg();
    assertTrue(svg.contains("to server"), svg.substring(0, 400));
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
