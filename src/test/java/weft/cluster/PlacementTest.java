package weft.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

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
