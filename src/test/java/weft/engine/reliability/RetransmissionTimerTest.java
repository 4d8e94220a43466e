package weft.engine.reliability;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** RFC 6298, section 2, by hand. */
class RetransmissionTimerTest {
  private final RetransmissionTimer timer = new RetransmissionTimer(1_000_000, 100, 5_000_000);

  @Test
  void theFirstMeasurementGivesThreeTimesItself() {
    assertEquals(1_000_000, timer.timeoutPs());
    timer.measured(8_000);
    assertEquals(8_000 + 4 * 4_000, timer.timeoutPs());
  }

  @Test
  void laterOnesAreSmoothed() {
    timer.measured(8_000);
    timer.measured(16_000); // RTTVAR 3/4 4000 + 1/4 8000 = 5000, SRTT 7/8 8000 + 1/8 16000 = 9000
    assertEquals(9_000 + 4 * 5_000, timer.timeoutPs());
  }

  @Test
  void timeoutsDoubleUntilSomethingIsAcknowledged() {
    timer.measured(8_000);
    timer.ranOut();
    timer.ranOut();
    assertEquals(4 * 24_000, timer.timeoutPs());
    assertEquals(2, timer.inARow());
    timer.progressed();
    assertEquals(24_000, timer.timeoutPs());
  }

  @Test
  void boundsHold() {
    for (int i = 0; i < 200; i++) {
      timer.measured(10);
    }
    assertEquals(100, timer.timeoutPs());
    for (int i = 0; i < 100; i++) {
      timer.ranOut();
    }
    assertEquals(5_000_000, timer.timeoutPs());
  }
}
