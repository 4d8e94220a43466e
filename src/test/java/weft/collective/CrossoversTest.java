package weft.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.kib;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tech.tablesaw.api.Table;
import weft.units.DataSize;

/** Where one algorithm overtakes another by the alpha-beta model. */
class CrossoversTest {
  /**
   * Recursive doubling and the ring cost {@code lg p (α + nβ)} and {@code 2(p-1) α + 2(p-1)/p nβ}
   * (Thakur, Rabenseifner and Gropp, IJHPCA 2005), so they meet at {@code n = α (2(p-1) - lg p) / β
   * (lg p - 2(p-1)/p)}.
   */
  @ParameterizedTest
  @CsvSource({"8, 1, 400", "64, 1, 392", "64, 5, 400", "256, 2, 100"})
  void twoStraightLinesMeetWhereTheFormulaSays(int p, double latency, double rate) {
    double lg = Integer.numberOfTrailingZeros(p);
    double rounds = 2 * (p - 1) - lg;
    double bytes = lg - 2 * (p - 1.0) / p;
    double meet = latency * 1e-6 * rounds / (8 / (rate * 1e9) * bytes);
    var model = AlphaBeta.of(p, us(latency), gbps(rate));
    Table fastest = model.compare(AllReduce.recursiveDoubling(), AllReduce.ring()).fastest();
    assertEquals(2, fastest.rowCount());
    assertEquals(List.of("recursive doubling", "ring"), fastest.stringColumn("fastest").asList());
    assertEquals(new DataSize(Math.round(meet)).decimal(), fastest.getString(1, "from"));
    double there = fastest.doubleColumn(2).get(1);
    assertEquals(model.time(AllReduce.ring(), new DataSize((long) meet)).micros(), there, 1e-3);
  }

  /** 2 lg p rounds are never more than 2(p-1), and the bytes are the same. */
  @Test
  void withoutContentionHalvingDoublingIsNeverSlowerThanTheRing() {
    for (int p = 2; p <= 512; p *= 2) {
      var both =
          AlphaBeta.of(p, us(1), gbps(400)).compare(AllReduce.halvingDoubling(), AllReduce.ring());
      assertEquals(List.of("halving-doubling"), both.fastest().stringColumn("fastest").asList());
    }
  }

  /** A train too long to count costs what its schedule counts. */
  @ParameterizedTest
  @CsvSource({"4, 100, 6400", "16, 64, 6400", "16, 100, 12345", "31, 32, 9999", "64, 10, 400"})
  void longTrainsCostWhatTheirScheduleCounts(int ranks, int chunk, int elements) {
    for (AllReduce inner :
        List.of(
            AllReduce.tree(),
            AllReduce.doubleBinaryTree(),
            AllReduce.inNetwork(),
            AllReduce.ring().hierarchical(1))) {
      AllReduce train = inner.chunked(new DataSize(4L * chunk));
      Cost counted = Cost.of(train.schedule(ranks, elements));
      Cost closed = train.cost(ranks, new DataSize(4L * elements));
      assertEquals(counted.rounds(), closed.rounds(), 0, train.toString());
      assertEquals(counted.bytes(), closed.bytes(), 0.02 * counted.bytes(), train.toString());
      assertEquals(counted.reduced(), closed.reduced(), 0.02 * counted.bytes(), train.toString());
    }
  }

  @Test
  void tablesAndChartsNameTheAlgorithmsOnce() {
    var crossovers =
        AlphaBeta.of(8, us(1), gbps(400))
            .compare(AllReduce.ring(), AllReduce.doubleBinaryTree().chunked(kib(64)));
    Table table = crossovers.table();
    assertEquals(
        List.of("size (B)", "ring (us)", "double binary tree in chunks of 64 KiB (us)", "fastest"),
        table.columnNames());
    assertEquals(
        "AllReduce by the alpha-beta model, 8 ranks, 1 us a round, 400 Gb/s", table.name());
    assertEquals(8, table.longColumn(0).get(0));
    assertEquals(1L << 30, table.longColumn(0).get(table.rowCount() - 1));
    assertEquals(2, crossovers.chart().getSeriesCollection().size());
  }

  /** 64 ranks, 16 MiB: 126 rounds and 2 x 63/64 of the array take 126 + 674 us. */
  @Test
  void oneSizeShowsRoundsAndBytes() {
    Table at =
        AlphaBeta.of(64, us(1), gbps(392))
            .compare(AllReduce.ring(), AllReduce.halvingDoubling())
            .at(mib(16));
    assertEquals(List.of("ring", "halving-doubling"), at.stringColumn("algorithm").asList());
    assertEquals(List.of(126.0, 12.0), at.doubleColumn("rounds").asList());
    double megabytes = 2 * 63 / 64.0 * 16 * 1.048576;
    assertEquals(megabytes, at.doubleColumn(2).get(0), 1e-9);
    assertEquals(126 + megabytes * 8 / 392 * 1e3, at.doubleColumn(3).get(0), 1e-5);
  }

  @Test
  void nothingToCompareIsRefused() {
    var model = AlphaBeta.of(8, us(1), gbps(400));
    assertThrows(IllegalArgumentException.class, model::compare);
    var one = assertThrows(IllegalArgumentException.class, () -> AlphaBeta.of(1, us(1), gbps(400)));
    assertTrue(String.valueOf(one.getMessage()).contains("one rank has nobody to send to"));
  }
}
