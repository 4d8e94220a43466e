package weft.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;

/** Arrays of a collective after each step, on paper. */
class TraceTest {
  private static double[][] decades(int ranks) {
    double[][] arrays = new double[ranks][ranks];
    for (int rank = 0; rank < ranks; rank++) {
      for (int i = 0; i < ranks; i++) {
        arrays[rank][i] = (i + 1) * Math.pow(10, rank);
      }
    }
    return arrays;
  }

  /** The textbook's four ranks: three steps add, three hand round; one chunk arrives in each. */
  @Test
  void aRingOfFourAddsInThreeStepsAndHandsRoundInThree() {
    Table trace = AllReduce.ring().schedule(4, 4).trace(decades(4));
    assertEquals(
        List.of("start", "step 1", "step 2", "step 3", "step 4", "step 5", "step 6"),
        trace.stringColumn("after").asList());
    assertEquals("1, 2, 3, 4", trace.getString(0, "rank 0"));
    assertEquals("1, 2, 3, [4004]", trace.getString(1, "rank 0"));
    assertEquals("[1111], 2220, 3300, 4000", trace.getString(3, "rank 3"));
    assertEquals("1111, 2222, [3333], 4444", trace.getString(6, "rank 0"));
    for (int step = 1; step <= 6; step++) {
      for (int rank = 0; rank < 4; rank++) {
        String arrays = trace.getString(step, rank + 1);
        assertEquals(1, arrays.chars().filter(c -> c == '[').count(), arrays);
      }
    }
  }

  /**
   * Each algorithm's last row is the sum, whatever came before; switches that add have no column.
   */
  @Test
  void everyAlgorithmEndsWithTheSumInEveryColumn() {
    for (AllReduce algorithm :
        List.of(
            AllReduce.ring(),
            AllReduce.tree(),
            AllReduce.doubleBinaryTree(),
            AllReduce.halvingDoubling(),
            AllReduce.recursiveDoubling(),
            AllReduce.bruck(),
            AllReduce.inNetwork(),
            AllReduce.ring().hierarchical(2))) {
      Table trace = algorithm.schedule(4, 4).trace(decades(4));
      assertEquals(5, trace.columnCount());
      for (int rank = 0; rank < 4; rank++) {
        String last = trace.getString(trace.rowCount() - 1, rank + 1);
        assertEquals("1111, 2222, 3333, 4444", last.replaceAll("[\\[\\]]", ""), algorithm + "");
      }
    }
  }

  @Test
  void theArraysGivenStayAsTheyAre() {
    double[][] arrays = decades(4);
    AllReduce.ring().schedule(4, 4).trace(arrays);
    assertArrayEquals(new double[] {1, 2, 3, 4}, arrays[0]);
  }

  @Test
  void whatFillsNoPageIsRefused() {
    Schedule large = AllReduce.ring().schedule(17, 17);
    var refusal = assertThrows(IllegalArgumentException.class, () -> large.trace(decades(17)));
    assertEquals(
        "a trace shows up to 16 ranks with up to 16 elements each, but was given 17 with 17: trace a small one, the steps are the same",
        refusal.getMessage());
    Schedule four = AllReduce.ring().schedule(4, 4);
    assertThrows(IllegalArgumentException.class, () -> four.trace(decades(3)));
  }
}
