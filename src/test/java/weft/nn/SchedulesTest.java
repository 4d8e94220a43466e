package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static weft.nn.Optimizers.sgd;
import static weft.nn.Schedules.constant;
import static weft.nn.Schedules.cosine;
import static weft.nn.Schedules.oneCycle;
import static weft.nn.Schedules.step;
import static weft.nn.Schedules.warmUp;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Learning rates over the steps. */
class SchedulesTest {
  private static double[] factors(RateSchedule schedule, int... steps) {
    return IntStream.of(steps).mapToDouble(schedule::factor).toArray();
  }

  @Test
  void aConstantStaysAndStepsFall() {
    assertArrayEquals(new double[] {1, 1}, factors(constant(), 0, 1000));
    assertArrayEquals(
        new double[] {1, 1, 0.1, 0.1, 0.01}, factors(step(3, 0.1), 0, 2, 3, 5, 6), 1e-17);
  }

  @Test
  void aCosineFallsToItsFloorAndStaysThere() {
    assertArrayEquals(new double[] {1, 0.5, 0, 0}, factors(cosine(10), 0, 5, 10, 99), 1e-16);
    assertArrayEquals(
        new double[] {1, 0.6, 0.2, 0.2}, factors(cosine(10, 0.2), 0, 5, 10, 99), 1e-15);
    assertEquals((1 + Math.cos(Math.PI * 0.3)) / 2, cosine(10).factor(3), 1e-15);
  }

  @Test
  void aWarmUpRisesInALineAndAnotherScheduleFollows() {
    assertArrayEquals(new double[] {0.25, 0.5, 0.75, 1, 1}, factors(warmUp(4), 0, 1, 2, 3, 9));
    RateSchedule both = warmUp(4).then(cosine(10));
    assertArrayEquals(new double[] {0.25, 1, 1, 0.5, 0}, factors(both, 0, 3, 4, 9, 14), 1e-16);
    assertEquals("warmUp(4).then(cosine(10))", both.toString());
    assertArrayEquals(
        new double[] {1, 0.5}, factors(warmUp(2).then(cosine(2)).then(step(9, 0.5)), 4, 13));
  }

  /** OneCycleLR(max_lr=1, total_steps=10): step 0 and the last, and its top after three steps. */
  @Test
  void oneCycleRisesAndFallsAsPyTorchs() {
    double[] rates = oneCycle(10).over(11).rates();
    assertEquals(0.04, rates[0], 1e-16);
    assertEquals(0.52, rates[1], 1e-15);
    assertEquals(1, rates[2], 1e-15);
    assertEquals(4e-6 + (1 - 4e-6) / 2 * (1 + Math.cos(Math.PI / 7)), rates[3], 1e-15);
    assertEquals(4e-6, rates[9], 1e-18);
    assertEquals(4e-6, rates[10], 1e-18);
    assertEquals(4e-6, oneCycle(1).factor(0), 1e-18);
  }

  @Test
  void ratesAreATableAndAChart() {
    var curve = sgd(0.5).schedule(warmUp(2)).rates(3);
    assertArrayEquals(new double[] {0.25, 0.5, 0.5}, curve.rates());
    assertEquals(0.25, curve.table().doubleColumn("rate").get(0));
    assertEquals("Learning rate of sgd(0.5).schedule(warmUp(2))", curve.chart().getTitle());
    assertEquals(3, cosine(5).table(3).rowCount());
    assertEquals("Learning rate by cosine(5)", cosine(5).chart(3).getTitle());
  }

  @Test
  void argumentsThatMakeNoSenseAreRefused() {
    assertEquals(
        "constant() has no end after which another schedule could follow: begin with warmUp(100)",
        Refusal.of(() -> constant().then(cosine(1))));
    assertEquals(
        "a schedule by steps multiplies the rate by a factor above 0 and at most 1, got 2.0: try"
            + " step(1000, 0.1)",
        Refusal.of(() -> step(3, 2)));
    assertEquals(
        "the floor of a cosine is a share of the rate, at least 0 and below 1, got 1.0: try"
            + " cosine(1000, 0.1)",
        Refusal.of(() -> cosine(3, 1)));
    assertEquals(
        "the steps of a warm-up must be at least 1, but was 0: try warmUp(100).then(cosine(1000))",
        Refusal.of(() -> warmUp(0)));
    assertEquals(
        "a step must be at least 0, but was -1: the first one is 0",
        Refusal.of(() -> constant().factor(-1)));
  }

  @Test
  void aStretchedScheduleTakesItsStepsSlowly() {
    RateSchedule slow = warmUp(2).stretched(3).then(step(1, 0.1));
    assertArrayEquals(
        new double[] {0.5, 0.5, 0.5, 1, 1, 1, 1, 0.1},
        factors(slow, 0, 1, 2, 3, 4, 5, 6, 7),
        1e-17);
    assertEquals("warmUp(2).stretched(3)", warmUp(2).stretched(3).toString());
    assertEquals("constant()", constant().stretched(3).toString());
  }
}
