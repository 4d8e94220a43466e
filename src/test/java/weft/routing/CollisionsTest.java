package weft.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Against loadbalancing.csv, whose rows ECMP.* and QP.* are exact enumerations. */
class CollisionsTest {
  private static void agree(
      Collisions c, double max, double slowest, double used, double noCollision) {
    assertEquals(max, c.expectedMaxLoad(), 5e-6);
    assertEquals(slowest, c.expectedSlowestShare(), 5e-7);
    assertEquals(used, c.usedShare(), 5e-7);
    assertEquals(noCollision, c.noCollision(), 5e-6 * noCollision);
  }

  @Test
  void hashedFlowsCollideAsEnumerationSays() {
    agree(Collisions.of(8, 8), 2.59723, 0.409994, 0.656391, 0.00240326);
    agree(Collisions.of(16, 16), 3.07825, 0.344533, 0.643926, 1.13423e-06);
    agree(Collisions.of(8, 16), 2.06292, 0.531036, 0.403281, 0.12082);
  }

  @Test
  void moreQueuePairsFillLinksMoreEvenlyAsEnumerationSays() {
    assertEquals(2.597233, Collisions.of(8, 8).queuePairs(1).expectedMaxLoad(), 5e-7);
    assertEquals(1.761946, Collisions.of(8, 8).queuePairs(4).expectedMaxLoad(), 5e-7);
    assertEquals(3.078247, Collisions.of(16, 16).queuePairs(1).expectedMaxLoad(), 5e-7);
    assertEquals(1.669612, Collisions.of(16, 16).queuePairs(8).expectedMaxLoad(), 5e-7);
  }

  /** Every hash of 5 flows onto 3 links, counted one by one. */
  @Test
  void smallCasesAreWhatCountingGives() {
    int[] hashesByMax = new int[6];
    for (int hash = 0; hash < 243; hash++) {
      int[] load = new int[3];
      for (int f = 0, rest = hash; f < 5; f++, rest /= 3) {
        load[rest % 3]++;
      }
      hashesByMax[IntStream.of(load).max().orElseThrow()]++;
    }
    for (int k = 0; k <= 5; k++) {
      assertEquals(hashesByMax[k] / 243.0, Collisions.of(5, 3).maxLoadChance(k), 1e-14, "k " + k);
    }
  }

  /** ECMP.used: with as many flows as links the used share tends to 1 - 1/e. */
  @Test
  void manyFlowsLeaveOneLinkInEIdle() {
    assertEquals(1 - 1 / Math.E, Collisions.of(512, 512).usedShare(), 4e-4);
  }

  @Test
  void oneFlowOnOneLinkIsSure() {
    Collisions one = Collisions.of(1, 1);
    assertEquals(1, one.expectedMaxLoad());
    assertEquals(1, one.expectedSlowestShare());
    assertEquals(1, one.noCollision());
    assertEquals(0.5, Collisions.of(1, 64).queuePairs(2).expectedMaxLoad(), 0.01);
    assertEquals(1, Collisions.of(1, 64).queuePairs(2).expectedSlowestShare(), 1e-14);
  }

  @Test
  void tableAndChartSayWhatIsMeant() {
    assertEquals(
        "Hashing 8 flows of 4 queue pairs on 8 links",
        Collisions.of(8, 8).queuePairs(4).table().name());
    var chart = Collisions.of(8, 8).chart();
    assertEquals("8 flows on 8 links: the fullest link", chart.getTitle());
    var bars = chart.getSeriesCollection().iterator().next();
    double all = DoubleStream.of(bars.getYData()).sum();
    assertEquals(100, all, 1e-9);
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> Collisions.of(0, 8))
            .getMessage()
            .startsWith("flows must be at least 1"));
  }
}
