package weft.routing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.us;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import weft.routing.LoadBalancing.Granularity;
import weft.units.Time;

/** Each policy at one switch. */
class PoliciesTest {
  private static final int N = 8;

  private final SwitchStub here = new SwitchStub(N);

  private static long us10(int times) {
    return us(10).ps() * times;
  }

  @Test
  void roundRobinGivesEveryPortTheSameNumberOfPackets() {
    int[] counts = here.counts(Spray.roundRobin().open(here), 3 * N);
    assertArrayEquals(new int[] {3, 3, 3, 3, 3, 3, 3, 3}, counts);
  }

  /** 24,000 draws over 8: the mean is 3,000, its standard deviation 51. */
  @Test
  void randomSprayIsEven() {
    for (int count : here.counts(Spray.perPacket().open(here), 24_000)) {
      assertEquals(3000, count, 5 * 51);
    }
  }

  @Test
  void withOneHashSeedEverySwitchChoosesAlike() {
    SwitchView other =
        new SwitchStub(N) {
          @Override
          public long hashSeed() {
            return 8;
          }
        };
    var own = Ecmp.fiveTuple();
    var shared = own.hashSeed(42);
    assertArrayEquals(here.counts(shared.open(here), 100), here.counts(shared.open(other), 100));
    assertTrue(!Arrays.equals(here.counts(own.open(here), 100), here.counts(own.open(other), 100)));
  }

  @Test
  void aFlowletKeepsItsPortUntilItPausesForLongerThanTheGap() {
    PortSelector flowlet = Flowlet.gap(us(50)).open(here);
    PacketView packet = SwitchStub.packet(3);
    int port = flowlet.choose(packet, N);
    for (int k = 1; k <= 20; k++) {
      here.now = us10(5 * k); // 50 us after the last
      assertEquals(port, flowlet.choose(packet, N));
    }
    boolean moved = false;
    for (int k = 1; k <= 20; k++) {
      here.now += us(50).ps() + 1;
      moved |= flowlet.choose(packet, N) != port;
    }
    assertTrue(moved);
  }

  @Test
  void aFlowletMovesWhenItsPortLeadsThereNoMore() {
    PortSelector flowlet = Flowlet.gap(us(50)).open(here);
    PacketView packet = SwitchStub.packet(3);
    while (flowlet.choose(packet, N) != N - 1) {
      here.now += us(51).ps();
    }
    assertNotEquals(N - 1, flowlet.choose(packet, N - 1));
  }

  @Test
  void dynamicByQueueAvoidsLongQueues() {
    PortSelector dynamic = Dynamic.perPacket().byQueue().open(here);
    Arrays.fill(here.queue, 0, 6, 100_000); // 8 us at 100 Gb/s: the last band
    int[] counts = here.counts(dynamic, 1000);
    assertEquals(1000, counts[6] + counts[7]);
    assertEquals(500, counts[6], 5 * 16); // drawn among the best
  }

  @Test
  void queuesOfOneBandAreAlike() {
    PortSelector dynamic = Dynamic.perPacket().byQueue().open(here);
    Arrays.fill(here.queue, 0, 4, 12_000); // under 1 us at 100 Gb/s
    for (int count : here.counts(dynamic, 8000)) {
      assertEquals(1000, count, 5 * 30);
    }
  }

  @Test
  void dynamicByUtilisationAvoidsPortsThatWereBusyOfLate() {
    PortSelector dynamic = Dynamic.perPacket().byUtilisation().open(here);
    for (int k = 1; k <= 10; k++) {
      here.now = us10(k);
      for (int i = 0; i < 7; i++) {
        here.sent[i] += 125_000; // 10 us at 100 Gb/s
      }
      dynamic.choose(SwitchStub.packet(0), N);
    }
    assertEquals(100, here.counts(dynamic, 100)[7]);
    here.now += us(100).ps(); // nothing sent: all have been idle since
    assertTrue(here.counts(dynamic, 100)[7] < 50);
  }

  @Test
  void adaptiveTakesTheShortestQueueAndDrawsAmongEqualOnes() {
    Arrays.fill(here.queue, 5000);
    here.queue[5] = 4999;
    assertEquals(100, here.counts(Adaptive.perPacket().open(here), 100)[5]);
    here.queue[5] = 5000;
    for (int count : here.counts(Adaptive.perPacket().open(here), 8000)) {
      assertEquals(1000, count, 5 * 30);
    }
  }

  /**
   * Balls into bins, one after the other: the fullest of 1,000 bins has ln n / ln ln n more or less
   * by random draws, ln ln n / ln 2 by the shorter of two (Mitzenmacher 2001).
   */
  @Test
  void theShorterOfTwoQueuesKeepsTheLongestShort() {
    assertEquals(5, fullest(Spray.perPacket()), 1);
    assertEquals(3, fullest(Adaptive.perPacket().choices(2)), 1);
    assertEquals(1, fullest(Adaptive.perPacket()));
  }

  private static double fullest(LoadBalancing balancing) {
    var bins = new SwitchStub(1000);
    PortSelector selector = balancing.open(bins);
    for (int ball = 0; ball < 1000; ball++) {
      bins.queue[selector.choose(SwitchStub.packet(ball), 1000)]++;
    }
    return Arrays.stream(bins.queue).max().orElseThrow();
  }

  /** Three of four cables to one spine are gone: it gets a quarter of another's flows. */
  @Test
  void weightedEcmpGivesEachPortFlowsAsItsPathsHaveCapacity() {
    here.path[2] = 25e9;
    int[] counts = here.counts(Weighted.byCapacity().open(here), 29_000);
    for (int i = 0; i < N; i++) {
      double expected = i == 2 ? 1000 : 4000;
      assertEquals(expected, counts[i], 5 * Math.sqrt(expected), "port " + i);
    }
  }

  @Test
  void whatKeepsOrderSaysSo() {
    assertEquals(Granularity.FLOW, Ecmp.queuePairs(4).granularity());
    assertEquals(Granularity.FLOWLET, Dynamic.flowlet(us(50)).granularity());
    assertEquals(Granularity.PACKET, Dynamic.perPacket().granularity());
    LoadBalancing own = view -> (packet, n) -> 0;
    assertEquals(Granularity.PACKET, own.granularity());
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  @Test
  void whatMakesNoSenseIsRefusedWithARemedy() {
    assertEquals(
        "a flowlet's gap is above 0, but was 0 ps: write us(50), or Spray.perPacket() to place"
            + " every packet on its own",
        refusal(() -> Flowlet.gap(Time.ZERO)));
    assertEquals(
        "a flow has from 1 to 4096 queue pairs, but 0 were asked for: write for example"
            + " Ecmp.queuePairs(8)",
        refusal(() -> Ecmp.queuePairs(0)));
    assertTrue(refusal(() -> Adaptive.perPacket().choices(0)).contains("at least 1"));
    assertTrue(refusal(() -> new Dynamic(null, 101)).contains("from 0 to 100 %"));
  }
}
