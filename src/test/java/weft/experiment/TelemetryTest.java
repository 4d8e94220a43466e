package weft.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.kib;
import static weft.units.Units.mb;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import tech.tablesaw.api.DoubleColumn;
import tech.tablesaw.api.Table;
import weft.engine.packet.PortCounters;
import weft.fabric.Fabric;
import weft.report.Picture;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;
import weft.units.Time;

/** A run's network over time. */
class TelemetryTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(4, DGX_H100).leafRadix(16).build();

  private static Experiment incast(Fabric fabric) {
    return Experiment.on(fabric).run(Traffic.incast(fabric, 16, mb(1)));
  }

  private static Run lossy() {
    return incast(FABRIC.buffer(kib(256)))
        .over(RoceV2.lossy(CongestionControl.none()).timeout(4))
        .sampling(us(5))
        .run();
  }

  @Test
  void samplingChangesNothingThatARunReports() {
    Experiment experiment = incast(FABRIC.buffer(mib(16)));
    Run plain = experiment.run();
    Run sampled = experiment.sampling(us(3)).run();
    assertEquals(plain.networkLoad(), sampled.networkLoad());
    assertEquals(plain.flows().print(), sampled.flows().print());
    assertThrows(IllegalStateException.class, plain::telemetry);
  }

  @Test
  void sumsOverTheSamplesAreThePortsCounters() {
    Run run = incast(FABRIC.buffer(mib(16))).sampling(us(2)).run();
    Telemetry telemetry = run.telemetry();
    Table samples = telemetry.samples();
    assertEquals(run.networkLoad().marks(), (long) samples.longColumn("ECN marks").sum());
    assertEquals(run.networkLoad().pauses(), (long) samples.longColumn("pauses sent").sum());
    assertTrue(run.networkLoad().pauses() > 0 && run.networkLoad().marks() > 0);
    double paused =
        run.networkLoad().ports().stream().mapToLong(PortCounters::pausedPs).sum() / 1e6;
    assertEquals(paused, samples.doubleColumn("paused (us)").sum(), 1e-6 * paused);
    assertTrue(samples.doubleColumn("utilisation (%)").max() <= 100);
    assertEquals(us(2), telemetry.interval());
    assertEquals(
        telemetry.size(), (int) Math.ceil(run.networkLoad().elapsedPs() / (double) us(2).ps()));
  }

  /** The receiver's port is the bottleneck: it has the deepest queue and works all the time. */
  @Test
  void theBottleneckOfAnIncastStandsFirst() {
    Table table = incast(FABRIC).sampling(us(5)).run().telemetry().table();
    assertEquals("leaf0>gpu0", table.stringColumn("port").get(0));
    DoubleColumn queue = table.doubleColumn("deepest queue (kB)");
    assertEquals(queue.max(), queue.get(0));
    assertEquals(100, table.doubleColumn("peak utilisation (%)").get(0), 1e-9);
  }

  @Test
  void heatMapsHaveARowForEachPortThatDidSomething() {
    Telemetry telemetry = incast(FABRIC.buffer(mib(16))).sampling(us(5)).run().telemetry();
    Picture queues = telemetry.queueDepth();
    assertTrue(queues.svg().contains(">leaf0&gt;gpu0<"), queues.svg());
    assertTrue(queues.svg().contains("time (us)") && queues.svg().contains(" kB<"));
    assertTrue(telemetry.paused().svg().contains("% of time"));
    assertEquals(
        "Drops, incast of 16 x 1 MB: 0 at every port all the time", telemetry.drops().alt());
  }

  @Test
  void dropsKeepTheHeadersOfTheFirstThousand() {
    Run run = lossy();
    Drops drops = run.drops();
    assertEquals(run.networkLoad().drops(), drops.count());
    assertTrue(drops.count() > 1000, drops.count() + " drops");
    Table table = drops.table();
    assertEquals(1000, table.rowCount());
    DoubleColumn time = table.doubleColumn("time (us)");
    for (int i = 1; i < 1000; i++) {
      assertTrue(time.get(i - 1) <= time.get(i));
    }
    assertEquals(1, table.stringColumn("destination").countUnique(), "all go to gpu0");
    assertTrue(table.stringColumn("UDP 5-tuple").get(0).endsWith(">10.0.0.1:4791"));
    long drawn = (long) run.telemetry().samples().longColumn("drops").sum();
    assertEquals(drops.count(), drawn);
  }

  @Test
  void queuePairsShowWhatLossCostThem() {
    Run run = lossy();
    Table pairs = run.telemetry().queuePairs();
    assertEquals(16, pairs.rowCount());
    assertEquals(
        run.networkLoad().retransmissions(), (long) pairs.longColumn("sent again (packets)").sum());
    assertTrue(pairs.longColumn("sent again (packets)").sum() > 0);
    assertEquals("IBV_WC_SUCCESS", pairs.stringColumn("status").get(0));
  }

  @Test
  void whatCannotBeSampledIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> incast(FABRIC).sampling(Time.ZERO));
  }
}
