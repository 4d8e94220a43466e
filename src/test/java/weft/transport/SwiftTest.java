package weft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.ns;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;

/** Swift's rules one at a time (Kumar et al., SIGCOMM 2020, Algorithm 1), target 20 us, no hops. */
class SwiftTest {
  private static final Swift RULES = new Swift(us(20), ns(3000), 1, 0.8, 0.5, us(100), 0.1, 100);

  /** 100 Gb/s x 32.768 us are 100 packets of 4096 B. */
  private final SwiftController sender =
      new SwiftController(RULES, new Connection(0, 0, 1, gbps(100), ns(32_768), 0, bytes(4096)));

  private double packets() {
    return sender.windowBytes() / 4096.0;
  }

  @Test
  void aQueuePairStartsWithOneBandwidthDelayProduct() {
    assertEquals(100, packets(), 1e-3);
  }

  /** No scaling at 100 packets, all of it at 0.1, 3 us for each hop. */
  @Test
  void theTargetGrowsAsTheWindowShrinksAndThePathLengthens() {
    assertEquals(20e6, RULES.targetPs(100, 0), 1);
    assertEquals(120e6, RULES.targetPs(0.1, 0), 1);
    assertEquals(29e6, RULES.targetPs(1000, 3), 1);
    double a = 100e6 / (1 / Math.sqrt(0.1) - 0.1);
    assertEquals(20e6 + a / 2 - a / 10, RULES.targetPs(4, 0), 1);
  }

  @Test
  void aWindowOfAcknowledgementsBelowTheTargetAddsOnePacket() {
    for (int i = 0; i < 100; i++) {
      sender.onAcknowledgement(Ack.at(i).bytes(4096).rtt(10));
    }
    assertEquals(101, packets(), 0.01);
  }

  /** Delay 25 us against 20: 1 - 0.8 x 5/25. */
  @Test
  void aDelayAboveTheTargetCutsByItsExcess() {
    sender.onAcknowledgement(Ack.at(100).bytes(4096).rtt(25));
    assertEquals(100 * 0.84, packets(), 1e-3);
  }

  @Test
  void whatTheReceiverTookIsNotTheNetworksDelay() {
    sender.onAcknowledgement(Ack.at(100).bytes(4096).rtt(25).receiver(5.001));
    assertEquals(100.01, packets(), 1e-3);
  }

  @Test
  void noCutTakesMoreThanHalfAndOnlyOneInARoundTrip() {
    sender.onAcknowledgement(Ack.at(100).bytes(4096).rtt(2000));
    assertEquals(50, packets(), 1e-3);
    sender.onAcknowledgement(Ack.at(110).bytes(4096).rtt(2000));
    assertEquals(50, packets(), 1e-3);
  }

  @Test
  void aLossCostsHalfAndFiveTimeoutsLeadToTheSmallestWindow() {
    sender.onLoss(100_000_000);
    assertEquals(50, packets(), 1e-3);
    for (int i = 1; i <= 5; i++) {
      sender.onTimeout((100 + 100L * i) * 1_000_000);
    }
    // A tenth of a packet each 32.768 us, by pacing.
    assertEquals(0.1 * 4096 * 8 / 32.768e-6, sender.bitsPerSecond(), 1);
    assertEquals(409, sender.windowBytes());
  }
}
