package weft.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.units.DataSize;

/** Schedules against the costs that the literature gives, {@code reference/collectives.csv}. */
class CostTest {

  static Stream<Collective> everyAlgorithm() {
    return CollectivesTest.withServers().filter(c -> !c.toString().contains("chunks"));
  }

  /** A size that every number of ranks up to 64 that is tried divides, in halves and shares. */
  private static int elements(int ranks) {
    return 64 * ranks * 4;
  }

  /** The closed form is the schedule's own count, to the byte. */
  @ParameterizedTest
  @MethodSource("everyAlgorithm")
  void theScheduleCostsWhatTheClosedFormSays(Collective collective) {
    boolean servers = collective.toString().matches(".*(servers of|rails).*");
    for (int ranks = servers ? 4 : 1; ranks <= 64; ranks += servers ? 4 : 1) {
      int elements = elements(ranks);
      Cost counted = Cost.of(collective.schedule(ranks, elements));
      Cost closed = collective.cost(ranks, new DataSize(4L * elements));
      String what = collective + " on " + ranks;
      assertEquals(counted.rounds(), closed.rounds(), 0, what);
      double tolerance = collective.toString().contains("channels") ? 0.02 : 1e-12;
      assertEquals(counted.bytes(), closed.bytes(), tolerance * closed.bytes(), what);
      assertEquals(counted.reduced(), closed.reduced(), tolerance * closed.bytes(), what);
    }
  }

  /** The rows COST.*: rounds, and bytes as shares of the array, by p and log2 p. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 8, 16, 32, 64})
  void powersOfTwoCostWhatThakurRabenseifnerAndGroppSay(int p) {
    double lg = Integer.numberOfTrailingZeros(p);
    double share = (p - 1.0) / p;
    check(AllReduce.ring(), p, 2.0 * (p - 1), 2 * share, share);
    check(AllGather.ring(), p, p - 1, share, 0);
    check(ReduceScatter.ring(), p, p - 1, share, share);
    check(AllReduce.recursiveDoubling(), p, lg, lg, lg);
    check(AllReduce.halvingDoubling(), p, 2 * lg, 2 * share, share);
    check(AllGather.recursiveDoubling(), p, lg, share, 0);
    check(ReduceScatter.recursiveHalving(), p, lg, share, share);
    check(Broadcast.binomial(), p, lg, lg, 0);
    check(Broadcast.scatterAllGather(), p, lg + p - 1, 2 * share, 0);
    check(AllToAll.pairwise(), p, p - 1, share, 0);
    check(AllToAll.bruck(), p, lg, lg / 2, 0);
  }

  private static void check(
      Collective collective, int p, double rounds, double bytes, double reduced) {
    int elements = elements(p);
    Cost cost = Cost.of(collective.schedule(p, elements));
    assertEquals(rounds, cost.rounds(), 0, collective.toString());
    assertEquals(bytes, cost.bytes() / 4 / elements, 1e-12, collective.toString());
    assertEquals(reduced, cost.reduced() / 4 / elements, 1e-12, collective.toString());
  }

  /** Any number of ranks takes ceil(log2 p) rounds by Bruck, binomial trees and dissemination. */
  @Test
  void logarithmicAlgorithmsTakeTheCeilingOfTheLogarithm() {
    for (int p = 2; p <= 64; p++) {
      int lg = (int) Math.ceil(Math.log(p) / Math.log(2) - 1e-9);
      assertEquals(lg, AllGather.bruck().schedule(p, 640).steps());
      assertEquals(lg, AllToAll.bruck().schedule(p, 640).steps());
      assertEquals(lg, Broadcast.binomial().schedule(p, 640).steps());
      assertEquals(lg, Barrier.dissemination().schedule(p, 640).steps());
      assertEquals(2 * lg, AllReduce.bruck().schedule(p, 640).steps());
      assertEquals(2 * lg, AllReduce.tree().schedule(p, 640).steps());
      assertEquals(2 * lg, AllReduce.doubleBinaryTree().schedule(p, 640).steps());
    }
  }

  /** Sanders, Speck and Träff: who has children in one tree is a leaf of the other. */
  @Test
  void inTwoTreesNoRankSendsOrReceivesMoreThanTwiceTheArray() {
    for (int p = 2; p <= 64; p++) {
      Schedule trees = AllReduce.doubleBinaryTree().schedule(p, 1000);
      for (int rank = 0; rank < p; rank++) {
        assertTrue(trees.sent(rank) <= 2000, p + " ranks, rank " + rank);
      }
      Schedule tree = AllReduce.tree().schedule(p, 1000);
      long most = 0;
      for (int rank = 0; rank < p; rank++) {
        most = Math.max(most, tree.sent(rank));
      }
      assertEquals(p == 2 ? 1000 : p == 3 ? 2000 : 3000, most, p + " ranks");
    }
  }

  /** k chunks take k - 1 steps more than one, and each a k-th of the bytes. */
  @Test
  void aPipelineTakesAStepMoreForEachChunk() {
    var chunk = new DataSize(4 * 100);
    for (int k : new int[] {1, 2, 10, 64}) {
      assertEquals(2 * 4 + k - 1, AllReduce.tree().chunked(chunk).schedule(16, 100 * k).steps());
      assertEquals(15 + k - 1, Broadcast.chain().chunked(chunk).schedule(16, 100 * k).steps());
    }
    Cost chain = Broadcast.chain().chunked(chunk).cost(16, new DataSize(4 * 6400));
    assertEquals(new Cost(78, 78 * 400, 0), chain);
  }

  /** A train is as short as its channel's part of the array, and one rank sends none. */
  @Test
  void channelsOfChunksAndRailsOfTreesCostWhatTheirSchedulesDo() {
    var chunk = new DataSize(4 * 50);
    List<AllReduce> mixed =
        List.of(
            AllReduce.doubleBinaryTree().chunked(chunk).channels(5),
            AllReduce.nvls().chunked(chunk).channels(3),
            AllReduce.tree().channels(4).chunked(chunk),
            AllReduce.tree().rails(4),
            AllReduce.doubleBinaryTree().chunked(chunk).rails(4),
            AllReduce.ring().hierarchical(4).rails(4));
    for (AllReduce each : mixed) {
      for (int ranks : new int[] {1, 4, 12, 32}) {
        if (ranks > 1 || !each.toString().contains("rails")) {
          int elements = 60 * 32 * 12;
          Cost counted = Cost.of(each.schedule(ranks, elements));
          Cost closed = each.cost(ranks, new DataSize(4L * elements));
          assertEquals(counted.rounds(), closed.rounds(), 0, each + " on " + ranks);
          assertEquals(
              counted.bytes(), closed.bytes(), 0.01 * closed.bytes(), each + " on " + ranks);
        }
      }
    }
  }

  /** Rows NVLS.wire and SHARP.ib: S (1 + 1/n) and S pass each link, each way, once it streams. */
  @Test
  void reductionInSwitchesStreams() {
    var chunk = new DataSize(4 * 64);
    var size = new DataSize(4 * 64 * 1000);
    double nvls = AllReduce.nvls().chunked(chunk).cost(8, size).bytes() / size.bytes();
    assertEquals(1 + 1.0 / 8, nvls, 0.005);
    double sharp = AllReduce.inNetwork().chunked(chunk).cost(8, size).bytes() / size.bytes();
    assertEquals(1, sharp, 0.005);
    Schedule made = AllReduce.nvls().schedule(8, 6400);
    assertEquals(6400 * (1 + 1.0 / 8), (double) made.sent(3), 0);
  }

  /** Row COST.hier.allreduce: a NIC carries 2 (k-1)/k of an eighth of the array. */
  @Test
  void aHierarchySendsAnEighthBetweenServersOfEight() {
    Schedule made = AllReduce.ring().hierarchical(8).schedule(32, 3200);
    long[] out = new long[32];
    for (int t = 0; t < made.size(); t++) {
      if (made.from(t) / 8 != made.to(t) / 8) {
        assertEquals(made.from(t) % 8, made.to(t) % 8, "between servers only along a rail");
        out[made.from(t)] += made.length(t);
      }
    }
    for (long sent : out) {
      assertEquals(2 * 3.0 / 4 * 3200 / 8, (double) sent, 0);
    }
  }

  /** A ring alone uses one NIC a server; one ring a rail uses all alike and stays on rails. */
  @Test
  void aRingOnEachRailUsesAllNicsAlike() {
    Schedule made = AllReduce.ring().rails(8).schedule(32, 32 * 8);
    long[] out = new long[32];
    for (int t = 0; t < made.size(); t++) {
      if (made.from(t) / 8 != made.to(t) / 8) {
        assertEquals(made.from(t) % 8, made.to(t) % 8);
        out[made.from(t)] += made.length(t);
      }
    }
    for (long sent : out) {
      assertEquals(2 * 31, sent);
    }
  }

  /** Row PXN: between servers, one message to each server and rail. */
  @Test
  void allToAllThroughRailsSendsOneMessageToEachServer() {
    Schedule made = AllToAll.hierarchical(8).schedule(32, 320);
    long between = 0;
    for (int t = 0; t < made.size(); t++) {
      between += made.from(t) / 8 != made.to(t) / 8 ? 1 : 0;
    }
    assertEquals(32 * 3, between);
    assertEquals(2, made.steps());
  }

  /** 1 MiB on 16 ranks at 400 Gb/s with 5 us: a tree's latency against a ring's bandwidth. */
  @Test
  void timeIsLatencyBandwidthAndAdditions() {
    Cost ring = AllReduce.ring().cost(16, mib(1));
    double wire = 2 * 15.0 / 16 * (1 << 20) * 8 / 400e9 * 1e6;
    assertEquals(30 * 5 + wire, ring.time(us(5), gbps(400)).micros(), 1e-6);
    assertEquals(
        30 * 5 + wire + wire / 2 / 4, ring.time(us(5), gbps(400), gbps(1600)).micros(), 1e-6);
  }

  /** Rows BUSBW.*: what nccl-tests multiplies algorithm bandwidth with. */
  @Test
  void busBandwidthFactorsAreThoseOfNcclTests() {
    Map<Collective, DoubleUnaryOperator> factors =
        Map.of(
            AllReduce.tree(), n -> 2 * (n - 1) / n,
            AllGather.ring(), n -> (n - 1) / n,
            ReduceScatter.ring(), n -> (n - 1) / n,
            AllToAll.direct(), n -> (n - 1) / n,
            Broadcast.flat(), n -> 1,
            Reduce.flat(), n -> 1,
            SendReceive.ring(), n -> 1);
    factors.forEach(
        (collective, factor) ->
            assertEquals(factor.applyAsDouble(24), collective.busBandwidthFactor(24), 1e-15));
  }
}
