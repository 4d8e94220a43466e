package weft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;

/**
 * NSCC's rules one at a time (uet-htsim, {@code uec.cpp}) at its reference, 100 Gb/s and 12 us,
 * where a is 1: BDP 150 kB, largest window 225 kB, target 12 us, b 1.
 */
class NsccTest {
  private static final int MSS = 4096;
  private static final double MOST = 225_000;

  private final NsccController sender =
      new NsccController(
          Nscc.defaults(), new Connection(0, 0, 1, gbps(100), us(12), 1, bytes(MSS)));

  private double window() {
    return sender.windowBytes();
  }

  /** Takes the window down, by losses, to make room for increases. */
  private double lowered() {
    for (int i = 0; i < 20; i++) {
      sender.onLoss(0);
    }
    return MOST - 20 * MSS;
  }

  private void hear(double us, double delay, boolean marked) {
    sender.onAcknowledgement(Ack.at(us).bytes(MSS).rtt(12 + delay).marked(marked));
  }

  @Test
  void theWindowStartsAtOneAndAHalfProducts() {
    assertEquals(225_000, sender.windowBytes());
  }

  /** 0.2 and 0.8 of 150 kB for 100 Gb/s. */
  @Test
  void marksBeginAtAFifthOfTheProduct() {
    Red red = RoceV2.lossless(Nscc.defaults()).marking();
    assertEquals(30_000, red.kmin(gbps(100)));
    assertEquals(120_000, red.kmax(gbps(100)));
  }

  /** Delay 6 of 12 us: 4 MSS (1/2) for each window acknowledged, and 0.15 MSS eta. */
  @Test
  void anUnmarkedShortDelayIncreasesInProportionToWhatIsMissing() {
    double window = lowered();
    hear(20, 6, false);
    double expected = window + 4.0 * MSS * 0.5 * MSS / window + 0.15 * MSS;
    assertEquals(expected, window(), 1);
  }

  @Test
  void anUnmarkedLongDelayIncreasesFairly() {
    double window = lowered();
    hear(20, 14, false);
    assertEquals(window + 5.0 * MSS * MSS / window + 0.15 * MSS, window(), 1);
  }

  @Test
  void aMarkedShortDelayChangesNothingButEta() {
    double window = lowered();
    hear(20, 6, true);
    assertEquals(window + 0.15 * MSS, window(), 1);
  }

  /** The smoothed delay must lie above the target, and cuts come once a base round trip. */
  @Test
  void aMarkedLongDelayCutsByTheSmoothedExcess() {
    double last = 0;
    int i = 0;
    while (sender.windowBytes() >= MOST - 1) {
      last = sender.average();
      hear(1 + 0.01 * i++, 30, true);
      assertTrue(i < 100, "never cut");
    }
    double average = sender.average();
    assertTrue(last <= 12e6 && average > 12e6, average + " ps");
    assertEquals(MOST * (1 - 0.8 * (average - 12e6) / average), window(), 1);
    long once = sender.windowBytes();
    hear(1 + 0.01 * i, 30, true);
    assertEquals(once, sender.windowBytes());
  }

  /** After a whole window of delays below 1 us a quarter of what is acknowledged is added. */
  @Test
  void anEmptyPathIncreasesFast() {
    double window = lowered();
    int needed = (int) (window / MSS) + 20; // proportional increases lengthen the window meanwhile
    for (int i = 0; i < needed; i++) {
      hear(0.01 * i, 0.5, false);
    }
    double before = window();
    hear(0.01 * needed, 0.5, false);
    assertEquals(before + 0.25 * MSS, window(), 1);
  }

  /** Two packets in 24 us with a delay above four targets: the window becomes what arrived. */
  @Test
  void quickAdaptTakesWhatHasArrived() {
    hear(1, 60, true); // starts the interval of 12 + 12 us
    hear(10, 60, true);
    hear(20, 60, true);
    hear(26, 60, true);
    assertEquals(3 * MSS, sender.windowBytes());
  }
}
