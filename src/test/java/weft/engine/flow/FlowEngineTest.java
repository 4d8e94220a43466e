package weft.engine.flow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import java.util.Arrays;
import org.apache.commons.math3.random.Well19937c;
import org.junit.jupiter.api.Test;
import weft.transport.Scheduling;

/** Times by closed forms. */
class FlowEngineTest {
  private static final double GBPS = gbps(1).bitsPerSecond();
  private static final double EVERYTHING = Double.POSITIVE_INFINITY;

  private static FlowEngine links(double... gbps) {
    return new FlowEngine(Arrays.stream(gbps).map(g -> g * GBPS).toArray());
  }

  @Test
  void aMessageAloneTakesItsSizeOverTheNarrowestLinkAndItsLatency() {
    FlowEngine engine = links(100, 8, 100);
    int flow = engine.open(new int[] {0, 1, 2}, us(3).ps());
    int message = engine.send(flow, 1000, us(5).ps());
    engine.run();
    assertEquals(us(5).ps(), engine.startedPs(message));
    assertEquals(us(5 + 1 + 3).ps(), engine.deliveredPs(message));
    assertEquals(1000, engine.sentBytes(flow));
  }

  /** 1 kB and 3 kB at 8 Gb/s: half each until the short one is through, then all. */
  @Test
  void twoShareALinkUntilOneIsThrough() {
    FlowEngine engine = links(8);
    int one = engine.send(engine.open(new int[] {0}, 0), 1000, 0);
    int other = engine.send(engine.open(new int[] {0}, 0), 3000, 0);
    engine.run();
    assertEquals(us(2).ps(), engine.deliveredPs(one));
    assertEquals(us(4).ps(), engine.deliveredPs(other));
  }

  /** One flow over n links and one over each: all get half, whatever n is. */
  @Test
  void onAParkingLotTheLongFlowGetsHalf() {
    FlowEngine engine = links(8, 8, 8, 8, 8);
    int[] all = {0, 1, 2, 3, 4};
    int across = engine.open(all, 0);
    engine.send(across, 1_000_000, 0);
    for (int link : all) {
      engine.send(engine.open(new int[] {link}, 0), 1_000_000, 0);
    }
    engine.run(() -> engine.bitsPerSecond(across) > 0);
    for (int flow = 0; flow < engine.flows(); flow++) {
      assertEquals(4 * GBPS, engine.bitsPerSecond(flow), 1);
    }
  }

  /** What one cannot use the others share: 2 over a link of 10, one of them held to 2 elsewhere. */
  @Test
  void whatOneCannotUseTheOthersShare() {
    FlowEngine engine = links(10, 2);
    int held = engine.open(new int[] {0, 1}, 0);
    int free = engine.open(new int[] {0}, 0);
    int capped = engine.open(0, Route.over(new int[] {0}, 0), 1, 3 * GBPS);
    for (int flow : new int[] {held, free, capped}) {
      engine.send(flow, 1_000_000, 0);
    }
    engine.run(() -> engine.bitsPerSecond(free) > 0);
    assertEquals(2 * GBPS, engine.bitsPerSecond(held), 1);
    assertEquals(3 * GBPS, engine.bitsPerSecond(capped), 1);
    assertEquals(5 * GBPS, engine.bitsPerSecond(free), 1);
  }

  @Test
  void weightsDivideALinkAndPartsDivideAFlow() {
    FlowEngine engine = links(12, 100, 100);
    int heavy = engine.open(0, Route.over(new int[] {0}, 0), 2, EVERYTHING);
    var paths =
        new Route(new int[] {0, 1, 2}, new double[] {1, 0.5, 0.5}, new int[0], new double[0], 1, 0);
    int sprayed = engine.open(0, paths, 1, EVERYTHING);
    engine.send(heavy, 1_000_000, 0);
    engine.send(sprayed, 1_000_000, 0);
    engine.run(() -> engine.bitsPerSecond(heavy) > 0);
    assertEquals(8 * GBPS, engine.bitsPerSecond(heavy), 1);
    assertEquals(4 * GBPS, engine.bitsPerSecond(sprayed), 1);
  }

  private static Route answered(int link, int... back) {
    double[] all = new double[back.length];
    Arrays.fill(all, 1);
    return new Route(new int[] {link}, new double[] {1}, back, all, 0, 0);
  }

  /**
   * Full both ways: each direction has the other's acknowledgements besides. One way: whoever sends
   * has all, however little of the way back is free.
   */
  @Test
  void acknowledgementsTakeRoomFromDataButHoldNoFlowBack() {
    double[] capacity = {8 * GBPS, 8 * GBPS, 1 * GBPS};
    var engine = new FlowEngine(capacity, 0.02, Scheduling.ONE_CLASS);
    int there = engine.open(0, answered(0, 1), 1, EVERYTHING);
    int back = engine.open(0, answered(1, 0, 2), 1, EVERYTHING);
    int slow = engine.open(new int[] {2}, 0);
    engine.send(there, 3_000_000, 0);
    engine.send(back, 2_000_000, 0);
    engine.send(slow, 1_000_000, 0);
    engine.run(() -> engine.bitsPerSecond(there) > 0);
    assertEquals(8 * GBPS / 1.02, engine.bitsPerSecond(there), 1);
    assertEquals(8 * GBPS / 1.02, engine.bitsPerSecond(back), 1);
    assertEquals(1 * GBPS / 1.02, engine.bitsPerSecond(slow), 1);
    engine.run(() -> engine.delivered() == 1);
    assertEquals(8 * GBPS, engine.bitsPerSecond(there), 1);
    assertEquals(1 * GBPS, engine.bitsPerSecond(slow), 1);
  }

  /** n senders to one receiver: the last byte comes after all bytes over its link. */
  @Test
  void anIncastDrainsAtTheReceiversRate() {
    double[] capacity = new double[33];
    Arrays.fill(capacity, 100);
    FlowEngine engine = links(capacity);
    for (int sender = 0; sender < 32; sender++) {
      engine.send(engine.open(new int[] {sender, 32}, us(2).ps()), 250_000, 0);
    }
    engine.run();
    assertEquals(us(32 * 20 + 2).ps(), engine.now());
    assertEquals(32, engine.delivered());
  }

  @Test
  void messagesOfAFlowGoOneAfterTheOther() {
    FlowEngine engine = links(8);
    int flow = engine.open(new int[] {0}, us(1).ps());
    int first = engine.send(flow, 1000, 0);
    int second = engine.send(flow, 2000, 0);
    int third = engine.send(flow, 1000, us(10).ps());
    engine.run();
    assertEquals(us(2).ps(), engine.deliveredPs(first));
    assertEquals(us(4).ps(), engine.deliveredPs(second));
    assertEquals(us(12).ps(), engine.deliveredPs(third));
  }

  /** A day at 1 b/s beside nanoseconds at 1 Tb/s; what needs a thousand days never ends early. */
  @Test
  void slowAndFastLinksKeepTheirTimes() {
    FlowEngine engine = new FlowEngine(new double[] {1, 1e12, 1});
    int day = engine.send(engine.open(new int[] {0}, 0), 10_800, 0);
    int fast = engine.send(engine.open(new int[] {1}, 0), 1250, 0);
    int never = engine.send(engine.open(new int[] {1, 2}, 0), 10_800_000, 0);
    engine.run();
    assertEquals(86_400_000_000_000_000L, engine.deliveredPs(day));
    assertEquals(10_000.0, (double) engine.deliveredPs(fast), 2);
    assertEquals(FlowEngine.NOT_YET, engine.deliveredPs(never));
  }

  /** A hundred thousand that start at once, of a byte each. */
  @Test
  void aHugeIncastEndsAtOnce() {
    int senders = 100_000;
    double[] capacity = new double[senders + 1];
    Arrays.fill(capacity, 100 * GBPS);
    FlowEngine engine = new FlowEngine(capacity);
    for (int sender = 0; sender < senders; sender++) {
      engine.send(engine.open(new int[] {sender, senders}, 0), 1, 0);
    }
    engine.run();
    assertEquals(senders, engine.delivered());
    assertEquals(senders * 80.0, (double) engine.now(), 1);
    assertEquals(engine.now(), engine.deliveredPs(0));
    assertEquals(1, engine.fillings());
  }

  /** What happens to links happens before anything starts, and after what ends. */
  @Test
  void aChangeAtTheMomentAMessageEndsSeesItEnded() {
    FlowEngine engine = links(8, 8);
    int flow = engine.open(new int[] {0}, 0);
    engine.send(flow, 1000, 0);
    int after = engine.send(flow, 2000, us(1).ps());
    int only = engine.open(new int[] {1}, 0);
    engine.send(only, 1000, 0);
    double[] seen = new double[4];
    engine.during(
        new FlowEngine.Changes() {
          @Override
          public long nextPs() {
            return seen[0] == 0 ? us(1).ps() : Long.MAX_VALUE;
          }

          @Override
          public void happen(long timePs) {
            seen[0] = engine.carriedBytes(flow);
            seen[1] = engine.leftBytes(flow);
            seen[2] = engine.carriedBytes(only);
            seen[3] = engine.backlogBytes(only);
            engine.capacity(0, 4 * GBPS);
          }
        });
    engine.run();
    assertArrayEquals(new double[] {1000, 2000, 1000, 0}, seen);
    assertEquals(us(5).ps(), engine.deliveredPs(after));
  }

  /** 2 (N - 1) steps of a chunk and a latency. */
  @Test
  void aRingTakesItsStepsAndOnlyTheFirstIsWorkedOut() {
    int n = 64;
    FlowEngine engine = FlowEngineSpeed.ring(n);
    engine.run();
    long chunk = 1_000_000_000 / n;
    assertEquals(2.0 * (n - 1) * (chunk * 80.0 + us(2).ps()), (double) engine.now(), 2.0 * n);
    assertEquals(1, engine.fillings());
  }

  /** With sets that come back or not: the same times, to the rounding of each. */
  @Test
  void bytesAreConservedAndNoLinkIsAboveItsRate() {
    for (int seed = 1; seed <= 100; seed++) {
      var random = new Well19937c(seed);
      int links = 2 + random.nextInt(10);
      double[] capacity = new double[links];
      Arrays.setAll(capacity, l -> 1 + random.nextInt(400));
      FlowEngine engine = links(capacity);
      long[] bytes = new long[links];
      for (int f = 0; f < 30; f++) {
        int first = random.nextInt(links);
        int second = (first + 1 + random.nextInt(links - 1)) % links;
        int flow = engine.open(new int[] {first, second}, random.nextInt(1_000_000));
        for (int m = 0; m < 5; m++) {
          long size = 1L + random.nextInt(1_000_000);
          engine.send(flow, size, random.nextInt(100_000_000));
          bytes[first] += size;
          bytes[second] += size;
        }
      }
      engine.run();
      assertEquals(150, engine.delivered(), "seed " + seed);
      for (int l = 0; l < links; l++) {
        double least = bytes[l] * 8 / capacity[l] * 1000; // ps
        assertTrue(engine.now() >= least, "seed " + seed);
      }
    }
  }

  @Test
  void theSameCallsGiveTheSameTimes() {
    assertArrayEquals(times(), times());
  }

  private static long[] times() {
    FlowEngine engine = FlowEngineSpeed.tree(4);
    engine.run();
    long[] times = new long[engine.messages()];
    Arrays.setAll(times, engine::deliveredPs);
    return times;
  }

  @Test
  void whatCannotBeIsRefused() {
    FlowEngine engine = links(1);
    assertThrows(IllegalArgumentException.class, () -> links(-1));
    assertThrows(IllegalArgumentException.class, () -> engine.open(new int[] {1}, 0));
    assertThrows(IllegalArgumentException.class, () -> engine.open(new int[0], 0));
    assertThrows(IllegalArgumentException.class, () -> engine.send(0, 1, 0));
    int flow = engine.open(new int[] {0}, 0);
    assertThrows(IllegalArgumentException.class, () -> engine.send(flow, 0, 0));
    engine.send(flow, 1000, 0);
    engine.run();
    assertThrows(IllegalArgumentException.class, () -> engine.send(flow, 1, 0));
  }
}
