package weft.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacementTest {

  @Test
  void packedRanksFillServersInOrder() {
    assertArrayEquals(IntStream.range(0, 16).toArray(), Placement.packed().place(16, 64));
  }

  @Test
  void scatteredRanksHaveAGpuEachAndDependOnTheSeedAlone() {
    int[] placed = Placement.scattered(7).place(16, 64);
    assertEquals(16, Arrays.stream(placed).distinct().count());
    assertArrayEquals(placed, Placement.scattered(7).place(16, 64));
    assertEquals(64, Arrays.stream(Placement.scattered(1).place(64, 64)).distinct().count());
  }

  /** Each hop of a ring stays inside a server or on one rail, wherever the ring is cut off. */
  @ParameterizedTest
  @CsvSource({"64, 64, 8", "16, 64, 8", "8, 64, 8", "12, 12, 4", "6, 6, 6"})
  void aRailAlignedRingNeverCrossesFromRailToRail(int ranks, int gpus, int each) {
    int[] placed = Placement.railAligned(each).place(ranks, gpus);
    for (int rank = 0; rank < ranks; rank++) {
      int a = placed[rank];
      int b = placed[(rank + 1) % ranks];
      assertTrue(a / each == b / each || a % each == b % each, a + " to " + b);
    }
  }

  @Test
  void aRailAlignedPlacementNeedsWholeServers() {
    refused(
        "a rail-aligned placement needs servers of 8 GPUs each, but the fabric has 12 GPUs, which is no multiple: give the GPUs each of its servers has",
        () -> Placement.railAligned(8).place(4, 12));
    refused(
        "GPUs a server must be at least 1, but was 0: a DGX H100 has 8",
        () -> Placement.railAligned(0));
  }

  @Test
  void anImpossiblePlacementIsRefused() {
    refused(
        "65 ranks need 65 GPUs, but the fabric has 64: add servers or lower the rank count",
        () -> Placement.packed().place(65, 64));
    refused(
        "GPU 64 does not exist: the fabric's GPUs are 0 to 63, place ranks on those",
        () -> Placement.on(0, 64).place(2, 64));
    refused(
        "GPU 3 was given to two ranks: each rank needs its own",
        () -> Placement.on(3, 3).place(2, 64));
    refused(
        "a placement names one GPU a rank, but named 1 for 2 ranks: name as many as there are ranks",
        () -> Placement.on(3).place(2, 64));
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  /** Roofline: a large product is bound by arithmetic, a large copy by memory. */
  @Test
  void aKernelTakesTheLongerOfArithmeticAndMemory() {
    Accelerator h100 = Accelerator.H100.efficiency(1);
    assertEquals(1000, h100.timeFor(989e12, 1).millis(), 1e-6);
    assertEquals(1000, h100.timeFor(1, 3.35e12).millis(), 1e-6);
  }
}
