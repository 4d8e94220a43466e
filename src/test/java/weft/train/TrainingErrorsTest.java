package weft.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.experiment.Incast.incast;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;
import static weft.units.Units.kb;
import static weft.units.Units.mib;
import static weft.units.Units.seconds;
import static weft.units.Units.us;

import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import weft.cluster.Placement;
import weft.collective.AllReduce;
import weft.fabric.Fabric;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;

/** What does not fit together is refused in one sentence, before anything runs. */
class TrainingErrorsTest {
  private static final Fabric FABRIC = Fabric.leafSpine().servers(2, DGX_H100).build();
  private static final Network NETWORK =
      Network.inputs(64).dense(10, softmax()).loss(crossEntropy());
  private static final Training JOB = Training.of(NETWORK).on(Datasets.digits());

  private static String refusal(Executable call) {
    String message = assertThrows(IllegalArgumentException.class, call).getMessage();
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  @Test
  void trainingNeedsSamples() {
    assertTrue(
        refusal(() -> Training.of(NETWORK).run()).startsWith("training needs samples: call on("));
  }

  @Test
  void workersNeedAFabric() {
    assertEquals(
        "16 workers exchange gradients over a fabric: call across(fabric)",
        refusal(() -> JOB.dataParallel(16).run()));
  }

  @Test
  void workersNeedAGpuEach() {
    assertEquals(
        "17 ranks need 17 GPUs, but the fabric has 16: add servers or lower the rank count",
        refusal(() -> JOB.dataParallel(17).across(FABRIC).run()));
  }

  @Test
  void workersNeedASampleEach() {
    assertEquals(
        "a batch of 8 leaves some of 16 workers without a sample: raise batch to 16 or more",
        refusal(() -> JOB.batch(8).dataParallel(16).across(FABRIC).run()));
  }

  @Test
  void aBatchIsNotLargerThanTheData() {
    assertTrue(refusal(() -> JOB.batch(4000).run()).contains("has 3823: lower batch"));
  }

  @Test
  void aNetworkFitsItsData() {
    var narrow = Network.inputs(63).dense(10, softmax()).loss(crossEntropy());
    assertTrue(
        refusal(() -> Training.of(narrow).on(Datasets.digits()).run())
            .startsWith("dense(10) expects 63 inputs, got a batch of shape"));
  }

  @Test
  void anIncastNeedsIdleSenders() {
    var full = JOB.dataParallel(16).across(FABRIC).sharing(incast(8, mib(4), us(200)));
    assertTrue(refusal(full::run).startsWith("an incast of 8 senders needs 8 idle GPUs"));
    var nowhere = JOB.dataParallel(8).across(FABRIC).sharing(incast(4, mib(4), us(200)).into(99));
    assertEquals("GPU 99 does not exist: this fabric's GPUs are 0 to 15", refusal(nowhere::run));
  }

  @Test
  void aRunThatDivergesSaysWhatToTry() {
    var deep =
        Network.inputs(64)
            .dense(32, relu())
            .dense(32, relu())
            .dense(10, softmax())
            .loss(crossEntropy());
    var wild = Training.of(deep).on(Datasets.digits()).with(sgd(1e6)).batch(512).epochs(5);
    String message = assertThrows(ArithmeticException.class, wild::run).getMessage();
    assertTrue(message.contains("try sgd("), message);
  }

  @Test
  void anInterruptStopsBothHalves() {
    Training job = JOB.batch(64).epochs(10_000).dataParallel(8).across(FABRIC);
    Thread.currentThread().interrupt();
    assertThrows(CancellationException.class, job::run);
  }

  /** A fabric that drops nearly everything ends the run, even while an incast keeps it busy. */
  @Test
  void aQueuePairThatGivesUpEndsTheRun() {
    var fabric = Fabric.leafSpine().servers(8, DGX_H100).leafRadix(16).buffer(kb(13)).build();
    var lossy = RoceV2.lossy(CongestionControl.none());
    var impatient =
        new RoceV2(
            lossy.mtu(),
            lossy.framing(),
            lossy.control(),
            lossy.marking(),
            null,
            lossy.reception(),
            3,
            0);
    var job =
        JOB.batch(512)
            .dataParallel(16)
            .across(fabric)
            .placed(Placement.scattered(7))
            .over(impatient)
            .sharing(incast(16, mib(4), us(200)));
    String message = assertThrows(IllegalStateException.class, job::run).getMessage();
    assertTrue(message.startsWith("a queue pair has given up"), message);
  }

  @Test
  void aRunTooLongToSimulateIsRefused() {
    assertEquals(
        "a step's compute time must be above 0, but was 0 ps: write for example us(500)",
        refusal(() -> JOB.computing(us(0))));
    assertTrue(
        refusal(() -> JOB.computing(seconds(9e6)).epochs(5).run())
            .startsWith("simulated time lasts 106 days"));
    assertTrue(
        refusal(() -> JOB.epochs(Integer.MAX_VALUE).run())
            .startsWith("steps times workers are at most"));
  }

  @Test
  void whatIsMissingIsNamedAtTheCall() {
    assertEquals(
        "a transport must be given, but was null: write RoceV2.lossless(Dcqcn.defaults())",
        refusal(() -> JOB.over(null)));
    assertEquals(
        "each of histories must be given, but was null: give what Training.run() returned",
        refusal(() -> History.overlay((History) null)));
  }

  /** A loss of 10^29 is a number, but no training. */
  @Test
  void aLossThatGrowsBeyondAllBoundsIsDivergence() {
    var linear = Network.inputs(64).dense(10, identity()).loss(squaredError());
    var wild = Training.of(linear).on(Datasets.digits()).with(sgd(1e15)).batch(512);
    String message = assertThrows(ArithmeticException.class, wild::run).getMessage();
    assertTrue(message.startsWith("the loss is ") && message.contains("try sgd("), message);
  }

  /** Whoever reads the provenance can set the run up again. */
  @Test
  void provenanceSuffices() {
    var job =
        JOB.batch(1024)
            .dataParallel(2)
            .across(FABRIC)
            .computing(us(500))
            .sharing(incast(4, kb(64), us(200)).into(15));
    var facts = job.run().provenance().facts();
    assertEquals("xavier(1)", facts.get("weights"));
    assertEquals("500 us as measured", facts.get("step's compute time"));
    assertEquals("[0, 1]", facts.get("GPU of each rank"));
    assertEquals(
        "RED, Kmin 100 kB, Kmax 400 kB, Pmax 0.2, for a port of 25 Gb/s", facts.get("marking"));
    assertEquals("alpha 0.125", facts.get("PFC"));
    assertEquals("14 (67.11 ms)", facts.get("timeout"));
    assertTrue(
        facts.get("cables").contains("16 GPU-leaf at 400 Gb/s, 100 ns"), facts.get("cables"));
    assertTrue(facts.get("background").endsWith("into GPU 15"), facts.get("background"));
  }

  /** All ranks end with the gradient of rank 0: equal, so only the sum tells. */
  @Test
  void anAllReduceOfOnesOwnMustAddUp() {
    var broadcast =
        AllReduce.custom(
            "my AllReduce",
            b -> {
              for (int r = 1; r < b.ranks(); r++) {
                b.copy(0, 0, r, 0, b.elements());
              }
            });
    String message = refusal(() -> JOB.dataParallel(4).across(FABRIC).exchanging(broadcast).run());
    assertTrue(
        message.startsWith(
            "each worker needs the sum of all gradients, but my AllReduce on 4 ranks is wrong: element 0 of rank 0 should be"),
        message);
    assertTrue(message.endsWith("correct its algorithm until verify(4, 650) returns"), message);
  }
}
