package weft.engine.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;

import org.junit.jupiter.api.Test;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;

/** DCQCN's rules one at a time, with the paper's parameters at 40 Gb/s. */
class RateControlTest {
  private static final long US = 1_000_000;
  private static final double G = 1.0 / 256;
  private static final int WIRE = 1106;

  private final RateControl rates = new RateControl(Dcqcn.paper());

  RateControlTest() {
    rates.open(0, gbps(40));
  }

  @Test
  void aQueuePairStartsAtLineRate() {
    assertEquals(40e9, rates.rate(0));
    assertEquals(0, rates.onSend(0, WIRE, 0));
  }

  @Test
  void withoutCongestionControlItStaysThere() {
    var none = new RateControl(CongestionControl.none());
    none.open(0, gbps(100));
    assertEquals(100e9, none.rate(0));
    assertEquals(0, none.onSend(0, WIRE, 5 * US));
  }

  /** α is 1 before the first CNP, however late that comes, so the first cut halves. */
  @Test
  void theFirstNotificationHalvesTheRate() {
    rates.onCnp(0, 700 * US);
    assertEquals(20e9, rates.rate(0));
    assertEquals(40e9, rates.target(0));
    assertEquals((1 - G) + G, rates.alpha(0));
  }

  /** 110 us later α has decayed twice; the cut uses that, then α rises. */
  @Test
  void theCutUsesAlphaBeforeItsUpdate() {
    rates.onCnp(0, 0);
    rates.onCnp(0, 110 * US);
    double decayed = (1 - G) * (1 - G);
    double before = (((20 + 40) / 2.0) + 40) / 2 * 1e9; // two fast recoveries, at 55 and 110 us
    assertEquals(before * (1 - decayed / 2), rates.rate(0), 1);
    assertEquals(before, rates.target(0), 1);
    assertEquals((1 - G) * decayed + G, rates.alpha(0), 1e-12);
  }

  @Test
  void aNotificationTooSoonCutsWhenTheIntervalEnds() {
    rates.onCnp(0, 0);
    rates.onCnp(0, 20 * US);
    assertEquals(20e9, rates.rate(0));
    rates.onSend(0, WIRE, 50 * US);
    assertEquals(10e9, rates.rate(0), 1);
  }

  /** Five fast recoveries close in on the target, the sixth event raises it by 40 Mb/s. */
  @Test
  void fiveFastRecoveriesThenAdditiveIncrease() {
    rates.onCnp(0, 0);
    rates.onCnp(0, 50 * US); // now below line rate in R_T too: 20 of 10
    assertEquals(20e9, rates.target(0));
    rates.onSend(0, WIRE, (50 + 5 * 55) * US);
    double recovered = 20e9 - 10e9 / 32;
    assertEquals(recovered, rates.rate(0), 1);
    assertEquals(20e9, rates.target(0));
    rates.onSend(0, WIRE, (50 + 6 * 55) * US);
    assertEquals(20.04e9, rates.target(0));
    assertEquals((recovered + 20.04e9) / 2, rates.rate(0), 1);
  }

  /** 10 MB are a byte event; with both counters past five, the first hyper increase is 200 Mb/s. */
  @Test
  void bothCountersPastFastRecoveryIncreaseFaster() {
    rates.onCnp(0, 0);
    rates.onCnp(0, 50 * US);
    long now = 51 * US;
    for (int i = 0; i < 6; i++) {
      rates.onSend(0, 10_000_000, now);
    }
    assertEquals(20.04e9, rates.target(0));
    rates.onSend(0, 1, (50 + 6 * 55) * US);
    // Timer events 1 to 5 are additive (the byte counter is past five), the sixth is hyper.
    assertEquals(20.04e9 + 5 * 40e6 + 200e6, rates.target(0), 1);
  }

  @Test
  void theGapAfterAPacketFollowsTheRate() {
    rates.onCnp(0, 0);
    assertEquals(WIRE * 8 * 1000 / 20, rates.onSend(0, WIRE, US));
  }

  @Test
  void noCutGoesBelowTheMinimum() {
    for (int i = 0; i < 200; i++) {
      rates.onCnp(0, 50L * i * US);
    }
    assertEquals(10e6, rates.rate(0));
  }

  /**
   * The vendor's set at 100 Gb/s (HPCC authors' {@code rdma-hw.cc}): cuts in a row leave the
   * target, so one timer expiry later half of what they took is back.
   */
  @Test
  void cutsInARowLeaveTheVendorsTargetWhereItWas() {
    var vendor = new RateControl(Dcqcn.defaults());
    vendor.open(0, gbps(100));
    vendor.onCnp(0, 0);
    vendor.onCnp(0, 4 * US);
    assertEquals(100e9, vendor.target(0));
    double cutTwice = vendor.rate(0);
    assertTrue(cutTwice < 50e9, cutTwice + " bit/s");
    vendor.onSend(0, WIRE, (4 + 300) * US);
    double recovered = (cutTwice + 100e9) / 2;
    assertEquals(recovered, vendor.rate(0), 1);
    vendor.onCnp(0, 305 * US);
    assertEquals(recovered, vendor.target(0), 1);
  }

  /** Timer alone: one fast recovery, one additive increase of 20 Mb/s, then 200 Mb/s each. */
  @Test
  void theVendorsTimerGoesThroughAllThreePhases() {
    var vendor = new RateControl(Dcqcn.defaults());
    vendor.open(0, gbps(100));
    vendor.onCnp(0, 0);
    vendor.onSend(0, WIRE, 300 * US); // fast recovery to 75 Gb/s
    vendor.onCnp(0, 301 * US); // clamps the target there
    double target = 75e9;
    assertEquals(target, vendor.target(0), 1);
    vendor.onSend(0, WIRE, (301 + 300) * US);
    assertEquals(target, vendor.target(0), 1);
    vendor.onSend(0, WIRE, (301 + 600) * US);
    assertEquals(target + 20e6, vendor.target(0), 1);
    vendor.onSend(0, WIRE, (301 + 900) * US);
    assertEquals(target + 220e6, vendor.target(0), 1);
  }
}
