package weft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weft.transport.Entropy.Source;

/** Values of entropy; REPS by Algorithm 1 of Bonato et al., arXiv 2407.21625. */
class EntropyTest {
  /** A bandwidth-delay product of 100 packets: 80 Gb/s, 10 us, 1000 B. */
  private static final Connection CONNECTION =
      new Connection(0, 0, 1, gbps(80), us(10), 1, bytes(1000));

  private static final int PRODUCT = 100;

  private static Source open(Entropy entropy, long seed) {
    return entropy.open(CONNECTION, seed);
  }

  @Test
  void oneValueIsOnePathAndConnectionsDiffer() {
    Source source = open(Entropy.fixed(), 1);
    int value = source.next(0);
    assertEquals(value, source.next(1));
    assertNotEquals(value, open(Entropy.fixed(), 2).next(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 64, 65_536})
  void inTurnEveryValueComesOnceInARound(int values) {
    Source source = open(Entropy.roundRobin(values), 1);
    int[] first = IntStream.range(0, values).map(i -> source.next(i)).toArray();
    assertEquals(values, IntStream.of(first).distinct().count());
    for (int value : first) {
      assertEquals(value, source.next(0));
    }
  }

  @Test
  void drawnValuesAreEvenlySpread() {
    Source source = open(Entropy.random(), 1);
    long[] counts = new long[16];
    for (int i = 0; i < 16_000; i++) {
      counts[source.next(i) >> 12]++;
    }
    double[] expected = new double[16];
    Arrays.fill(expected, 1000);
    assertTrue(new ChiSquareTest().chiSquareTest(expected, counts) > 0.001);
  }

  /** REPS after its first bandwidth-delay product, nothing acknowledged yet. */
  private static Source explored() {
    Source source = open(Reps.defaults(), 1);
    IntStream values = IntStream.range(0, PRODUCT).map(i -> source.next(i));
    assertTrue(values.distinct().count() > PRODUCT - 5, "it explores");
    return source;
  }

  @Test
  void unmarkedValuesComeAgainOldestFirst() {
    Source source = explored();
    for (int value : new int[] {11, 22, 33}) {
      source.onAcknowledgement(0, value, false);
    }
    source.onAcknowledgement(0, 44, true);
    assertEquals(11, source.next(0));
    assertEquals(22, source.next(0));
    source.onAcknowledgement(0, 55, false);
    assertEquals(33, source.next(0));
    assertEquals(55, source.next(0));
    assertNotEquals(44, source.next(0), "marked values do not come again");
  }

  @Test
  void aFullRingForgetsTheOldest() {
    Source source = explored();
    IntStream.range(0, 10).forEach(i -> source.onAcknowledgement(0, 100 + i, false));
    for (int i = 2; i < 10; i++) {
      assertEquals(100 + i, source.next(0));
    }
  }

  @Test
  void frozenItUsesWhatItKnowsAgainAndAgain() {
    Source source = explored();
    IntStream.range(0, 8).forEach(i -> source.onAcknowledgement(0, 100 + i, false));
    IntStream.range(0, 8).forEach(i -> source.next(0));
    source.onTimeout(us(50).ps(), 100);
    for (int i = 0; i < 24; i++) {
      assertEquals(100 + i % 8, source.next(us(60).ps()));
    }
  }

  @Test
  void itThawsWithAnAcknowledgementAfterItsTimeAndExploresAgain() {
    Source source = explored();
    IntStream.range(0, 8).forEach(i -> source.onAcknowledgement(0, 100 + i, false));
    source.onTimeout(0, 100);
    source.onAcknowledgement(us(99).ps(), 108, false);
    assertEquals(101, source.next(us(99).ps()), "it is still frozen");
    source.onAcknowledgement(us(101).ps(), 109, false);
    long known =
        IntStream.range(0, PRODUCT)
            .map(i -> source.next(us(101).ps()))
            .filter(value -> value >= 100 && value < 110)
            .count();
    assertTrue(known <= 2, "it explores");
  }

  @Test
  void aTimeoutWhileExploringFreezesNothing() {
    Source source = open(Reps.defaults(), 1);
    source.onTimeout(0, 0);
    source.onAcknowledgement(0, 7, false);
    assertNotEquals(7, source.next(0));
  }

  @Test
  void impossibleNumbersAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Entropy.roundRobin(1));
    assertThrows(IllegalArgumentException.class, () -> Entropy.roundRobin(65_537));
    assertThrows(IllegalArgumentException.class, () -> new Reps(0, us(1)));
  }
}
