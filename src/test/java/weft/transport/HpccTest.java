package weft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;

/**
 * HPCC's Algorithm 1 step by step (Li et al., SIGCOMM 2019) at 100 Gb/s (12.5 kB/us) with a base
 * round trip of 10 us: the product is 125 kB, W_AI 40 Mb/s x 10 us = 50 B.
 */
class HpccTest {
  private static final long RATE = 100_000_000_000L;
  private static final double PRODUCT = 125_000;
  private static final double ADDITIVE = 50;

  private final HpccController sender =
      new HpccController(
          Hpcc.defaults(), new Connection(0, 0, 1, gbps(100), us(10), 2, bytes(4096)));

  private static long[] port(long queue, long sent, double us) {
    return new long[] {queue, sent, Math.round(us * 1e6), RATE};
  }

  @Test
  void aQueuePairStartsWithOneBandwidthDelayProductAtLineRate() {
    assertEquals(125_000, sender.windowBytes());
    assertEquals(100e9, sender.bitsPerSecond(), 1);
  }

  /** A full base round trip at line rate with 25 kB waiting: U = 0.2 + 1; W = 125 kB 0.95/1.2. */
  @Test
  void theBusiestPortDecides() {
    sender.onAcknowledgement(
        Ack.at(10).progress(4096, 125_000).telemetry(port(25_000, 0, 5), port(0, 0, 6)));
    sender.onAcknowledgement(
        Ack.at(20)
            .progress(8192, 125_000)
            .telemetry(port(30_000, 125_000, 15), port(0, 62_500, 16)));
    assertEquals(1.2, sender.utilisation(), 1e-12);
    double window = PRODUCT * 0.95 / 1.2 + ADDITIVE;
    assertEquals((long) window, sender.windowBytes());
    assertEquals(window / 10e-6 * 8, sender.bitsPerSecond(), 1);
  }

  /** A sample over 1 us of a 10 us round trip counts a tenth. */
  @Test
  void aShortSampleMovesTheAverageByItsShareOfTheRoundTrip() {
    sender.onAcknowledgement(Ack.at(10).progress(4096, 125_000).telemetry(port(0, 0, 5)));
    sender.onAcknowledgement(Ack.at(11).progress(8192, 125_000).telemetry(port(0, 12_500, 6)));
    assertEquals(0.1, sender.utilisation(), 1e-12);
  }

  /**
   * Within a round trip every acknowledgement starts from the same reference, so reacting to each
   * does not multiply.
   */
  @Test
  void theReferenceMovesOnceARoundTrip() {
    sender.onAcknowledgement(Ack.at(10).progress(4096, 125_000).telemetry(port(0, 0, 0)));
    for (int i = 1; i <= 5; i++) {
      sender.onAcknowledgement(
          Ack.at(10 + 10 * i)
              .progress(4096 + 4096L * i, 125_000)
              .telemetry(port(0, 250_000L * i, 10.0 * i)));
    }
    double once = PRODUCT * 0.95 / 2 + ADDITIVE;
    assertEquals((long) once, sender.windowBytes());
    sender.onAcknowledgement(
        Ack.at(70).progress(126_000, 250_000).telemetry(port(0, 1_500_000, 60)));
    assertEquals((long) once, sender.windowBytes()); // from now on this is the reference
    sender.onAcknowledgement(
        Ack.at(80).progress(127_000, 250_000).telemetry(port(0, 1_750_000, 70)));
    assertEquals((long) (once * 0.95 / 2 + ADDITIVE), sender.windowBytes());
  }

  /** At half load five rounds add W_AI each, the sixth multiplies by 0.95/0.5. */
  @Test
  void belowTheTargetFiveRoundsAddThenOneMultiplies() {
    sender.onAcknowledgement(Ack.at(0).progress(0, 1).telemetry(port(0, 0, 0)));
    // One round at four times the line rate takes the window to about a quarter.
    sender.onAcknowledgement(Ack.at(10).progress(2, 3).telemetry(port(0, 500_000, 10)));
    double window = PRODUCT * 0.95 / 4 + ADDITIVE;
    assertEquals((long) window, sender.windowBytes());
    for (int round = 1; round <= 5; round++) {
      long acked = 2L * round + 2;
      sender.onAcknowledgement(
          Ack.at(10 + 10 * round)
              .progress(acked, acked + 1)
              .telemetry(port(0, 500_000 + 62_500L * round, 10 + 10 * round)));
      window += ADDITIVE;
      assertEquals((long) window, sender.windowBytes());
    }
    sender.onAcknowledgement(
        Ack.at(70).progress(100, 101).telemetry(port(0, 500_000 + 62_500L * 6, 70)));
    assertEquals((long) (window * 0.95 / 0.5 + ADDITIVE), sender.windowBytes());
  }
}
