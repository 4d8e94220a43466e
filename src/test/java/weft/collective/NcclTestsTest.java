package weft.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import weft.cluster.Server;

/** An output of nccl-tests that somebody published, read. */
class NcclTestsTest {
  private static final Path FILE = Path.of("notebooks", "data", "nccl-tests-2x8-h100.txt");
  private static final NcclTests A3_MEGA = NcclTests.read(FILE);

  /** The output's own last line says 70.742. */
  @Test
  void theAverageIsTheOneThatNcclTestsPrints() {
    assertEquals(31, A3_MEGA.lines().size());
    assertEquals(70.742, A3_MEGA.average(), 0.001);
  }

  /** algbw = S / t, busbw = algbw x 2 (n-1)/n with 16 ranks, as far as they are printed. */
  @Test
  void bandwidthsFollowFromSizeAndTime() {
    for (NcclTests.Line line : A3_MEGA.lines()) {
      double algorithm = line.size().bytes() / line.time().seconds() / 1e9;
      assertEquals(algorithm, line.algorithmBandwidth(), 0.005 + 1e-3 * algorithm);
      assertEquals(algorithm * 2 * 15 / 16, line.busBandwidth(), 0.01 + 1e-3 * algorithm);
    }
  }

  /**
   * More than a server's eight NICs of 25 GB/s carry: what leaves a server is an eighth of the
   * array for each NIC, busbw (k-1)/(n-1), {@code reference/collectives.csv}: HIER.nic_rate.
   */
  @Test
  void busBandwidthOfTwoServersExceedsTheirNics() {
    double largest = A3_MEGA.lines().get(30).busBandwidth();
    assertTrue(largest > 8 * 25);
    assertEquals(22.6, largest / 15, 0.05);
  }

  @Test
  void tableAndChartShowEverySize() {
    assertEquals(31, A3_MEGA.table().rowCount());
    assertEquals(338.82, A3_MEGA.table().doubleColumn("busbw (GB/s)").max());
    var expected = Nccl.defaults().on(Server.DGX_H100, 2);
    assertEquals(3, A3_MEGA.chart(expected).getSeriesCollection().size());
  }

  @Test
  void whatIsNoOutputIsRefused() {
    assertThrows(UncheckedIOException.class, () -> NcclTests.read(Path.of("no such file")));
    var none = assertThrows(IllegalArgumentException.class, () -> NcclTests.read("# nothing"));
    assertTrue(String.valueOf(none.getMessage()).contains("but there is none"));
    var cut =
        assertThrows(
            IllegalArgumentException.class, () -> NcclTests.read("1024 256 float sum -1 123.4"));
    assertTrue(String.valueOf(cut.getMessage()).contains("paste whole lines"));
    var words =
        assertThrows(
            IllegalArgumentException.class,
            () -> NcclTests.read("1024 256 float sum -1 fast 1 1 0 9 1 1 0"));
    assertTrue(String.valueOf(words.getMessage()).contains("paste it as printed"));
  }
}
