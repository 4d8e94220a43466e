package weft.collective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.collective.GradientExchange.oneBit;
import static weft.collective.GradientExchange.topK;
import static weft.units.Units.kib;

import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.commons.math3.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.nn.Precision;
import weft.sim.RandomStreams;
import weft.units.DataSize;

/** Gradients of which most is left out: nothing is lost, and what travels is what is told. */
class ErrorFeedbackTest {
  private static final int STEPS = 20;
  private static final int START = 3; // buckets do not begin where arrays do

  private final RandomGenerator random = new RandomStreams(5).named("gradients");

  private double[][] wholeNumbers(int ranks, int elements) {
    double[][] arrays = new double[ranks][START + elements];
    for (double[] array : arrays) {
      Arrays.setAll(array, i -> random.nextInt(2001) - 1000);
    }
    return arrays;
  }

  private static double column(double[][] arrays, int i) {
    return Arrays.stream(arrays).mapToDouble(array -> array[i]).sum();
  }

  private static void assertAllRanksAgree(double[][] arrays, int elements) {
    for (double[] array : arrays) {
      assertArrayEquals(
          Arrays.copyOfRange(arrays[0], START, START + elements),
          Arrays.copyOfRange(array, START, START + elements));
    }
  }

  private static TopKReduction<double[]> topKReduction(double fraction, int ranks, int elements) {
    var planned = topK(fraction).plan(ranks, elements, Precision.FLOAT64);
    return (TopKReduction<double[]>) planned.doubles();
  }

  /** Whole numbers add exactly, so what was sent and what is left are all there was, to the bit. */
  @ParameterizedTest
  @CsvSource({"2, 10, 0.1", "3, 100, 0.01", "16, 1000, 0.05", "5, 7, 0.5", "4, 64, 1"})
  void topKSendsNowOrLater(int ranks, int elements, double fraction) {
    var reduction = topKReduction(fraction, ranks, elements);
    double[] given = new double[elements];
    double[] sent = new double[elements];
    for (int step = 0; step < STEPS; step++) {
      double[][] arrays = wholeNumbers(ranks, elements);
      for (int i = 0; i < elements; i++) {
        given[i] += column(arrays, START + i);
      }
      double[] beside = {arrays[1][0], arrays[1][START - 1]};
      reduction.apply(arrays, START);
      assertAllRanksAgree(arrays, elements);
      assertArrayEquals(beside, new double[] {arrays[1][0], arrays[1][START - 1]});
      for (int i = 0; i < elements; i++) {
        sent[i] += arrays[0][START + i];
      }
    }
    for (int i = 0; i < elements; i++) {
      for (int rank = 0; rank < ranks; rank++) {
        sent[i] += reduction.residual(rank, i);
      }
    }
    assertArrayEquals(given, sent);
  }

  /** What one rank's neighbour gets beside its own is what sorting would choose. */
  @Test
  void topKSendsTheLargest() {
    int elements = 200;
    double[][] arrays = wholeNumbers(2, elements);
    Arrays.fill(arrays[1], 0);
    double[] own = arrays[0].clone();
    Integer[] places = IntStream.range(START, START + elements).boxed().toArray(Integer[]::new);
    Arrays.sort(places, (a, b) -> Double.compare(Math.abs(own[b]), Math.abs(own[a]))); // stable
    double[] expected = new double[elements];
    for (int i = 0; i < 13; i++) {
      expected[places[i] - START] = own[places[i]];
    }
    topKReduction(0.065, 2, elements).apply(arrays, START);
    assertArrayEquals(expected, Arrays.copyOfRange(arrays[1], START, START + elements));
  }

  @Test
  void topKOfAllIsTheSum() {
    double[][] arrays = wholeNumbers(6, 50);
    double[] expected =
        IntStream.range(START, START + 50).mapToDouble(i -> column(arrays, i)).toArray();
    topKReduction(1, 6, 50).apply(arrays, START);
    assertArrayEquals(expected, Arrays.copyOfRange(arrays[5], START, START + 50));
  }

  /** A value rounded to bfloat16 on the wire leaves its rounding error behind. */
  @Test
  void roundingOnTheWireIsFedBackToo() {
    var planned = topK(1).in(Precision.BFLOAT16).plan(2, 1, Precision.FLOAT32);
    assertEquals(4 + 2, planned.bytesPerElement());
    var reduction = (TopKReduction<float[]>) planned.floats();
    float[][] arrays = {{257}, {0}}; // bfloat16 has 8 significant bits: 256, and 1 is left
    reduction.apply(arrays, 0);
    assertEquals(256f, arrays[1][0]);
    assertEquals(1.0, reduction.residual(0, 0));
  }

  /** (N-1) k pairs of 4 and 4 bytes come to each rank. */
  @ParameterizedTest
  @CsvSource({"2, 1000, 0.01, 10", "16, 1001, 0.01, 11", "8, 10, 0.001, 1"})
  void topKsBytesFollowTheFormula(int ranks, int elements, double fraction, int k) {
    var planned = topK(fraction).plan(ranks, elements, Precision.FLOAT32);
    assertEquals(8L * k * (ranks - 1), received(planned, 0));
  }

  /** At a fraction of 1/N the gathered pairs are as many bytes as a ring's whole numbers. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 16})
  void topKPaysBelowOneRanksShare(int ranks) {
    var ring = GradientExchange.whole(AllReduce.ring()).plan(ranks, 1600, Precision.FLOAT32);
    var pairs = topK(1.0 / ranks).plan(ranks, 1600, Precision.FLOAT32);
    assertEquals(received(ring, 1), received(pairs, 1));
  }

  private static long received(BucketExchange planned, int rank) {
    var schedule = planned.schedule();
    return LongStream.range(0, schedule.size())
            .filter(t -> schedule.to((int) t) == rank)
            .map(t -> schedule.length((int) t))
            .sum()
        * planned.bytesPerElement();
  }

  /** Quantised twice, at the rank and at the share's owner, and twice remembered. */
  @ParameterizedTest
  @CsvSource({"2, 10", "3, 512", "4, 2000", "16, 700"})
  void oneBitSendsNowOrLater(int ranks, int elements) {
    var planned = oneBit().plan(ranks, elements, Precision.FLOAT64);
    var reduction = (OneBitReduction<double[]>) planned.doubles();
    double[] given = new double[elements];
    double[] sent = new double[elements];
    for (int step = 0; step < STEPS; step++) {
      double[][] arrays = wholeNumbers(ranks, elements);
      for (int i = 0; i < elements; i++) {
        given[i] += column(arrays, START + i);
      }
      reduction.apply(arrays, START);
      assertAllRanksAgree(arrays, elements);
      for (int from = 0; from < elements; from += 512) {
        int to = Math.min(elements, from + 512);
        long values = Arrays.stream(arrays[0], START + from, START + to).distinct().count();
        assertTrue(values <= 2, values + " values in a group of one bit a number");
      }
      for (int i = 0; i < elements; i++) {
        sent[i] += arrays[0][START + i];
      }
    }
    for (int i = 0; i < elements; i++) {
      sent[i] += reduction.ownersResidual(i);
      for (int rank = 0; rank < ranks; rank++) {
        sent[i] += reduction.residual(rank, i);
      }
    }
    assertArrayEquals(given, sent, 1e-8);
  }

  /** Each way (N-1)/N of the groups, 512 bits and two values of 4 bytes each. */
  @Test
  void oneBitsBytesFollowTheFormula() {
    var planned = oneBit().plan(4, 8 * 512, Precision.FLOAT32);
    assertEquals(12L * (512 / 8 + 2 * 4), received(planned, 2)); // of 2 · 3/4 · 8 groups
    assertEquals(9, oneBit().plan(4, 8 * 512 + 1, Precision.FLOAT32).schedule().elements());
  }

  /** What float16 could not hold reaches all as NaN, and does not stay in anybody's memory. */
  @Test
  void anOverflowIsNotRemembered() {
    var reduction = topKReduction(0.5, 2, 2);
    double[][] first = {{0, 0, 0, 3, 5}, {0, 0, 0, 0, 0}};
    reduction.apply(first, START);
    assertEquals(3.0, reduction.residual(0, 0));
    double[][] second = {{0, 0, 0, 1, 1}, {0, 0, 0, Double.POSITIVE_INFINITY, 1}};
    reduction.apply(second, START);
    assertTrue(Double.isNaN(second[0][START]) && Double.isNaN(second[1][START + 1]));
    assertEquals(3.0, reduction.residual(0, 0));
    assertEquals(0.0, reduction.residual(1, 0));
  }

  @Test
  void refusalsSayWhatToWrite() {
    assertEquals(
        "top-k sends a fraction above 0 and at most 1 of the gradient, but was given 0.0: topK(0.01)"
            + " sends one number in a hundred",
        refusal(() -> topK(0)));
    assertEquals(
        "1-bit SGD sends signs, whatever the gradient's format: leave out in(BFLOAT16)",
        refusal(() -> oneBit().in(Precision.BFLOAT16)));
    assertEquals(
        "a bucket holds at least 1 byte, but was 0 B: write for example kib(64)",
        refusal(() -> oneBit().buckets(new DataSize(0))));
    assertEquals(
        "top-k of 0.01 by ring AllGather, with error feedback, buckets of 64 KiB, overlapping the"
            + " backward pass, sent in bfloat16",
        topK(0.01).buckets(kib(64)).overlapped().in(Precision.BFLOAT16).toString());
  }

  @Test
  void exchangesAreValues() {
    assertEquals(topK(0.1).buckets(kib(4)).overlapped(), topK(0.1).overlapped().buckets(kib(4)));
    assertEquals(oneBit().hashCode(), oneBit().hashCode());
    assertNotEquals(topK(0.1), topK(0.2));
    assertNotEquals(oneBit(), oneBit().overlapped());
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
