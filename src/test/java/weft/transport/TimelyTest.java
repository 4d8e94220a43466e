package weft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.mbps;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import weft.transport.Timely.Between;

/**
 * TIMELY's rules one at a time (Zhu et al., CoNEXT 2016, Algorithms 1 and 2: T_low 50 us, T_high
 * 500 us, minimum RTT 20 us, α 0.875, δ 10 Mb/s).
 */
class TimelyTest {
  private static final Connection CONNECTION =
      new Connection(0, 0, 1, gbps(10), us(8), 1, bytes(1024));
  private static final double DELTA = 10e6;

  private static TimelyController original() {
    return new TimelyController(Timely.defaults(), CONNECTION);
  }

  private static void hear(TimelyController sender, double us, double rtt) {
    sender.onAcknowledgement(Ack.at(us).bytes(16_000).rtt(rtt));
  }

  @Test
  void aQueuePairStartsAtLineRate() {
    assertEquals(10e9, original().bitsPerSecond());
  }

  /** 0.2 of β 0.8: RTT 625 us, 1 - T_high/RTT = 0.2. */
  @Test
  void aLongRttCutsInProportionToWhatLiesAboveTheThreshold() {
    var sender = original();
    hear(sender, 100, 100);
    hear(sender, 200, 625);
    assertEquals(10e9 * (1 - 0.8 * 0.2), sender.bitsPerSecond(), 1);
  }

  @Test
  void aShortRttAddsDeltaWhateverTheGradient() {
    var sender = original();
    hear(sender, 100, 10);
    hear(sender, 200, 625); // room below line rate
    double cut = sender.bitsPerSecond();
    hear(sender, 300, 49);
    assertEquals(cut + DELTA, sender.bitsPerSecond(), 1);
  }

  /** From 100 to 104 us: smoothed 0.875 x 4 us, over 20 us: 0.175; times β 0.8. */
  @Test
  void aRisingRttCutsInProportionToItsGradient() {
    var sender = original();
    hear(sender, 100, 100);
    hear(sender, 200, 104);
    assertEquals(10e9 * (1 - 0.8 * 0.175), sender.bitsPerSecond(), 1);
  }

  @Test
  void aFallingRttAddsDeltaAndFiveDeltaFromTheFifthTimeOn() {
    var sender = original();
    hear(sender, 50, 100);
    hear(sender, 100, 625);
    double cut = sender.bitsPerSecond();
    hear(sender, 200, 400);
    assertEquals(cut + DELTA, sender.bitsPerSecond(), 1);
    for (int i = 1; i <= 4; i++) {
      hear(sender, 200 + 100 * i, 400 - i);
    }
    assertEquals(cut + 4 * DELTA + 5 * DELTA, sender.bitsPerSecond(), 1);
  }

  @Test
  void onlyAWholeSegmentGivesAnRttAndNotSoonerThanTheMinimumRtt() {
    var sender = original();
    hear(sender, 100, 100);
    sender.onAcknowledgement(Ack.at(200).bytes(15_999).rtt(625));
    assertEquals(10e9, sender.bitsPerSecond());
    hear(sender, 119, 625);
    assertEquals(10e9, sender.bitsPerSecond());
    sender.onAcknowledgement(Ack.at(220).bytes(1).rtt(625));
    assertEquals(8.4e9, sender.bitsPerSecond(), 1);
  }

  /** At gradient 0 w is 1/2: δ/2 up, β/2 of the relative error down. */
  @Test
  void thePatchWeighsIncreaseAgainstTheDistanceFromItsReference() {
    var sender = new TimelyController(Timely.patched(), CONNECTION);
    hear(sender, 100, 100);
    hear(sender, 200, 100);
    assertEquals(DELTA / 2 + 10e9 * (1 - 0.008 / 2 * 1.0), sender.bitsPerSecond(), 1);
  }

  /** Gradient 0.25 and more: decrease alone; -0.25 and less: increase alone. */
  @Test
  void thePatchsWeightEndsAtAQuarterEitherWay() {
    var rising = new TimelyController(Timely.patched(), CONNECTION);
    hear(rising, 100, 100);
    hear(rising, 200, 110); // 0.4375
    assertEquals(10e9 * (1 - 0.008 * 60 / 50), rising.bitsPerSecond(), 1);
    var falling = new TimelyController(Timely.patched(), CONNECTION);
    hear(falling, 100, 600);
    hear(falling, 200, 600);
    double cut = falling.bitsPerSecond();
    hear(falling, 300, 200);
    assertEquals(cut + DELTA, falling.bitsPerSecond(), 1);
  }

  @Test
  void thresholdsInTheWrongOrderAreRefused() {
    Timely t = Timely.defaults();
    var refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                new Timely(
                    us(500),
                    us(50),
                    us(20),
                    0.875,
                    0.8,
                    mbps(10),
                    bytes(16_000),
                    Between.GRADIENT,
                    t.minimumRate(),
                    null));
    assertTrue(refused.getMessage().startsWith("TIMELY needs 0 < low < high"));
  }
}
