package weft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.ms;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CUBIC's rules (RFC 9438), one after the other; round trips of 100 ms unless said otherwise. */
class CubicTest {
  private static final long MSS = 1000;

  private double rttMs = 100;
  private CubicController sender = sender(rttMs);
  private double now; // ms
  private long acked;
  private long sent;

  private static CubicController sender(double rttMs) {
    var connection = new Connection(0, 0, 1, gbps(100), ms(rttMs), 1, bytes(MSS));
    return new CubicController(Cubic.defaults(), connection);
  }

  private void over(double ms) {
    rttMs = ms;
    sender = sender(ms);
  }

  private double packets() {
    return (double) sender.windowBytes() / MSS;
  }

  /** A window of packets is acknowledged, one by one. */
  private void round() {
    int window = (int) packets();
    for (int i = 0; i < window; i++) {
      now += rttMs / window;
      acked += MSS;
      sent = acked + window * MSS;
      sender.onAcknowledgement(
          Ack.at(now * 1e3).bytes(MSS).progress(acked, sent).rtt(rttMs * 1e3).marked(false));
    }
  }

  private void growTo(int packets) {
    while (packets() < packets) {
      round();
    }
  }

  private void lose() {
    sender.onLoss((long) (now * 1e9));
    acked = sent; // recovery is over
  }

  @Test
  void slowStartDoublesFromTenPackets() {
    assertEquals(10, packets());
    round();
    assertEquals(20, packets());
  }

  @Test
  void aLossLeavesSevenTenthsAndASecondInTheSameRoundTripNothingMore() {
    growTo(640);
    sender.onLoss(0);
    sender.onLoss(0);
    assertEquals(448, packets());
  }

  /**
   * Section 4.2: K = ((Wmax - cwnd)/C)^(1/3) = (192/0.4)^(1/3) = 7.83 s; one packet below before.
   */
  @Test
  void itIsBackWhereItWasAtK() {
    growTo(640);
    lose();
    double start = now;
    while (packets() < 639) {
      round();
    }
    assertEquals(Math.cbrt(192 / 0.4) - Math.cbrt(1 / 0.4), (now - start) / 1e3, 0.2);
  }

  /** Section 4.7: cut before it is back, it gives way: Wmax = (1 + 0.7)/2 cwnd. */
  @Test
  void fastConvergenceAimsLower() {
    growTo(640);
    lose();
    round();
    double second = packets();
    lose();
    double aim = second * 0.85;
    double start = now;
    while (packets() < aim - 1) {
      round();
    }
    assertEquals(Math.cbrt((aim - 0.7 * second) / 0.4), (now - start) / 1e3, 1.5);
  }

  /** Section 4.3: at 1 ms the cubic sleeps, and Reno's estimate grows by 3 (1-β)/(1+β) a trip. */
  @Test
  void overShortRoundTripsItGrowsAsReno() {
    over(1);
    growTo(80);
    lose();
    double before = packets();
    for (int i = 0; i < 20; i++) {
      round();
    }
    assertEquals(before + 20 * 3 * 0.3 / 1.7, packets(), 1.5);
  }

  @Test
  void aTimeoutLeavesOnePacketAndSlowStartUpToTheCut() {
    growTo(640);
    sender.onTimeout(0);
    acked = sent;
    assertEquals(1, packets());
    growTo(400);
    round();
    assertTrue(packets() < 460, "slow start ends at 448");
  }

  /**
   * Section 5.1 and figure 4 (C 0.4, RTT 10 ms, the formula of section 5): the mean window at loss
   * probability p is {@code (C (3 + β)/(4 (1-β)))^(1/4) RTT^(3/4) / p^(3/4)}.
   */
  @ParameterizedTest
  @CsvSource({"1e-4,100", "1e-5,100"})
  void meanWindowIsThatOfTheDeterministicLossModel(double p, double rtt) {
    over(rtt);
    growTo(100);
    double sum = 0;
    double rounds = 0;
    double since = 0;
    int losses = 0;
    while (losses < 60) {
      double window = packets();
      round();
      since += window;
      if (losses >= 20) {
        sum += window;
        rounds++;
      }
      if (since >= 1 / p) {
        since = 0;
        losses++;
        lose();
      }
    }
    double expected = Math.pow(0.4 * 3.7 / 1.2, 0.25) * Math.pow(rtt / 1e3 / p, 0.75);
    assertEquals(expected, sum / rounds, 0.1 * expected);
  }
}
