package weft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.ms;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weft.units.Rate;

/**
 * Several senders share one port: does each algorithm fill it, share it and keep the queue that its
 * authors promise? Base round trip 8 us, packets of 1000 B.
 */
class BottleneckTest {
  private static final Rate FAST = gbps(100);
  private static final double BYTES_PER_US = 12_500; // at 100 Gb/s

  private static Bottleneck settled(CongestionControl control, int flows) {
    return new Bottleneck(control, FAST, us(8), flows, 7).run(ms(20), ms(20));
  }

  private static void shared(double least, Bottleneck link) {
    assertTrue(link.fairness() > least, "fairness " + link.fairness());
  }

  /** Zhu et al., CoNEXT 2016: with a short feedback delay flows converge to C/N. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 10})
  void dcqcnOfThePaperSharesTheLink(int flows) {
    var link = new Bottleneck(Dcqcn.paper(), gbps(40), us(8), flows, 7).run(ms(50), ms(100));
    assertTrue(link.utilisation() > 0.99, link.utilisation() + "");
    shared(0.98, link);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 10})
  void dcqcnAsVendorsSetItSharesTheLink(int flows) {
    var link = settled(Dcqcn.defaults(), flows);
    assertTrue(link.utilisation() > 0.98, link.utilisation() + "");
    shared(0.99, link);
  }

  /**
   * Zhu et al., eq. timely_fixed_q: queueing delay T_low (1 + N δ/(β C)) counted from the first
   * byte, so the base round trip and the packet's own time come off. 62.5 us for two flows at 10
   * Gb/s, 75 us for four.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 4})
  void patchedTimelySettlesAtItsFixedPoint(int flows) {
    double share = 10.0 / flows;
    var link =
        new Bottleneck(Timely.patched().startingAt(gbps(share)), gbps(10), us(8), flows, 7)
            .run(ms(100), ms(50));
    double delay = 50 * (1 + flows * 10e6 / (0.008 * 10e9));
    double bytesPerUs = 1250;
    assertEquals((delay - 8 - 0.8) * bytesPerUs, link.meanQueue(), 0.02 * delay * bytesPerUs);
    shared(0.999, link);
  }

  /**
   * Zhu et al., section 4.2: the original has no fixed point, so where flows end depends on where
   * they began; the patch makes those that begin at 7 and 3 Gb/s equal (76.7 ms, their estimate).
   */
  @Test
  void onlyPatchedTimelyMakesUnequalFlowsEqual() {
    shared(0.999, unequal(Timely.patched()));
    var original = unequal(Timely.defaults());
    assertTrue(original.fairness() < 0.98, "fairness " + original.fairness());
  }

  private static Bottleneck unequal(Timely timely) {
    CongestionControl sevenAndThree =
        connection -> timely.startingAt(gbps(connection.queuePair() == 0 ? 7 : 3)).open(connection);
    return new Bottleneck(sevenAndThree, gbps(10), us(8), 2, 7).run(ms(150), ms(50));
  }

  /** Li et al., SIGCOMM 2019: utilisation η and next to no queue. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 10})
  void hpccKeepsTheLinkAtItsTargetAndTheQueueEmpty(int flows) {
    var link = settled(Hpcc.defaults(), flows);
    assertEquals(0.95, link.utilisation(), 0.01);
    assertTrue(link.meanQueue() < 1000 * flows, link.meanQueue() + " B");
    shared(0.97, link);
  }

  /** Kumar et al., SIGCOMM 2020: the delay settles at the target of the window that results. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 10})
  void swiftKeepsTheDelayAtItsTarget(int flows) {
    var link = settled(Swift.defaults(), flows);
    double delay = 8 + link.meanQueue() / BYTES_PER_US;
    double window = delay * BYTES_PER_US / 1000 / flows;
    assertEquals(Swift.defaults().targetPs(window, 1) / 1e6, delay, 0.05 * delay);
    assertTrue(link.utilisation() > 0.99, link.utilisation() + "");
    shared(0.999, link);
  }

  /** Alizadeh et al., SIGCOMM 2010, section 3.3: the queue swings below K = 300 kB, not far. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 10})
  void dctcpKeepsTheQueueAtItsThreshold(int flows) {
    var link = settled(Dctcp.defaults(), flows);
    assertEquals(300_000, link.meanQueue(), 0.05 * 300_000);
    assertTrue(link.utilisation() > 0.99, link.utilisation() + "");
    shared(0.98, link);
  }

  /** One base round trip of queueing is the target. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 10})
  void nsccKeepsTheQueueingDelayAtItsTarget(int flows) {
    var link = settled(Nscc.defaults(), flows);
    assertEquals(8, link.meanQueue() / BYTES_PER_US, 0.15 * 8);
    assertTrue(link.utilisation() > 0.99, link.utilisation() + "");
    shared(0.99, link);
  }

  /** A receiver that grants 0.99 of its rate gets just that, and no queue. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 10})
  void rcccFillsWhatIsGrantedWithoutAQueue(int flows) {
    var link = settled(Rccc.defaults(), flows);
    assertEquals(0.99, link.utilisation(), 0.001);
    assertTrue(link.meanQueue() < 1000 * flows, link.meanQueue() + " B");
    shared(0.9999, link);
  }
}
