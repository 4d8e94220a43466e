package weft.collective;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.kib;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.units.DataSize;

/** What holds for every collective and algorithm, on 1 to 64 ranks. */
class CollectivesTest {
  private static final int[] SIZES = {1, 3, 17, 64, 129, 1000};
  private static final DataSize CHUNK = new DataSize(4 * 40);

  static Stream<Collective> onAnyNumberOfRanks() {
    return Stream.of(
        AllReduce.ring(),
        AllReduce.tree(),
        AllReduce.doubleBinaryTree(),
        AllReduce.halvingDoubling(),
        AllReduce.recursiveDoubling(),
        AllReduce.bruck(),
        AllReduce.parameterServer(1),
        AllReduce.inNetwork(),
        AllReduce.nvls(),
        AllReduce.ring().chunked(CHUNK),
        AllReduce.tree().chunked(CHUNK),
        AllReduce.doubleBinaryTree().chunked(CHUNK),
        AllReduce.nvls().chunked(CHUNK),
        AllReduce.inNetwork().chunked(CHUNK),
        AllReduce.ring().channels(4),
        AllReduce.halvingDoubling().channels(2).chunked(CHUNK),
        AllGather.ring(),
        AllGather.recursiveDoubling(),
        AllGather.bruck(),
        AllGather.direct(),
        ReduceScatter.ring(),
        ReduceScatter.recursiveHalving(),
        ReduceScatter.bruck(),
        ReduceScatter.direct(),
        Broadcast.binomial(),
        Broadcast.chain().chunked(CHUNK),
        Broadcast.tree().chunked(CHUNK),
        Broadcast.flat(),
        Broadcast.scatterAllGather(),
        Reduce.binomial(),
        Reduce.chain().chunked(CHUNK),
        Reduce.tree(),
        Reduce.tree().chunked(CHUNK),
        Reduce.flat(),
        Barrier.dissemination(),
        SendReceive.ring());
  }

  static Stream<AllToAll> allToAlls() {
    return Stream.of(AllToAll.direct(), AllToAll.pairwise(), AllToAll.bruck());
  }

  static Stream<Collective> inServers() {
    return Stream.of(
        AllReduce.ring().hierarchical(4),
        AllReduce.doubleBinaryTree().hierarchical(4),
        AllReduce.halvingDoubling().hierarchical(4).chunked(CHUNK),
        AllReduce.inNetwork().hierarchical(4),
        AllReduce.ring().rails(4),
        AllToAll.hierarchical(4));
  }

  /** Whole numbers add exactly, so every element must be exactly what the collective says. */
  @ParameterizedTest
  @MethodSource("onAnyNumberOfRanks")
  void everyElementIsExactOnAnyNumberOfRanksAndOfAnySize(Collective collective) {
    for (int ranks = 1; ranks <= 64; ranks++) {
      for (int elements : SIZES) {
        collective.verify(ranks, elements);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("allToAlls")
  void blocksAreExchangedExactlyOnAnyNumberOfRanks(AllToAll collective) {
    for (int ranks = 1; ranks <= 64; ranks++) {
      for (int elements : new int[] {ranks, 2 * ranks + ranks / 2, 700}) {
        collective.verify(ranks, elements);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("inServers")
  void everyElementIsExactInServersOfFour(Collective collective) {
    for (int ranks = 4; ranks <= 64; ranks += 4) {
      for (int elements : new int[] {ranks, 129, 1000}) {
        collective.verify(ranks, elements);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 7, 16})
  void anyRankMayBeTheRoot(int ranks) {
    for (int root = 0; root < ranks; root++) {
      Broadcast.binomial().from(root).verify(ranks, 20);
      Broadcast.scatterAllGather().from(root).verify(ranks, 20);
      Broadcast.chain().chunked(CHUNK).from(root).verify(ranks, 200);
      Reduce.tree().to(root).verify(ranks, 20);
      Reduce.binomial().chunked(CHUNK).to(root).verify(ranks, 200);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8, 13})
  void anyNumberOfRanksMayServeParameters(int ranks) {
    for (int servers = 1; servers <= ranks; servers++) {
      AllReduce.parameterServer(servers).verify(ranks, 50);
    }
  }

  /**
   * In time, transfers arrive in any order that their gates allow. Whatever that is, a transfer
   * must find at its sender all that earlier steps brought of what it carries: checked against a
   * slow search through all transfers.
   */
  @ParameterizedTest
  @MethodSource("withServers")
  void aTransferWaitsForAllThatMadeWhatItCarries(Collective collective) {
    for (int ranks : new int[] {4, 8, 12}) {
      Schedule schedule = collective.schedule(ranks, 100);
      List<BitSet> before = new ArrayList<>();
      for (int t = 0; t < schedule.size(); t++) {
        var known = new BitSet();
        for (int i = 0; i < schedule.waits(t); i++) {
          int key = schedule.waitsFor(t, i);
          assertTrue(schedule.step(key) < schedule.step(t));
          known.set(key);
          known.or(before.get(key));
        }
        before.add(known);
        for (int other = 0; other < t; other++) {
          if (schedule.step(other) < schedule.step(t) && feeds(schedule, other, t)) {
            assertTrue(known.get(other), collective + ": " + t + " needs " + other);
          }
        }
      }
    }
  }

  static Stream<Collective> withServers() {
    return Stream.concat(onAnyNumberOfRanks(), Stream.concat(allToAlls(), inServers()));
  }

  private static boolean feeds(Schedule schedule, int other, int t) {
    if (schedule.to(other) != schedule.from(t)) {
      return false;
    }
    for (int i = 0; i < schedule.sections(other); i++) {
      int at = schedule.at(other, i);
      for (int j = 0; j < schedule.sections(t); j++) {
        int first = schedule.first(t, j);
        if (at < first + schedule.count(t, j) && first < at + schedule.count(other, i)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Nobody passes before all have come: what completes a rank depends on a send of every other. */
  @Test
  void aBarrierHoldsUntilTheLastHasCome() {
    for (int ranks = 2; ranks <= 64; ranks++) {
      Schedule schedule = Barrier.dissemination().schedule(ranks, 1);
      BitSet[] heard = new BitSet[ranks];
      BitSet[] carries = new BitSet[schedule.size()];
      for (int rank = 0; rank < ranks; rank++) {
        heard[rank] = new BitSet();
        heard[rank].set(rank);
      }
      for (int t = 0; t < schedule.size(); t++) {
        carries[t] = new BitSet();
        carries[t].set(schedule.from(t));
        for (int i = 0; i < schedule.waits(t); i++) {
          carries[t].or(carries[schedule.waitsFor(t, i)]);
        }
        heard[schedule.to(t)].or(carries[t]);
      }
      for (BitSet all : heard) {
        assertEquals(ranks, all.cardinality());
      }
    }
  }

  @Test
  void ranksWithoutPowerOfTwoAndFloatsStillAgreeBitForBit() {
    var random = new weft.sim.RandomStreams(5).named("arrays");
    for (Collective collective :
        onAnyNumberOfRanks().filter(c -> c instanceof AllReduce).toList()) {
      float[][] arrays = new float[13][203];
      for (float[] array : arrays) {
        for (int i = 0; i < array.length; i++) {
          array[i] = (float) random.nextGaussian();
        }
      }
      collective.schedule(13, 200).applyTo(arrays, 3, weft.nn.Precision.BFLOAT16);
      for (float[] array : arrays) {
        for (int i = 3; i < array.length; i++) {
          assertEquals(arrays[0][i], array[i], collective.toString());
        }
      }
    }
  }

  @Test
  void oneRankMovesNothingAndTooLittleIsRefused() {
    withServers()
        .filter(c -> !c.toString().contains("servers of") && !c.toString().contains("rails"))
        .forEach(c -> assertEquals(0, c.plan(1, 10).size(), c.toString()));
    assertEquals(
        "direct AllToAll on 64 ranks needs an element for each of them, but has arrays of 10: give"
            + " a larger size",
        refusal(() -> AllToAll.direct().schedule(64, 10)));
    assertEquals(
        "hierarchical ring AllReduce in servers of 8 needs full servers of 8 ranks, but 12 ranks"
            + " leave 4 over: give a multiple of 8 ranks",
        refusal(() -> AllReduce.ring().hierarchical(8).schedule(12, 100)));
    assertEquals(
        "parameter servers are ranks 0 to 7, but there are only 4 ranks: lower the servers",
        refusal(() -> AllReduce.parameterServer(8).schedule(4, 100)));
    assertTrue(refusal(() -> AllReduce.ring().of(new DataSize(0))).contains("size was 0 B"));
    assertTrue(refusal(() -> AllReduce.tree().chunked(new DataSize(3))).contains("was 3 B"));
    assertFalse(refusal(() -> Broadcast.flat().from(9).schedule(4, 4)).isEmpty());
  }

  private static String refusal(org.junit.jupiter.api.function.Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }

  /** A star: the sum goes to rank 0 and comes back; what waits for what follows from the data. */
  @Test
  void aScheduleWrittenInACellIsCheckedAndTells() {
    AllReduce star =
        AllReduce.custom(
            "star AllReduce",
            b -> {
              for (int r = 1; r < b.ranks(); r++) {
                b.reduce(0, r, 0, 0, b.elements());
              }
              for (int r = 1; r < b.ranks(); r++) {
                b.copy(1, 0, r, 0, b.elements());
              }
            });
    star.verify(8, 1000);
    Schedule made = star.schedule(4, 10);
    assertEquals(1, made.gates());
    assertEquals(3, made.waits(3));
    assertEquals("0, 1, 2", made.table().stringColumn("waits for transfers").get(5));
    assertEquals(new Cost(2, 2 * 3 * 1024, 3 * 1024), star.cost(4, kib(1)));
    AllReduce wrong = AllReduce.custom("wrong", b -> b.copy(0, 0, 1, 0, 1));
    String message =
        assertThrows(IllegalStateException.class, () -> wrong.verify(2, 2)).getMessage();
    assertTrue(message.startsWith("wrong on 2 ranks is wrong: element 0 of rank 0"), message);
  }
}
