package weft.notebook.course;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Placement.packed;
import static weft.cluster.Placement.scattered;
import static weft.cluster.Server.DGX_B200;
import static weft.cluster.Server.DGX_H100;
import static weft.cluster.Server.DGX_H200;
import static weft.cluster.Server.HOST;
import static weft.experiment.Fidelity.flows;
import static weft.units.Units.gbps;
import static weft.units.Units.gib;
import static weft.units.Units.kb;
import static weft.units.Units.kib;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.cluster.Placement;
import weft.collective.AllReduce;
import weft.collective.AlphaBeta;
import weft.collective.Nccl;
import weft.collective.NcclAlgorithm;
import weft.experiment.Comparison;
import weft.experiment.Experiment;
import weft.experiment.Run;
import weft.fabric.Fabric;
import weft.fault.Fault;
import weft.routing.ClusterBalancing;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;

/** What notebook 06, Collectives, says and asks. */
final class CollectivesNotebookTest {
  private static final RoceV2 PLAIN = RoceV2.lossless(CongestionControl.none());
  private static final Experiment FULL =
      Experiment.on(Fabric.leafSpine().servers(64, HOST).leafRadix(16).spines(8).build())
          .over(PLAIN);
  private static final Experiment THIN =
      Experiment.on(Fabric.leafSpine().servers(64, HOST).leafPorts(8, 2).spines(2).build())
          .over(PLAIN)
          .run(AllReduce.ring().of(mib(16)));
  private static final AlphaBeta MODEL = AlphaBeta.of(64, us(1), gbps(392));
  private static final AllReduce TREES = AllReduce.doubleBinaryTree().chunked(kib(512));

  @Test
  void theCrossoverByFormulaIsAt73Kilobytes() {
    var fastest =
        MODEL
            .compare(
                AllReduce.ring(), AllReduce.recursiveDoubling(), AllReduce.halvingDoubling(), TREES)
            .fastest();
    assertEquals(List.of("8 B", "72.93 kB"), fastest.stringColumn("from").asList());
    assertEquals("halving-doubling", fastest.stringColumn("fastest").get(1));
  }

  /** The formula is right where nobody meets anybody, and only there. */
  @Test
  void contentionMakesHalvingDoublingSlowerThanTheRing() {
    List<Run> runs =
        FULL.compare(
                AllReduce.ring().of(mib(16)),
                TREES.of(mib(16)),
                AllReduce.halvingDoubling().of(mib(16)))
            .runs();
    assertEquals(1, formula(AllReduce.ring()) / micros(runs.get(0)), 0.01);
    assertEquals(1, formula(TREES) / micros(runs.get(1)), 0.01);
    assertEquals(1088, micros(runs.get(2)), 1);
    Run tree = FULL.run(AllReduce.tree().chunked(kib(512)).of(mib(16))).run();
    assertEquals(0.94, formula(AllReduce.tree().chunked(kib(512))) / micros(tree), 0.005);
    var alone =
        FULL.run(AllReduce.halvingDoubling().of(mib(16)))
            .balancing(ClusterBalancing.ofCollective())
            .run();
    assertEquals(1, formula(AllReduce.halvingDoubling()) / micros(alone), 0.03);
    Run slow = FULL.run(AllReduce.ring().of(mib(16))).during(Fault.slowHost(20, 0.5)).run();
    assertEquals(0.69, micros(slow) / micros(runs.get(0)) - 1, 0.01);
    assertTrue(slow.diagnosis().toString().contains("gpu20"));
  }

  private static double formula(AllReduce algorithm) {
    return MODEL.time(algorithm, mib(16)).micros();
  }

  private static double micros(Run run) {
    return run.completion().micros();
  }

  @Test
  void switchesThatAddHalveTheTimeAndShareTheLatency() {
    List<Run> runs =
        FULL.compare(
                AllReduce.inNetwork().of(kib(16)),
                AllReduce.inNetwork().chunked(kib(64)).of(mib(16)))
            .runs();
    assertEquals(3.74, micros(runs.get(0)), 0.01);
    assertEquals(356, micros(runs.get(1)), 1);
    assertTrue(runs.get(1).busBandwidth() > 50);
  }

  @Test
  void smallArraysWantFewRounds() {
    List<Run> runs =
        FULL.compare(AllReduce.ring().of(kib(16)), AllReduce.recursiveDoubling().of(kib(16)))
            .runs();
    assertEquals(9, micros(runs.get(0)) / micros(runs.get(1)), 0.1);
  }

  @Test
  void aScatteredRingIsFourTimesSlowerOnAnOversubscribedFabric() {
    List<Run> runs = THIN.compare(packed(), scattered(7)).runs();
    assertEquals(4.25, micros(runs.get(1)) / micros(runs.get(0)), 0.01);
    int[] gpus = scattered(7).gpus(64, 64);
    long crossing =
        IntStream.range(0, 64).filter(r -> gpus[r] / 8 != gpus[(r + 1) % 64] / 8).count();
    assertEquals(60, crossing);
  }

  @Test
  void ringsOnRailsUseAllNicsAndAHierarchyHasFewerRounds() {
    var servers =
        Experiment.on(Fabric.railOptimized().servers(4, DGX_H100).leafRadix(16).build())
            .over(PLAIN);
    AllReduce rails = AllReduce.ring().rails(8);
    AllReduce hierarchy = AllReduce.ring().hierarchical(8);
    Comparison large =
        servers.compare(AllReduce.ring().of(mib(16)), rails.of(mib(16)), hierarchy.of(mib(16)));
    assertEquals(24.5, large.runs().get(0).busBandwidth(), 0.1);
    assertEquals(379, large.runs().get(1).busBandwidth(), 1);
    assertEquals(220, large.runs().get(2).busBandwidth(), 1);
    List<Run> small = servers.compare(rails.of(kib(64)), hierarchy.of(kib(64))).runs();
    assertTrue(2 * micros(small.get(1)) < micros(small.get(0)));
    assertEquals(62, rails.cost(32, kib(64)).rounds());
    assertEquals(20, hierarchy.cost(32, kib(64)).rounds());
  }

  /** S. Bekman's H200, {@code reference/collectives.csv}: MEAS.H200.8GiB.n8. */
  @Test
  void switchesThatAddAreMeasuredAsNcclExpects() {
    Nccl h200 = Nccl.defaults().on(DGX_H200, 1);
    assertEquals(473.1, h200.estimate(gib(8)).busBandwidth(), 0.02 * 473.1);
    var ring = h200.without(NcclAlgorithm.NVLS).estimate(gib(8));
    assertEquals(365.6, ring.busBandwidth(), 0.02 * 365.6);
    AllReduce inNetwork = AllReduce.inNetwork().chunked(mib(4));
    var both = MODEL.compare(AllReduce.ring(), inNetwork);
    assertEquals(1.94, ratio(both.at(gib(1)).doubleColumn("time (us)").asDoubleArray()), 0.01);
    assertEquals(62, ratio(both.at(kib(1)).doubleColumn("time (us)").asDoubleArray()), 1);
  }

  private static double ratio(double[] two) {
    return two[0] / two[1];
  }

  /** Trap 4, from the same source: half the bus bandwidth is more than twice the time. */
  @Test
  void busBandwidthIsNotTime() {
    AllReduce sum = AllReduce.ring();
    double longer = (sum.busBandwidthFactor(32) / 377.34) / (sum.busBandwidthFactor(8) / 740.64);
    assertEquals(22.05 / 10.15, longer, 0.001);
    double four = Nccl.defaults().on(DGX_B200, 4).estimate(gib(4)).time().millis();
    assertEquals(22.05, four, 0.5);
  }

  @ParameterizedTest
  @CsvSource({"all-gather,86.7", "NIC,36.5"})
  void rightAnswersAreAccepted(String exercise, String answer) {
    assertTrue(check(exercise, answer).isRight(), answer);
  }

  @ParameterizedTest
  @CsvSource({
    "ring bytes,184,unit",
    "crossover,765,unit",
    "all-gather,89.5,algbw",
    "all-gather,173.4,AllReduce",
    "all-gather,80.7,GiB",
    "all-gather,2774,whole result",
    "all-gather,0,factor",
    "NIC,47.2,flat ring",
    "NIC,377.34,no NIC",
    "NIC,292,server",
    "NIC,0,servers",
    "order,800,give the run",
    "two rounds,2,give the algorithm"
  })
  void wrongAnswersGetAHintWithoutTheAnswer(String exercise, String answer, String hint) {
    Verdict verdict = check(exercise, answer);
    assertFalse(verdict.isRight(), answer);
    assertTrue(verdict.hint().contains(hint), verdict.hint());
    for (String secret : new String[] {"184", "765", "86.7", "36.5", "sort", "parameterServer"}) {
      assertFalse(verdict.hint().contains(secret), verdict.hint());
    }
  }

  private static Verdict check(String exercise, String answer) {
    return Exercises.STANDARD.check(exercise, Double.valueOf(answer));
  }

  @Test
  void quantitiesAreAnsweredWithTheirUnits() {
    assertTrue(Exercises.STANDARD.check("ring bytes", mib(184)).isRight());
    assertTrue(Exercises.STANDARD.check("ring bytes", mib(92)).hint().contains("come round"));
    assertTrue(Exercises.STANDARD.check("ring bytes", mib(192)).hint().contains("nearly"));
    assertTrue(Exercises.STANDARD.check("ring bytes", mib(4)).hint().contains("one chunk"));
    assertTrue(Exercises.STANDARD.check("crossover", kb(764.7)).isRight());
    assertTrue(Exercises.STANDARD.check("crossover", kb(95.6)).hint().contains("bits"));
  }

  @Test
  void theSameGpusInAnotherOrderAreFaster() {
    Experiment job = THIN.ranks(32).at(flows());
    int[] sorted = IntStream.of(scattered(7).gpus(32, 64)).sorted().toArray();
    assertTrue(judge(job.placed(Placement.on(sorted)).run()).isRight());
    assertTrue(judge(job.placed(scattered(7)).run()).hint().contains("another leaf"));
    assertTrue(judge(job.placed(packed()).run()).hint().contains("same ones"));
    Run less = job.run(AllReduce.ring().of(mib(1))).placed(Placement.on(sorted)).run();
    assertTrue(judge(less).hint().contains("keep the job"));
  }

  private static Verdict judge(Run run) {
    return Exercises.STANDARD.check("order", run);
  }

  @Test
  void anAllReduceOfTwoRoundsSharesTheAddingOut() {
    assertTrue(judge(AllReduce.parameterServer(8)).isRight());
    assertTrue(judge(AllReduce.parameterServer(1)).hint().contains("one port"));
    assertTrue(judge(AllReduce.ring()).hint().contains("more rounds"));
    AllReduce half =
        AllReduce.custom(
            "half",
            b -> {
              for (int r = 1; r < b.ranks(); r++) {
                b.reduce(0, r, 0, 0, b.elements());
              }
            });
    assertTrue(judge(half).hint().contains("not all ranks"));
  }

  private static Verdict judge(AllReduce mine) {
    return Exercises.STANDARD.check("two rounds", mine);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "NCCL",
        "nccl-tests",
        "algorithm bandwidth",
        "alpha-beta model",
        "recursive doubling",
        "halving-doubling",
        "double binary tree",
        "crossover",
        "contention",
        "placement",
        "rail",
        "hierarchical AllReduce",
        "in-network reduction",
        "SHARP",
        "NVLS",
        "in place"
      })
  void termsOfTheNotebookAreInTheGlossary(String term) {
    assertTrue(Glossary.standard().define(term).startsWith(term + ": "), term);
  }
}
