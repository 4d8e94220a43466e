package weft.notebook.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Placement.scattered;
import static weft.cluster.Server.HOST;
import static weft.units.Units.gbps;
import static weft.units.Units.mb;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.collective.AllReduce;
import weft.experiment.Experiment;
import weft.experiment.Run;
import weft.experiment.Traffic;
import weft.fabric.Fabric;
import weft.routing.ClusterBalancing;
import weft.routing.Collisions;
import weft.routing.Ecmp;
import weft.routing.Flowlet;
import weft.routing.LoadBalancing;
import weft.routing.Spray;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;

/** The figures that notebook 12, Load balancing, tells its reader, and its exercises. */
class BalancingNotebookTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(64, HOST).leafRadix(16).spines(8).build();
  private static final RoceV2 IN_ORDER = RoceV2.lossless(CongestionControl.none());
  private static final Experiment JOB =
      Experiment.on(FABRIC)
          .run(Traffic.permutation(64, mb(4), 1))
          .over(IN_ORDER.directDataPlacement());

  /** 400 Gb/s x 4096/4178: what headers leave of a line (reference/headers.csv). */
  private static final double LINE = 392.1;

  private static double share(LoadBalancing balancing) {
    return JOB.balancing(balancing).run().flows().doubleColumn("rate (Gb/s)").mean() / LINE;
  }

  /**
   * NVIDIA's figures for standard Ethernet, with its collisions, and for Spectrum-X: 60 and 95 % of
   * the throughput (press release on xAI Colossus, 28 October 2024).
   */
  @Test
  void hashingKeepsThreeFifthsOfTheThroughputAndSprayingNearlyAll() {
    assertEquals(0.60, share(Ecmp.fiveTuple()), 0.05);
    assertEquals(0.95, share(Spray.perPacket()), 0.03);
  }

  @Test
  void theSlowestOfFourOnACableDecidesAndRdmaHasNoFlowlets() {
    double line = 4e6 * 8 * 4178 / 4096 / 400e3; // us
    assertEquals(4 * line, JOB.run().completion().micros(), 0.03 * 4 * line);
    double bursts = JOB.balancing(Flowlet.gap(us(50))).run().completion().micros();
    assertTrue(bursts > 3 * line, "flowlets " + bursts);
  }

  /**
   * Gangidi et al., SIGCOMM 2024: E-ECMP with several queue pairs gained up to 40 % in AllReduce,
   * on leaves with twice as many uplinks as they need; this one gains more without, nothing with.
   */
  @Test
  void queuePairsGainMostWhereUplinksAreFew() {
    Fabric generous =
        Fabric.leafSpine().servers(64, HOST).leafRadix(16).spines(8).uplink(gbps(800)).build();
    assertEquals(1.68, gain(FABRIC), 0.05);
    assertEquals(1.0, gain(generous), 0.05);
  }

  private static double gain(Fabric fabric) {
    var runs =
        Experiment.on(fabric)
            .ranks(32)
            .placed(scattered(7))
            .run(AllReduce.ring().of(mib(16)))
            .over(IN_ORDER)
            .compare(Ecmp.queuePairs(16), Ecmp.fiveTuple())
            .runs();
    return runs.get(0).busBandwidth() / runs.get(1).busBandwidth();
  }

  /** Of 128 cables from aggregation switches to cores, a seed shared by all uses the same 32. */
  @Test
  void polarisationLeavesTheSameCablesIdleForEveryJob() {
    var first = cablesToCores(1);
    assertEquals(32, first.size());
    first.addAll(cablesToCores(2));
    assertEquals(32, first.size());
  }

  private static Set<String> cablesToCores(int permutation) {
    var up =
        Experiment.on(Fabric.fatTree().k(8).build())
            .run(Traffic.permutation(128, mb(1), permutation))
            .over(IN_ORDER)
            .balancing(Ecmp.fiveTuple().hashSeed(42))
            .run()
            .networkLoad()
            .uplinks();
    up = up.where(up.stringColumn("port").startsWith("agg"));
    var used = up.where(up.longColumn("packets").isGreaterThan(0));
    return new HashSet<>(used.stringColumn("port").asList());
  }

  @ParameterizedTest
  @CsvSource({"luck,9.375", "luck,9.4", "idle uplinks,5.7", "cores,8"})
  void rightAnswersAreAccepted(String exercise, String answer) {
    assertTrue(check(exercise, answer).isRight(), answer);
  }

  @ParameterizedTest
  @CsvSource({
    "luck,0.09375,percent",
    "luck,25,one certain uplink",
    "luck,90.6,collide",
    "luck,50,second must avoid",
    "idle uplinks,10.3,in use",
    "idle uplinks,0.356,how many",
    "idle uplinks,0,Collisions",
    "share,133,unit",
    "gap,20,unit",
    "cores,64,all cores",
    "cores,1,has a pod",
    "cores,0,sends all it gets",
    "in order,90,give the run"
  })
  void wrongAnswersGetAHintWithoutTheAnswer(String exercise, String answer, String hint) {
    Verdict verdict = check(exercise, answer);
    assertFalse(verdict.isRight(), answer);
    assertTrue(verdict.hint().contains(hint), verdict.hint());
    for (String secret : new String[] {"9.4", "9.375", "5.7", "133", "20 us", "8 ", "eight"}) {
      assertFalse(verdict.hint().contains(secret), verdict.hint());
    }
  }

  private static Verdict check(String exercise, String answer) {
    return Exercises.STANDARD.check(exercise, Double.valueOf(answer));
  }

  @Test
  void quantitiesAreAnsweredWithTheirUnits() {
    assertTrue(Exercises.STANDARD.check("share", gbps(133.3)).isRight());
    assertTrue(Exercises.STANDARD.check("share", gbps(200)).hint().contains("count again"));
    assertTrue(Exercises.STANDARD.check("gap", us(20)).isRight());
    assertTrue(Exercises.STANDARD.check("gap", us(2.5)).hint().contains("bytes"));
  }

  @Test
  void aReceiverThatInsistsOnOrderCanBeServedFast() {
    Experiment ordered = JOB.over(IN_ORDER);
    for (LoadBalancing good :
        new LoadBalancing[] {Ecmp.queuePairs(64), ClusterBalancing.ofCollective()}) {
      assertTrue(Exercises.STANDARD.check("in order", ordered.balancing(good).run()).isRight());
    }
    assertTrue(hint(ordered.balancing(Ecmp.queuePairs(4)).run()).contains("not fast enough"));
    assertTrue(hint(JOB.balancing(Spray.perPacket()).run()).contains("over(inOrder)"));
    var few = ordered.run(Traffic.permutation(64, mib(1), 1)).balancing(Spray.perPacket());
    assertTrue(hint(few.run()).contains("by flow"));
  }

  private static String hint(Run run) {
    return Exercises.STANDARD.check("in order", run).hint();
  }

  /** "Used" in the notebook: 1 - 1/e of the uplinks carry anything when flows are as many. */
  @Test
  void aThirdOfTheUplinksIsLeftIdle() {
    assertEquals(65.6, 100 * Collisions.of(8, 8).usedShare(), 0.1);
    var uplinks = JOB.run().networkLoad().uplinks();
    assertEquals(64, uplinks.rowCount());
    int idle = uplinks.where(uplinks.doubleColumn("busy (%)").isLessThan(5)).rowCount();
    assertEquals(64 / Math.E, idle, 5);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "entropy",
        "hash collision",
        "elephant flow",
        "permutation",
        "non-blocking",
        "E-ECMP",
        "flowlet",
        "dynamic load balancing",
        "adaptive routing",
        "cluster load balancing",
        "hash seed",
        "polarisation",
        "reordering",
        "fat-tree",
        "pod"
      })
  void termsOfTheNotebookAreInTheGlossary(String term) {
    assertTrue(Glossary.standard().define(term).startsWith(term + ": "), term);
  }
}
