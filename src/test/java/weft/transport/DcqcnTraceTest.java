package weft.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.mb;
import static weft.units.Units.ms;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import tech.tablesaw.api.Table;
import weft.units.Time;

/** One queue pair under the rules of Zhu et al., SIGCOMM 2015, section 3. */
class DcqcnTraceTest {
  private static final Dcqcn PAPER = Dcqcn.paper();

  private static double[] column(DcqcnTrace trace, String name) {
    return trace.table().doubleColumn(name).asDoubleArray();
  }

  /** α is 1 until it decays, so cuts halve; then five steps halfway to the target. */
  @Test
  void cutsHalveAndFastRecoveryGoesHalfwayBackFiveTimes() {
    var trace = PAPER.trace(gbps(40), us(500), us(150), us(100));
    double[] rates = column(trace, "rate R_C (Gb/s)");
    assertEquals(20, rates[0], 1e-9);
    assertEquals(10, rates[1], 1e-9);
    for (int n = 1; n <= 5; n++) {
      assertEquals(20 - 10 / Math.pow(2, n), rates[1 + n], 1e-9);
      assertEquals(150 + 55 * n, column(trace, "time (us)")[1 + n], 1e-9);
    }
    double[] targets = column(trace, "target R_T (Gb/s)");
    assertEquals(20, targets[6], 1e-9);
    assertEquals(20.04, targets[7], 1e-9); // R_AI 40 Mb/s
  }

  /** α = (1-g)^n n alpha timers after the last CNP, whose update keeps an α of 1. */
  @Test
  void theEstimateDecaysByOnePart256EachTimer() {
    double[] alpha = column(PAPER.trace(gbps(40), ms(1), us(100)), "alpha");
    for (int n = 1; n < alpha.length; n++) {
      assertEquals(Math.pow(255 / 256.0, n), alpha[n], 1e-12);
    }
  }

  /** 10 MB at just below 40 Gb/s take 2 ms: the byte counter's first expiry. */
  @Test
  void theByteCounterCountsBesideTheTimer() {
    Table events = PAPER.trace(gbps(40), ms(10), us(100)).table();
    var bytes = events.where(events.stringColumn("event").startsWith("byte counter 1:"));
    assertEquals(1, bytes.rowCount());
    double after = bytes.doubleColumn("time (us)").get(0) - 100;
    assertTrue(after > 8.0 * mb(10).bytes() / 40e3 && after < 8.0 * mb(10).bytes() / 20e3);
  }

  /** Adapters cut at most every 4 us; cuts in a row leave the target where it was. */
  @Test
  void aCnpSoonAfterACutIsObeyedLater() {
    Table events = Dcqcn.defaults().trace(gbps(400), us(450), us(100), us(102)).table();
    assertEquals(
        "[CNP: cut, CNP: cut put off, cut that was put off, timer 1: halfway to target]",
        events.stringColumn("event").asList().toString());
    assertEquals(104, events.doubleColumn("time (us)").get(2), 1e-9);
    assertEquals(400, events.doubleColumn("target R_T (Gb/s)").get(3), 1e-9);
  }

  @Test
  void withoutCnpsNothingHappens() {
    assertEquals(0, PAPER.trace(gbps(40), ms(1)).table().rowCount());
  }

  @Test
  void timesOutsideTheTraceAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> PAPER.trace(gbps(40), Time.ZERO));
    assertThrows(IllegalArgumentException.class, () -> PAPER.trace(gbps(40), ms(101)));
    var late =
        assertThrows(IllegalArgumentException.class, () -> PAPER.trace(gbps(40), ms(1), us(1000)));
    assertTrue(late.getMessage().contains("within the trace"), late.getMessage());
  }
}
