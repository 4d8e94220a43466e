package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.HOST;
import static weft.units.Units.bytes;
import static weft.units.Units.kb;
import static weft.units.Units.mb;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import weft.fabric.Fabric;
import weft.transport.CongestionControl;
import weft.transport.Connection;
import weft.transport.Dcqcn;
import weft.transport.InfiniBand;
import weft.transport.Rccc;
import weft.transport.RoceV2;
import weft.transport.Swift;
import weft.transport.Uet;

/** The same incast under several congestion controls. */
class ControlComparisonTest {
  private static final Fabric FABRIC = Fabric.leafSpine().servers(8, HOST).leafRadix(8).build();
  private static final Experiment INCAST =
      Experiment.on(FABRIC)
          .run(Traffic.incast(FABRIC, 4, mb(1)).and(new Flow(6, 7, kb(100), us(3))));

  private record Slow() implements CongestionControl {
    @Override
    public Controller open(Connection connection) {
      return () -> connection.nic().bitsPerSecond() / 4.0;
    }
  }

  /** Four at a quarter of the line never queue more than a packet each. */
  @Test
  void aControlOfTheReadersOwnIsComparedByItsName() {
    var both = INCAST.sampling(us(1)).compareControls(CongestionControl.none(), new Slow());
    assertEquals("[no congestion control, Slow]", names(both));
    double[] queue = both.table().doubleColumn("p99 of deepest queue (kB)").asDoubleArray();
    assertTrue(queue[0] > 1000, "uncontrolled " + queue[0]);
    assertTrue(queue[1] <= 4 * 4.178, "slow " + queue[1]);
    assertEquals(2, both.queues().getSeriesCollection().size());
  }

  private static String names(Comparison comparison) {
    return comparison.table().stringColumn("congestion control").asList().toString();
  }

  /** Each control marks as its source does: the paper's DCQCN from 5 kB on. */
  @Test
  void variantsOfOneControlKeepTheirParametersAndTheirMarking() {
    var both = INCAST.compareControls(Dcqcn.defaults(), Dcqcn.paper(), Swift.defaults());
    assertTrue(names(both).contains("R_AI 40 Mb/s"), names(both));
    assertTrue(names(both).endsWith(", Swift]"), names(both));
    var marks = both.table().longColumn("ECN marks");
    assertTrue(marks.get(1) > marks.get(0), marks.print());
  }

  @Test
  void oneMessageIsFollowedThroughAllRuns() {
    var table = INCAST.compareControls(CongestionControl.none(), Swift.defaults()).message(4);
    assertEquals("GPU 6 to GPU 7", table.name());
    assertEquals(
        kb(100).bytes() * 8e-3 / table.doubleColumn(1).get(0), table.doubleColumn(2).get(0), 1e-6);
  }

  @Test
  void creditNeedsATransportThatGrantsIt() {
    assertEquals(1, INCAST.over(Uet.defaults()).compareControls(Rccc.defaults()).runs().size());
    var none =
        assertThrows(IllegalArgumentException.class, () -> INCAST.compareControls(Rccc.defaults()));
    assertTrue(none.getMessage().contains("credit"), none.getMessage());
  }

  @Test
  void otherTransportsAreRefusedAndSoAreQueuesWithoutSamples() {
    var fixed = INCAST.over(InfiniBand.defaults());
    var refused =
        assertThrows(IllegalArgumentException.class, () -> fixed.compareControls(Swift.defaults()));
    assertTrue(refused.getMessage().contains("RoCEv2 or UET"), refused.getMessage());
    var without = INCAST.compareControls(Swift.defaults());
    assertFalse(without.table().containsColumn("p99 of deepest queue (kB)"));
    assertThrows(IllegalStateException.class, without::queues);
  }

  @Test
  void anotherControlBringsItsMarking() {
    var roce = RoceV2.lossless(Dcqcn.defaults()).mtu(bytes(1024));
    assertEquals(Dcqcn.paper().marking(), roce.under(Dcqcn.paper()).marking());
    assertEquals(roce.mtu(), roce.under(Dcqcn.paper()).mtu());
    assertEquals(roce.link(), roce.under(Dcqcn.paper()).link());
  }
}
