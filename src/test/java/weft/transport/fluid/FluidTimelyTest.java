package weft.transport.fluid;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.ms;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.transport.Timely;

/** The TIMELY models against the figures of Zhu et al., ECN or Delay, CoNEXT 2016. */
class FluidTimelyTest {
  private static FluidTimely patched(int flows) {
    return FluidTimely.of(Timely.patched()).flows(flows);
  }

  /** Eq. timely_fixed_q: 78.125 KB for two flows. */
  @Test
  void theQueueOfTwoPatchedFlowsIsThePublishedOne() {
    assertEquals(78_125, patched(2).fixedPoint().queueBytes(), 1e-6);
    assertEquals(62.5, patched(2).fixedPoint().others().get("queueing delay (us)"), 1e-9);
    assertEquals(5e9, patched(2).fixedPoint().bitsPerSecond());
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 4, 10})
  void theEquationsSettleAtTheFixedPoint(int flows) {
    var run = patched(flows).run(ms(100));
    double queue = patched(flows).fixedPoint().queueBytes();
    assertEquals(queue, run.settledQueue(), 1e-3 * queue);
    assertEquals(10e9 / flows, run.settledRate(0), 1e-3 * 10e9 / flows);
  }

  /** Section 4.2: without a fixed point, two flows that start apart stay apart. */
  @Test
  void onlyThePatchMakesUnequalFlowsEqual() {
    var patched = FluidTimely.of(Timely.patched()).startingAt(gbps(7), gbps(3)).run(ms(200));
    assertEquals(1, patched.settledRate(0) / patched.settledRate(1), 0.02);
    var original = FluidTimely.of(Timely.defaults()).startingAt(gbps(7), gbps(3)).run(ms(200));
    assertTrue(original.settledRate(0) > 2 * original.settledRate(1));
  }

  /** More flows wait longer, hear later, and end up unstable (section 4.3). */
  @ParameterizedTest(name = "{0} flows")
  @CsvSource({"6", "12", "16", "24", "32", "40"})
  void theEquationsSwingWhereThePhaseMarginIsNegative(int flows) {
    double margin = patched(flows).phaseMargin();
    var run = patched(flows).run(ms(200));
    boolean swings = run.settledSwing() > 0.02 * run.settledQueue();
    assertEquals(margin < 0, swings, "margin " + margin + ", swing " + run.settledSwing());
  }

  @Test
  void theOriginalHasNoFixedPointToAskFor() {
    var original = FluidTimely.of(Timely.defaults());
    var refused = assertThrows(IllegalStateException.class, original::fixedPoint);
    assertTrue(refused.getMessage().startsWith("original TIMELY has no fixed point"));
  }
}
