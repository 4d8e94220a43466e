package weft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import weft.transport.CongestionControl.Controller;

/** DCQCN's rules one at a time, with the paper's parameters at 40 Gb/s. */
class DcqcnTest {
  private static final long US = 1_000_000;
  private static final double G = 1.0 / 256;
  private static final int WIRE = 1106;

  private final DcqcnController sender = new DcqcnController(Dcqcn.paper(), gbps(40));

  @Test
  void aQueuePairStartsAtLineRate() {
    assertEquals(40e9, sender.bitsPerSecond());
  }

  @Test
  void withoutCongestionControlItStaysThere() {
    var connection = new Connection(0, 0, 1, gbps(100), us(8), 1, bytes(4096));
    Controller none = CongestionControl.none().open(connection);
    none.onNotification(5 * US);
    assertEquals(100e9, none.bitsPerSecond());
    assertEquals(Long.MAX_VALUE, none.windowBytes());
  }

  /** α is 1 before the first CNP, however late that comes, so the first cut halves. */
  @Test
  void theFirstNotificationHalvesTheRate() {
    sender.onNotification(700 * US);
    assertEquals(20e9, sender.bitsPerSecond());
    assertEquals(40e9, sender.target());
    assertEquals((1 - G) + G, sender.alpha());
  }

  /** 110 us later α has decayed twice; the cut uses that, then α rises. */
  @Test
  void theCutUsesAlphaBeforeItsUpdate() {
    sender.onNotification(0);
    sender.onNotification(110 * US);
    double decayed = (1 - G) * (1 - G);
    double before = (((20 + 40) / 2.0) + 40) / 2 * 1e9; // two fast recoveries, at 55 and 110 us
    assertEquals(before * (1 - decayed / 2), sender.bitsPerSecond(), 1);
    assertEquals(before, sender.target(), 1);
    assertEquals((1 - G) * decayed + G, sender.alpha(), 1e-12);
  }

  @Test
  void aNotificationTooSoonCutsWhenTheIntervalEnds() {
    sender.onNotification(0);
    sender.onNotification(20 * US);
    assertEquals(20e9, sender.bitsPerSecond());
    sender.onSend(50 * US, WIRE);
    assertEquals(10e9, sender.bitsPerSecond(), 1);
  }

  /** Five fast recoveries close in on the target, the sixth event raises it by 40 Mb/s. */
  @Test
  void fiveFastRecoveriesThenAdditiveIncrease() {
    sender.onNotification(0);
    sender.onNotification(50 * US); // now below line rate in R_T too: 20 of 10
    assertEquals(20e9, sender.target());
    sender.onSend((50 + 5 * 55) * US, WIRE);
    double recovered = 20e9 - 10e9 / 32;
    assertEquals(recovered, sender.bitsPerSecond(), 1);
    assertEquals(20e9, sender.target());
    sender.onSend((50 + 6 * 55) * US, WIRE);
    assertEquals(20.04e9, sender.target());
    assertEquals((recovered + 20.04e9) / 2, sender.bitsPerSecond(), 1);
  }

  /** 10 MB are a byte event; with both counters past five, the first hyper increase is 200 Mb/s. */
  @Test
  void bothCountersPastFastRecoveryIncreaseFaster() {
    sender.onNotification(0);
    sender.onNotification(50 * US);
    long now = 51 * US;
    for (int i = 0; i < 6; i++) {
      sender.onSend(now, 10_000_000);
    }
    assertEquals(20.04e9, sender.target());
    sender.onSend((50 + 6 * 55) * US, 1);
    // Timer events 1 to 5 are additive (the byte counter is past five), the sixth is hyper.
    assertEquals(20.04e9 + 5 * 40e6 + 200e6, sender.target(), 1);
  }

  @Test
  void noCutGoesBelowTheMinimum() {
    for (int i = 0; i < 200; i++) {
      sender.onNotification(50L * i * US);
    }
    assertEquals(10e6, sender.bitsPerSecond());
  }

  /**
   * The vendor's set at 100 Gb/s (HPCC authors' {@code rdma-hw.cc}): cuts in a row leave the
   * target, so one timer expiry later half of what they took is back.
   */
  @Test
  void cutsInARowLeaveTheVendorsTargetWhereItWas() {
    var vendor = new DcqcnController(Dcqcn.defaults(), gbps(100));
    vendor.onNotification(0);
    vendor.onNotification(4 * US);
    assertEquals(100e9, vendor.target());
    double cutTwice = vendor.bitsPerSecond();
    assertTrue(cutTwice < 50e9, cutTwice + " bit/s");
    vendor.onSend((4 + 300) * US, WIRE);
    double recovered = (cutTwice + 100e9) / 2;
    assertEquals(recovered, vendor.bitsPerSecond(), 1);
    vendor.onNotification(305 * US);
    assertEquals(recovered, vendor.target(), 1);
  }

  /** Timer alone: one fast recovery, one additive increase of 20 Mb/s, then 200 Mb/s each. */
  @Test
  void theVendorsTimerGoesThroughAllThreePhases() {
    var vendor = new DcqcnController(Dcqcn.defaults(), gbps(100));
    vendor.onNotification(0);
    vendor.onSend(300 * US, WIRE); // fast recovery to 75 Gb/s
    vendor.onNotification(301 * US); // clamps the target there
    double target = 75e9;
    assertEquals(target, vendor.target(), 1);
    vendor.onSend((301 + 300) * US, WIRE);
    assertEquals(target, vendor.target(), 1);
    vendor.onSend((301 + 600) * US, WIRE);
    assertEquals(target + 20e6, vendor.target(), 1);
    vendor.onSend((301 + 900) * US, WIRE);
    assertEquals(target + 220e6, vendor.target(), 1);
  }
}
