package weft.notebook.course;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Placement.packed;
import static weft.cluster.Placement.scattered;
import static weft.cluster.Server.DGX_H100;
import static weft.experiment.Incast.incast;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;
import static weft.units.Units.mb;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.collective.AllReduce;
import weft.experiment.Experiment;
import weft.experiment.Flow;
import weft.experiment.Run;
import weft.experiment.Traffic;
import weft.fabric.Fabric;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.routing.Ecmp;
import weft.routing.Spray;
import weft.train.History;
import weft.train.Training;
import weft.transport.CongestionControl;
import weft.transport.Dcqcn;
import weft.transport.RoceV2;
import weft.units.Time;

/** The figures that notebook 02, Gradients on the wire, tells its reader, and its exercises. */
class WireNotebookTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(8, DGX_H100).leafRadix(16).build();

  private static final Training ALONE =
      Training.of(
              Network.inputs(64)
                  .dense(128, relu())
                  .dense(10, softmax())
                  .init(he(1))
                  .loss(crossEntropy()))
          .on(Datasets.digits())
          .batch(512)
          .epochs(10)
          .with(sgd(0.1).momentum(0.9))
          .computing(us(100));

  private static final Training TOGETHER =
      ALONE.dataParallel(16).across(FABRIC).placed(scattered(7));

  private static final RoceV2 UNCONTROLLED = RoceV2.lossless(CongestionControl.none());

  /** 29 of 30 ring steps pass leaf, spine and leaf: 3 x 500 ns, 4 cables of 100 ns, 4 x 50 ns. */
  @Test
  void anIdleExchangeTakesThirtyTripsThroughTheFabric() {
    History idle = TOGETHER.run();
    double exchange = idle.stepTable().doubleColumn("exposed communication (us)").mean();
    assertEquals(29 * 2.1, exchange, 1.2);
    assertEquals(94.4, idle.testAccuracy() * 100, 0.2);
    assertArrayEquals(ALONE.run().losses(), idle.losses(), 1e-4);
  }

  @Test
  void anIncastStretchesTheLossCurveAndWithoutCongestionControlMore() {
    History idle = TOGETHER.run();
    Training shared = TOGETHER.sharing(incast(16, mib(16), us(200)));
    History busy = shared.run();
    History uncontrolled = shared.over(UNCONTROLLED).run();
    assertArrayEquals(idle.losses(), busy.losses());
    assertArrayEquals(idle.losses(), uncontrolled.losses());
    double slower = (double) busy.completion().ps() / idle.completion().ps();
    double worse = (double) uncontrolled.completion().ps() / idle.completion().ps();
    assertTrue(slower > 1.1 && slower < 2.5, "busy over idle: " + slower);
    assertTrue(worse > 5 && worse < 20, "uncontrolled over idle: " + worse);
    assertTrue(busy.networkLoad().orElseThrow().marks() > 1000);
    assertTrue(busy.networkLoad().orElseThrow().cnps() > 100);
    assertTrue(
        uncontrolled.networkLoad().orElseThrow().pauses()
            > 5 * busy.networkLoad().orElseThrow().pauses());
  }

  /** A message of one packet that is dropped is missed by nobody until 67 ms are over. */
  @Test
  void withoutPauseFramesALostGradientCostsATimeout() {
    Fabric small = Fabric.leafSpine().servers(8, DGX_H100).leafRadix(16).buffer(mib(4)).build();
    History lossy =
        TOGETHER
            .across(small)
            .over(RoceV2.lossy(Dcqcn.defaults()))
            .sharing(incast(16, mib(16), us(200)))
            .run();
    assertTrue(lossy.networkLoad().orElseThrow().drops() > 0);
    assertTrue(lossy.completion().compareTo(RoceV2.lossy(Dcqcn.defaults()).timeout()) > 0);
  }

  /** Goodput of 400 Gb/s at MTU 4096, 400 x 4096/4178 = 392.1 (reference/headers.csv). */
  @Test
  void oneFlowReachesTheGoodputOfItsLink() {
    Run run = Experiment.on(FABRIC).run(Traffic.of(new Flow(0, 8, mb(64), Time.ZERO))).run();
    assertEquals(392.1, run.flows().doubleColumn("rate (Gb/s)").get(0), 1);
  }

  /** 46 to 48 GB/s a 400 Gb/s NIC: NVIDIA/nccl-tests issue 290 (reference/collectives.csv). */
  @Test
  void aSprayedAllReduceReachesTheRateThatNcclTestsReports() {
    Experiment large =
        Experiment.on(FABRIC).ranks(16).placed(scattered(7)).run(AllReduce.ring().of(mib(64)));
    var runs =
        large
            .over(UNCONTROLLED.directDataPlacement())
            .compare(Spray.perPacket(), Ecmp.fiveTuple())
            .runs();
    assertEquals(47, runs.get(0).busBandwidth(), 1);
    assertEquals(23.5, runs.get(1).busBandwidth(), 1.5);
  }

  @ParameterizedTest
  @CsvSource({"chunk,2402.5", "chunk,2400", "ring steps,126", "break-even,64", "bits,Buckets"})
  void rightAnswersAreAccepted(String exercise, String answer) {
    assertTrue(check(exercise, answer).isRight(), answer);
  }

  @ParameterizedTest
  @CsvSource({
    "chunk,600,float32",
    "chunk,38440,whole gradient",
    "chunk,7,parameters",
    "ring steps,63,the others",
    "ring steps,128,return",
    "ring steps,30,one step short",
    "queue,200,unit",
    "break-even,60,share",
    "break-even,960,part of T",
    "break-even,1,part of T",
    "placement,3,history",
    "bits,incast,another order"
  })
  void wrongAnswersGetAHintWithoutTheAnswer(String exercise, String answer, String hint) {
    Verdict verdict = check(exercise, answer);
    assertFalse(verdict.isRight(), answer);
    assertTrue(verdict.hint().contains(hint), verdict.hint());
    for (String secret : new String[] {"2402", "2,402", "126", "200 us", "64", "buckets"}) {
      assertFalse(verdict.hint().contains(secret), verdict.hint());
    }
  }

  private static Verdict check(String exercise, String answer) {
    Object given = answer.matches("[0-9.]+") ? Double.valueOf(answer) : answer;
    return Exercises.STANDARD.check(exercise, given);
  }

  @Test
  void aQueueIsAnsweredAsATime() {
    assertTrue(Exercises.STANDARD.check("queue", us(200)).isRight());
    assertTrue(Exercises.STANDARD.check("queue", us(205)).isRight());
    Verdict bits = Exercises.STANDARD.check("queue", us(25));
    assertTrue(bits.hint().contains("bytes"), bits.hint());
  }

  @Test
  void aPlacementIsAnsweredAsARun() {
    assertTrue(Exercises.STANDARD.check("placement", TOGETHER.placed(packed()).run()).isRight());
    assertFalse(Exercises.STANDARD.check("placement", TOGETHER.run()).isRight());
    assertFalse(Exercises.STANDARD.check("placement", ALONE.run()).isRight());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "worker", "rank", "collective", "exposed communication", "serialisation", "NAK",
        "retransmission timeout", "direct data placement", "epoch", "batch", "AllReduce", "incast"
      })
  void termsOfTheNotebookAreInTheGlossary(String term) {
    assertTrue(Glossary.standard().define(term).startsWith(term + ": "), term);
  }
}
