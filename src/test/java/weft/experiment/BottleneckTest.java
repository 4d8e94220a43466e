package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.units.Units.gbps;
import static weft.units.Units.ms;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.fluid.FluidDcqcn;
import weft.units.Rate;
import weft.units.Time;

/** Packets through one port, against the fluid model of Zhu et al. (CoNEXT 2016). */
class BottleneckTest {
  private static final Rate LINK = gbps(40);

  /**
   * Packets settle within 15 % of where cuts that follow CNPs balance the increases between them.
   * Zhu et al.'s own fixed point lies up to a fifth lower, because their cuts may follow each other
   * at any distance.
   */
  @ParameterizedTest
  @ValueSource(ints = {2, 10})
  void dcqcnSettlesAtThePacedFixedPoint(int flows) {
    var link = Bottleneck.of(LINK).flows(flows).under(Dcqcn.paper());
    var run = link.run(ms(200));
    double paced = ((FluidDcqcn) link.fluid().orElseThrow()).pacedFixedPoint().queueBytes();
    assertEquals(paced, run.packets().settledQueue(), 0.15 * paced);
    double fluid = link.fluid().orElseThrow().fixedPoint().queueBytes();
    assertTrue(run.packets().settledQueue() > 1.08 * fluid, run + "");
    assertEquals(fluid, run.fluid().orElseThrow().settledQueue(), 0.02 * fluid);
  }

  /** With CNPs 5 us apart, hardly paced, packets settle at the fluid's own fixed point. */
  @ParameterizedTest
  @ValueSource(ints = {4, 6})
  void withFrequentNotificationsItSettlesAtTheFluidsFixedPoint(int flows) {
    var link = Bottleneck.of(LINK).flows(flows).under(notifying(us(5)));
    double fluid = link.fluid().orElseThrow().fixedPoint().queueBytes();
    assertEquals(fluid, link.run(ms(200)).packets().settledQueue(), 0.15 * fluid);
  }

  private static Dcqcn notifying(Time interval) {
    Dcqcn d = Dcqcn.paper();
    return new Dcqcn(
        d.g(),
        d.alphaTimer(),
        interval,
        d.increaseTimer(),
        d.byteCounter(),
        d.clamp(),
        d.fastRecovery(),
        d.additiveIncrease(),
        d.hyperIncrease(),
        d.minimumRate(),
        interval,
        null);
  }

  /** The second flow meets a first one that has the link to itself. */
  @Test
  void twoDcqcnFlowsConvergeToTheFairShare() {
    var run = Bottleneck.of(LINK).under(Dcqcn.paper()).joiningEvery(ms(20)).run(ms(300));
    assertTrue(run.fluid().isEmpty());
    for (int flow = 0; flow < 2; flow++) {
      assertEquals(20e9, run.packets().settledRate(flow), 0.15 * 20e9);
    }
  }

  @Test
  void theSameSeedGivesTheSameQueueAndAnotherOneAnother() {
    var link = Bottleneck.of(LINK).flows(3);
    double once = link.run(ms(2)).packets().settledQueue();
    assertEquals(once, link.run(ms(2)).packets().settledQueue());
    assertTrue(once != link.seed(2).run(ms(2)).packets().settledQueue());
  }

  /** A congestion control written in a cell, which knows nothing but a rate. */
  @Test
  void aControlOfTheReadersOwnRunsHere() {
    CongestionControl third = connection -> () -> connection.nic().bitsPerSecond() / 3.0;
    var run = Bottleneck.of(gbps(100)).flows(2).under(third).run(ms(2));
    assertEquals(33.3e9, run.packets().settledRate(0), 0.1e9);
    assertTrue(run.fluid().isEmpty());
    assertEquals(1, run.table().rowCount());
  }

  @Test
  void theTableHasARowForPacketsFluidAndBothFixedPoints() {
    var run = Bottleneck.of(LINK).flows(2).run(ms(2));
    assertEquals(4, run.table().rowCount());
    assertEquals("queue (kB)", run.table().column(1).name());
    assertTrue(run.provenance().facts().containsKey("fluid"));
  }

  @Test
  void aLinkWithoutFlowsOrTimeIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Bottleneck.of(LINK).flows(0));
    assertThrows(IllegalArgumentException.class, () -> Bottleneck.of(LINK).run(Time.ZERO));
  }
}
