package weft.notebook.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.units.Units.bytes;
import static weft.units.Units.gbps;
import static weft.units.Units.kb;
import static weft.units.Units.kib;
import static weft.units.Units.mb;
import static weft.units.Units.mib;
import static weft.units.Units.ms;
import static weft.units.Units.ns;
import static weft.units.Units.seconds;
import static weft.units.Units.us;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.experiment.Experiment;
import weft.experiment.Flow;
import weft.experiment.Misconfiguration;
import weft.experiment.Run;
import weft.experiment.Tap;
import weft.experiment.Traffic;
import weft.fabric.Fabric;
import weft.fault.Fault;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.Dctcp;
import weft.transport.Hpcc;
import weft.transport.Pfc;
import weft.transport.Red;
import weft.transport.RoceV2;
import weft.transport.Transport;

/** The figures that notebook 10, Lossless Ethernet, tells its reader, and its exercises. */
class LosslessNotebookTest {
  private static final RoceV2 PAUSES = RoceV2.lossless(CongestionControl.none());
  private static final Red EARLY = Red.of(kb(50), kb(50), 1.0);
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(4, DGX_H100).leafRadix(16).build().buffer(mib(16));
  private static final Experiment INCAST =
      Experiment.on(FABRIC).run(Traffic.incast(FABRIC, 24, mb(1)));
  private static final Fabric CASCADE =
      Fabric.drawn(
              """
              gpu0      --100G 1000ns-- leaf1
              gpu[1-9]  --100G 1000ns-- leaf0
              gpu10     --100G 1000ns-- leaf1
              leaf0     --400G 1000ns-- leaf1
              """)
          .switchLatency(ns(0))
          .buffer(mib(2));
  private static final Experiment BESIDE =
      Experiment.on(CASCADE)
          .run(Traffic.incast(CASCADE, 8, mb(4)).and(new Flow(9, 10, mb(4), us(0))));

  private static double victim(Transport transport) {
    return BESIDE.over(transport).run().flows().doubleColumn("rate (Gb/s)").get(8);
  }

  /** 24 MB at 400 Gb/s, headers included, take 490 us; a timer of 67 ms decides without PFC. */
  @Test
  void pausesSaveAnIncastFromTimeouts() {
    Run lossless = INCAST.over(PAUSES).run();
    assertEquals(490, lossless.completion().micros(), 5);
    assertEquals(0, lossless.networkLoad().drops());
    assertTrue(lossless.networkLoad().pauses() > 100);
    Run lossy = INCAST.over(RoceV2.lossy(CongestionControl.none())).run();
    assertTrue(lossy.completion().micros() > 67_000);
  }

  /**
   * {@code dcqcn-defaults.csv}, PFC.cable.400G.100m, PFC.resp.400G and PFC.max.100G: 50,505 bytes
   * on the cable, 905 quanta of reaction, 335.54 us for the longest pause at 100 Gb/s.
   */
  @Test
  void headroomIsWhatIsPublishedForCableAndReactionAndTwoPackets() {
    double all = Pfc.headroom(gbps(400), seconds(100 / 1.98e8), 4194);
    assertEquals(50_505.1 + 905 * 64 + 2 * 4194, all, 10);
    assertEquals(335.5392, 4 * 65_535 * 512 / 400e3, 1e-4);
  }

  @Test
  void aPauseFrameGoesToTheNeighbourAndStopsClassThree() {
    var frames =
        Experiment.on(CASCADE)
            .run(Traffic.incast(CASCADE, 8, mb(4)))
            .over(PAUSES)
            .capturing(Tap.gpu(1))
            .run()
            .capture()
            .where(f -> f.info().startsWith("PFC"));
    assertEquals(134, frames.size());
    assertTrue(frames.frame(0).table().print().contains("01:80:c2:00:00:01"));
  }

  /** Guo et al., SIGCOMM 2016, sections 4.3 and 4.4: who is not to blame waits too. */
  @Test
  void aStormOrASlowReceiverStopsTheVictimAndAWatchdogFreesIt() {
    Experiment two =
        Experiment.on(CASCADE)
            .over(PAUSES.timeout(8))
            .run(Traffic.of(new Flow(1, 0, mb(4), us(0)), new Flow(9, 10, mb(4), us(0))));
    Fault storm = Fault.pauseStorm(0).at(us(20)).until(ms(1));
    assertEquals(330, received(two), 2);
    assertEquals(1299, received(two.during(storm)), 10);
    assertEquals(3055, received(two.during(Fault.slowHost(0, 0.1))), 60);
    Pfc watched = Pfc.dynamic().watchdog(us(200));
    assertEquals(514, received(two.over(PAUSES.timeout(8).pausing(watched)).during(storm)), 5);
    assertEquals("pause storm", two.during(storm).run().diagnosis().table().getString(0, 0));
  }

  /** When GPU 10 has all that GPU 9 wrote, us. */
  private static double received(Experiment two) {
    return two.run().flows().doubleColumn("received (us)").get(1);
  }

  /** Choudhury and Hahne, 1998: n inputs stop at alpha B / (1 + n alpha), and headroom on top. */
  @Test
  void theLongestQueueIsWhatTheDynamicThresholdAllows() {
    double shared = 16 * 1048.576 - 16 * 101;
    double expected = 6 * (shared / 8 / (1 + 6 / 8.0) + 101);
    var queues = INCAST.over(PAUSES).run().networkLoad().table().doubleColumn("longest queue (kB)");
    assertEquals(expected, queues.max(), 0.02 * expected);
  }

  /** Zhu et al., SIGCOMM 2015: the victim of pauses gets what each flow of the incast gets. */
  @Test
  void theVictimGetsAnEighthAndIsFreedByEarlySignals() {
    double eighth = 100 * 4096 / 4178.0 / 8;
    assertEquals(eighth, victim(PAUSES), 0.02 * eighth);
    assertEquals(victim(PAUSES), victim(RoceV2.lossless(Dcqcn.defaults())));
    assertTrue(victim(RoceV2.lossless(Dctcp.defaults()).marking(EARLY)) > 70);
    assertTrue(victim(RoceV2.lossless(Hpcc.defaults())) > 80);
  }

  @Test
  void aCircleOfSwitchesDeadlocksAndAWatchdogIsADearFuse() {
    Fabric circle =
        Fabric.drawn(
                """
                gpu0 --100G 1000ns-- s1
                gpu1 --100G 1000ns-- s2
                gpu2 --100G 1000ns-- s3
                gpu3 --100G 1000ns-- s4
                gpu4 --100G 1000ns-- s5
                s1 --100G 1000ns-- s2
                s2 --100G 1000ns-- s3
                s3 --100G 1000ns-- s4
                s4 --100G 1000ns-- s5
                s5 --100G 1000ns-- s1
                """)
            .switchLatency(ns(0))
            .buffer(kib(512));
    var around =
        Experiment.on(circle)
            .run(
                Traffic.of(
                    IntStream.range(0, 5)
                        .mapToObj(i -> new Flow(i, (i + 2) % 5, mb(4), us(0)))
                        .toArray(Flow[]::new)));
    var stuck = around.over(PAUSES.timeout(8));
    assertTrue(
        assertThrows(IllegalStateException.class, stuck::run).getMessage().contains("deadlock"));
    Run fused = around.over(PAUSES.timeout(8).pausing(Pfc.dynamic().watchdog(us(200)))).run();
    Run free = around.over(RoceV2.lossy(Hpcc.defaults())).run();
    assertTrue(fused.completion().micros() > 100 * free.completion().micros());
    assertTrue(fused.networkLoad().watchdogDrops() > 0);
  }

  private static Verdict check(String exercise, Object answer) {
    return Exercises.STANDARD.check(exercise, answer);
  }

  @Test
  void rightAnswersAreAccepted() {
    assertTrue(check("headroom", kb(113)).isRight());
    assertTrue(check("longest pause", us(83.9)).isRight());
    assertTrue(check("pause threshold", mb(1)).isRight());
    assertTrue(check("first pause", "Leaf1").isRight());
    Transport early = RoceV2.lossless(Dctcp.defaults()).marking(EARLY);
    assertTrue(check("marks first", BESIDE.over(early).run()).isRight());
  }

  @Test
  void theCulpritIsTheOnlySourceOfDrops() {
    String lot = "gpu" + (8 + new Random(10).nextInt(24));
    var drops =
        INCAST
            .over(PAUSES.timeout(8))
            .misconfigured(Misconfiguration.wrongPriority(lot))
            .run()
            .drops()
            .table()
            .stringColumn("source");
    assertEquals(1, drops.countUnique());
    assertTrue(check("culprit", drops.get(0)).isRight());
    assertFalse(check("culprit", "gpu8").isRight());
  }

  @Test
  void wrongAnswersGetAHintWithoutTheAnswer() {
    hints("headroom", 113, "unit");
    hints("headroom", kb(75.2), "other");
    hints("headroom", bytes(113_138 - 8388), "each end");
    hints("longest pause", us(335.5), "number of bits");
    hints("longest pause", us(671), "not bytes");
    hints("pause threshold", mb(2.25), "still free");
    hints("pause threshold", mb(2), "alone");
    hints("pause threshold", mb(10), "together");
    hints("first pause", "leaf0", "by whom");
    hints("culprit", "gpu0", "DSCP");
    hints("marks first", 60, "give the run");
    hints("marks first", INCAST.run(), "beside");
    hints("marks first", BESIDE.over(PAUSES).run(), "nothing was marked");
  }

  private static void hints(String exercise, Object answer, String hint) {
    Verdict verdict = check(exercise, answer);
    assertFalse(verdict.isRight(), exercise + " " + answer);
    assertTrue(verdict.hint().contains(hint), verdict.hint());
    for (String secret : new String[] {"113", "83.9", "84 us", "1 MB", "leaf1", "gpu2"}) {
      assertFalse(verdict.hint().contains(secret), verdict.hint());
    }
  }

  @ParameterizedTest
  @CsvSource({"3,34,68", "10000,1296,5117"})
  void theTableOfHeadroomsIsTrue(double metres, double at100, double at400) {
    assertEquals(at100, Pfc.headroom(gbps(100), seconds(metres / 1.98e8), 4194) / 1e3, 0.5);
    assertEquals(at400, Pfc.headroom(gbps(400), seconds(metres / 1.98e8), 4194) / 1e3, 0.5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PFC",
        "pause frame",
        "lossless",
        "shared buffer",
        "XOFF",
        "pause quantum",
        "headroom",
        "dynamic threshold",
        "PFC watchdog",
        "victim flow",
        "congestion spreading",
        "pause storm",
        "PFC deadlock"
      })
  void termsOfTheNotebookAreInTheGlossary(String term) {
    assertTrue(Glossary.standard().define(term).startsWith(term + ": "), term);
  }
}
