package weft.transport.fluid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.ms;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import weft.transport.Dcqcn;

/** The DCQCN model against the figures of Zhu et al., ECN or Delay, CoNEXT 2016. */
class FluidDcqcnTest {
  private static FluidDcqcn flows(int count) {
    return FluidDcqcn.of(Dcqcn.paper()).flows(count);
  }

  private static double p(FixedPoint point) {
    return point.others().get("marking probability p*");
  }

  /** Eq. p_fixed and fixedq at 40 Gb/s, queue in KB. */
  @ParameterizedTest(name = "{0} flows")
  @CsvSource({"2, 0.000776989, 20.1513", "10, 0.00603196, 122.623"})
  void theFixedPointIsThePublishedOne(int n, double p, double queue) {
    FixedPoint point = flows(n).fixedPoint();
    assertEquals(p, p(point), 1e-5 * p);
    assertEquals(queue * 1000, point.queueBytes(), 1e-5 * queue * 1000);
    assertEquals(40e9 / n, point.bitsPerSecond());
  }

  /** Eq. fixedp. */
  @ParameterizedTest(name = "{0} flows")
  @CsvSource({"2, 0.000924687", "10, 0.00784866"})
  void theApproximationIsThePublishedOne(int n, double p) {
    assertEquals(p, p(flows(n).approximateFixedPoint()), 1e-5 * p);
  }

  /** p*(14) = 0.009202 still lies below Pmax = 0.01, p*(15) = 0.010031 does not. */
  @Test
  void fromFifteenFlowsOnTheQueueStandsAtKmax() {
    assertEquals(0.009202, p(flows(14).fixedPoint()), 1e-6);
    assertTrue(flows(14).fixedPoint().queueBytes() < 190_000);
    assertEquals(0.010031, p(flows(15).fixedPoint()), 1e-6);
    assertEquals(200_000, flows(15).fixedPoint().queueBytes());
  }

  /** With a short feedback delay the equations themselves come to rest there. */
  @ParameterizedTest(name = "{0} flows")
  @CsvSource({"2", "10"})
  void theEquationsSettleAtTheFixedPoint(int n) {
    var model = flows(n);
    var run = model.run(ms(100));
    double queue = model.fixedPoint().queueBytes();
    assertEquals(queue, run.settledQueue(), 0.01 * queue);
    assertEquals(40e9 / n, run.settledRate(n - 1), 0.001 * 40e9 / n);
  }

  @Test
  void flowsThatStartApartBecomeEqual() {
    var run = flows(2).startingAt(gbps(35), gbps(5)).run(ms(200));
    assertEquals(20e9, run.settledRate(0), 0.02 * 20e9);
    assertEquals(20e9, run.settledRate(1), 0.02 * 20e9);
  }

  /**
   * Section 3.2: stable at 4 us of delay whatever the number of flows; at 85 us unstable with 10
   * flows, yet stable with 2 and with 64.
   */
  @ParameterizedTest(name = "{0} flows, {1} us: stable {2}")
  @CsvSource({"2,4,true", "10,4,true", "64,4,true", "2,85,true", "10,85,false", "64,85,true"})
  void thePhaseMarginTellsWhichSettingsThePaperFoundStable(int n, double delay, boolean stable) {
    double margin = flows(n).delay(us(delay)).phaseMargin();
    assertEquals(stable, margin > 0, margin + " degrees");
  }

  /** What the linear analysis predicts, the equations do, where marking is linear (N below 15). */
  @ParameterizedTest(name = "{0} flows, {1} us")
  @CsvSource({"2,50", "2,130", "6,50", "6,100", "10,50", "10,100", "14,50", "14,110"})
  void theEquationsSwingWhereThePhaseMarginIsNegative(int n, double delay) {
    var model = flows(n).delay(us(delay));
    double margin = model.phaseMargin();
    var run = model.run(ms(200));
    boolean swings = run.settledSwing() > 0.05 * run.settledQueue();
    assertEquals(margin < 0, swings, "margin " + margin + ", swing " + run.settledSwing());
  }

  /** At 100 us the margin dips and rises again with the number of flows (figure 3a). */
  @Test
  void theMarginIsLeastWithSomeTenFlows() {
    double[] margins = new double[65];
    int least = 2;
    for (int n = 2; n <= 64; n++) {
      margins[n] = flows(n).delay(us(100)).phaseMargin();
      least = margins[n] < margins[least] ? n : least;
    }
    assertTrue(least > 4 && least < 16, "least at " + least);
    assertTrue(margins[2] > margins[least] && margins[64] > 0);
  }

  /**
   * A real sender marked at random with the paced fixed point's probability has the fair share as
   * its mean rate; with the model's own probability it is a fifth faster.
   */
  @Test
  void pacedNotificationsMakeRealSendersFasterThanTheModel() {
    var model = flows(2);
    double paced = OpenLoop.meanRate(Dcqcn.paper(), p(model.pacedFixedPoint()), 11);
    assertEquals(20e9, paced, 0.03 * 20e9);
    double fluid = OpenLoop.meanRate(Dcqcn.paper(), p(model.fixedPoint()), 11);
    assertEquals(1.2, fluid / 20e9, 0.04);
  }

  /** With CNPs as often as marks come both fixed points are nearly one. */
  @Test
  void withoutPacingTheTwoFixedPointsAgree() {
    Dcqcn d = Dcqcn.paper();
    var eager =
        new Dcqcn(
            d.g(),
            d.alphaTimer(),
            us(1),
            d.increaseTimer(),
            d.byteCounter(),
            d.clamp(),
            d.fastRecovery(),
            d.additiveIncrease(),
            d.hyperIncrease(),
            d.minimumRate(),
            us(1),
            null);
    var model = FluidDcqcn.of(eager).flows(2);
    assertEquals(p(model.fixedPoint()), p(model.pacedFixedPoint()), 0.05 * p(model.fixedPoint()));
    assertEquals(p(flows(2).fixedPoint()) * 1.27, p(flows(2).pacedFixedPoint()), 1e-5);
  }

  @Test
  void whatTheModelDoesNotKnowIsRefused() {
    var rules = assertThrows(IllegalArgumentException.class, () -> FluidDcqcn.of(Dcqcn.defaults()));
    assertTrue(
        rules.getMessage().startsWith("the fluid model lowers the target rate at every cut"));
    assertThrows(IllegalArgumentException.class, () -> flows(0));
    assertThrows(IllegalArgumentException.class, () -> flows(2).delay(us(0)));
  }
}
