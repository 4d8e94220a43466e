package weft.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.kib;

import java.util.Arrays;
import org.apache.commons.math3.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.nn.Precision;
import weft.sim.RandomStreams;

class RingAllReduceTest {

  /** Integers add exactly, so every rank must hold exactly the sum, whatever the sizes. */
  @ParameterizedTest
  @CsvSource({"2,2", "3,10", "4,4", "5,1", "7,3", "8,1000", "16,9610", "31,17", "64,4097"})
  void everyRankHoldsTheExactSum(int ranks, int elements) {
    RandomGenerator random = new RandomStreams(ranks).named("arrays");
    double[][] arrays = new double[ranks][elements + 2];
    double[] sum = new double[elements];
    for (double[] array : arrays) {
      array[0] = 7; // before and after the section: not to be touched
      array[elements + 1] = 7;
      for (int i = 0; i < elements; i++) {
        array[i + 1] = random.nextInt(1000);
        sum[i] += array[i + 1];
      }
    }
    AllReduce.ring().schedule(ranks, elements).applyTo(arrays, 1);
    for (double[] array : arrays) {
      assertArrayEquals(sum, Arrays.copyOfRange(array, 1, elements + 1));
      assertEquals(14, array[0] + array[elements + 1]);
    }
  }

  /** Floats do not add exactly, but all ranks must end with the same bits. */
  @Test
  void ranksAgreeBitForBitInFloat32() {
    float[][] arrays = new float[16][1000];
    RandomGenerator random = new RandomStreams(3).named("arrays");
    double[] exact = new double[1000];
    for (float[] array : arrays) {
      for (int i = 0; i < array.length; i++) {
        array[i] = (float) random.nextGaussian();
        exact[i] += array[i];
      }
    }
    AllReduce.ring().schedule(16, 1000).applyTo(arrays, 0);
    for (float[] array : arrays) {
      assertArrayEquals(arrays[0], array);
    }
    for (int i = 0; i < exact.length; i++) {
      assertEquals(exact[i], arrays[0][i], 16 * Math.ulp(16f));
    }
  }

  /**
   * Each hop rounds what it sends, and the owner of a chunk keeps what it sends to all: the ranks
   * agree bit for bit, hold numbers of the format, and are off by a rounding or two a hop.
   */
  @ParameterizedTest
  @CsvSource({
    "BFLOAT16, 2, 0.004",
    "BFLOAT16, 16, 0.02",
    "FLOAT16, 16, 0.003",
    "FLOAT8, 16, 0.5",
    "FLOAT32, 16, 1e-6"
  })
  void ranksAgreeBitForBitInANarrowFormat(Precision format, int ranks, double tolerance) {
    float[][] arrays = new float[ranks][1003];
    double[][] doubles = new double[ranks][1003];
    RandomGenerator random = new RandomStreams(3).named("arrays");
    double[] exact = new double[1003];
    for (int rank = 0; rank < ranks; rank++) {
      for (int i = 0; i < exact.length; i++) {
        arrays[rank][i] = (float) (1e-3 * random.nextGaussian());
        doubles[rank][i] = arrays[rank][i];
        exact[i] += arrays[rank][i];
      }
    }
    AllReduce.ring().schedule(ranks, 1003).applyTo(arrays, 0, format);
    AllReduce.ring().schedule(ranks, 1003).applyTo(doubles, 0, format);
    for (int rank = 0; rank < ranks; rank++) {
      assertArrayEquals(arrays[0], arrays[rank]);
      assertArrayEquals(doubles[0], doubles[rank]);
    }
    double scale = 1e-3 * Math.sqrt(ranks);
    for (int i = 0; i < exact.length; i++) {
      assertEquals(exact[i], arrays[0][i], 4 * tolerance * scale);
      assertEquals(exact[i], doubles[0][i], 4 * tolerance * scale);
    }
    if (format == Precision.BFLOAT16) {
      for (float value : arrays[0]) {
        assertEquals((float) format.round(value), value);
      }
    }
  }

  @Test
  void anExchangeTellsItsFormat() {
    var exchange = AllReduce.ring().buckets(kib(64)).overlapped().in(Precision.BFLOAT16);
    assertEquals(
        "ring AllReduce, buckets of 64 KiB, overlapping the backward pass, sent in bfloat16",
        exchange.toString());
    assertEquals(exchange, AllReduce.ring().buckets(kib(64)).in(Precision.BFLOAT16).overlapped());
    assertEquals(
        "ring AllReduce, one bucket, sent in float8",
        AllReduce.ring().in(Precision.FLOAT8).toString());
  }

  /** Patarasuk and Yuan: 2 (N-1) steps, and each rank sends 2 (N-1)/N of the array. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8, 16})
  void eachRankSendsTwiceTheArrayLessOneShare(int ranks) {
    int elements = 120 * ranks;
    Schedule schedule = AllReduce.ring().schedule(ranks, elements);
    long[] sent = new long[ranks];
    int steps = 0;
    for (int t = 0; t < schedule.size(); t++) {
      sent[schedule.from(t)] += schedule.length(t);
      assertEquals((schedule.from(t) + 1) % ranks, schedule.to(t));
      steps = Math.max(steps, schedule.step(t) + 1);
    }
    assertEquals(2 * (ranks - 1), steps);
    for (long elementsSent : sent) {
      assertEquals(2L * (ranks - 1) * elements / ranks, elementsSent);
    }
    assertEquals(2.0 * (ranks - 1) / ranks, AllReduce.ring().busBandwidthFactor(ranks));
  }

  /** A transfer passes on what arrived: the same elements, from the rank they arrived at. */
  @Test
  void aTransferWaitsForTheChunkItPassesOn() {
    Schedule schedule = AllReduce.ring().schedule(5, 23);
    for (int t = 0; t < schedule.size(); t++) {
      if (schedule.step(t) == 0) {
        assertEquals(Schedule.NOTHING, schedule.gate(t));
        assertEquals(0, schedule.waits(t));
      } else {
        assertEquals(1, schedule.waits(t));
        int before = schedule.waitsFor(t, 0);
        assertTrue(before < t);
        assertEquals(schedule.to(before), schedule.from(t));
        assertEquals(schedule.first(before, 0), schedule.first(t, 0));
        assertEquals(schedule.step(before) + 1, schedule.step(t));
      }
    }
  }

  @Test
  void oneRankHasNothingToSend() {
    assertEquals(0, AllReduce.ring().schedule(1, 10).size());
  }

  @Test
  void wrongArraysAreRefusedInWords() {
    Schedule schedule = AllReduce.ring().schedule(4, 10);
    var count =
        assertThrows(IllegalArgumentException.class, () -> schedule.applyTo(new float[3][10], 0));
    assertEquals(
        "ring AllReduce runs on 4 ranks, but was given 3 arrays: give one a rank",
        count.getMessage());
    var length =
        assertThrows(IllegalArgumentException.class, () -> schedule.applyTo(new double[4][10], 1));
    assertTrue(length.getMessage().contains("covers elements 1 to 10"), length.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 16, 31})
  void everyRankSendsTheFactorOfBusBandwidth(int ranks) {
    Schedule ring = AllReduce.ring().schedule(ranks, 9610);
    for (int rank = 0; rank < ranks; rank++) {
      assertEquals(
          AllReduce.ring().busBandwidthFactor(ranks) * 9610, (double) ring.sent(rank), 2.01);
    }
  }
}
