package weft.notebook.course;

import static org.apache.commons.math3.util.MathArrays.distanceInf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Server.DGX_H100;
import static weft.cluster.Server.HOST;
import static weft.llm.Transformer.LLAMA3_8B;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.sgd;
import static weft.parallel.Sharding.REPLICATED;
import static weft.parallel.Sharding.ZERO_1;
import static weft.parallel.Sharding.ZERO_2;
import static weft.parallel.Sharding.ZERO_3;
import static weft.units.Units.gb;
import static weft.units.Units.kb;
import static weft.units.Units.kib;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import weft.collective.AllReduce;
import weft.collective.GradientExchange;
import weft.experiment.Fidelity;
import weft.fabric.Fabric;
import weft.job.Job;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.NetworkBuilder;
import weft.nn.Precision;
import weft.parallel.ParallelAxis;
import weft.parallel.ParallelPlan;
import weft.parallel.Recomputation;
import weft.parallel.Sharding;
import weft.train.History;
import weft.train.Synchrony;
import weft.train.Training;
import weft.transport.CongestionControl;
import weft.transport.RoceV2;

/** What notebook 04, Data parallel is AllReduce, says and asks. */
final class DataParallelNotebookTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(16, HOST).leafRadix(16).spines(8).build();
  private static final RoceV2 PLAIN = RoceV2.lossless(CongestionControl.none());
  private static final Network NETWORK = head(Network.inputs(64).dense(128, relu()));
  private static final AllReduce RING = AllReduce.ring();
  private static final ParallelPlan PLAN = ParallelPlan.of(64).recomputing(Recomputation.FULL);
  private static final Training DEEP =
      Training.of(deep())
          .on(Datasets.digits())
          .batch(512)
          .with(sgd(0.05))
          .computing(us(400))
          .dataParallel(16)
          .across(FABRIC)
          .over(PLAIN);

  private static Network head(NetworkBuilder layers) {
    return layers.dense(10, softmax()).init(he(1)).loss(crossEntropy());
  }

  private static Network deep() {
    NetworkBuilder layers = Network.inputs(64);
    for (int i = 0; i < 8; i++) {
      layers = layers.dense(256, relu());
    }
    return head(layers);
  }

  private static Training job(Network network) {
    return Training.of(network)
        .on(Datasets.digits())
        .batch(512)
        .epochs(10)
        .with(sgd(0.1).momentum(0.9))
        .computing(us(100));
  }

  private static double gap(Network network, int workers) {
    Training one = job(network);
    return distanceInf(
        one.run().losses(), one.dataParallel(workers).across(FABRIC).over(PLAIN).run().losses());
  }

  /** The mean over 512 samples does not care who computes which of them. */
  @Test
  void workersTogetherLearnWhatOneLearns() {
    assertTrue(gap(NETWORK, 16) < 1e-7);
    assertTrue(gap(NETWORK.precision(Precision.FLOAT64), 5) < 1e-14);
    assertEquals(0.134, gap(head(Network.inputs(64).dense(128, relu()).batchNorm()), 16), 0.001);
  }

  /**
   * A ring's 30 messages of a packet in each of 80 steps, and as many acknowledgements; ten packets
   * of the whole gradient where switches add.
   */
  @Test
  void theCountersFollowFromTheAlgorithm() {
    Training cluster = job(NETWORK).dataParallel(16).across(FABRIC).over(PLAIN);
    History ring = cluster.run();
    History inside = cluster.exchanging(AllReduce.inNetwork()).run();
    assertEquals(30 * 80 * 2.0, mostPackets(ring));
    assertEquals(10 * 80 * 2.0, mostPackets(inside));
    double byFlows = cluster.at(Fidelity.flows()).run().completion().micros();
    assertEquals(byFlows, ring.completion().micros(), 0.01 * byFlows);
    assertTrue(inside.completion().ps() < 0.85 * ring.completion().ps());
  }

  private static double mostPackets(History run) {
    return run.networkLoad().orElseThrow().table().longColumn("packets").max();
  }

  @Test
  void overlappedBucketsOfTwoLayersWaitLeast() {
    assertEquals(22, waiting(GradientExchange.whole(RING)), 0.5);
    assertEquals(45, waiting(RING.buckets(kib(64))), 0.5);
    assertEquals(19, waiting(RING.buckets(kib(64)).overlapped()), 0.5);
    assertEquals(12, waiting(RING.buckets(kib(512)).overlapped()), 0.5);
    assertEquals(15, waiting(RING.buckets(mib(1)).overlapped()), 0.5);
  }

  private static double waiting(GradientExchange exchange) {
    return 100 * DEEP.exchanging(exchange).run().exposedShare();
  }

  @Test
  void fullShardingGathersAndScattersForEachMicroBatch() {
    assertEquals(31.62, sent(REPLICATED, 64), 0.01);
    assertEquals(1.5, sent(ZERO_3, 64) / sent(REPLICATED, 64), 1e-9);
    assertEquals(24, sent(ZERO_3, 1024) / sent(REPLICATED, 1024), 1e-9);
    double plain = step(PLAN.sharded(ZERO_1));
    assertEquals(8 / 7.0, step(PLAN.sharded(ZERO_3)) / plain, 0.01);
    assertTrue(step(PLAN.sharded(ZERO_3).overlapped()) <= plain);
  }

  private static double sent(Sharding how, int batch) {
    return PLAN.sharded(how).traffic(LLAMA3_8B, batch).sent(ParallelAxis.DATA) / 1e9;
  }

  private static double step(ParallelPlan plan) {
    return Job.training(LLAMA3_8B)
        .on(8, DGX_H100)
        .plan(plan)
        .globalBatch(1024)
        .run()
        .total()
        .seconds();
  }

  @Test
  void aLargeBatchNeedsALargerRate() {
    assertEquals(94.9, right(32, 0.1), 0.1);
    assertEquals(69.6, right(2048, 0.1), 0.1);
    assertEquals(88.3, right(2048, 0.4), 0.1);
  }

  private static double right(int batch, double rate) {
    return 100
        * Training.of(NETWORK)
            .on(Datasets.digits())
            .batch(batch)
            .epochs(10)
            .with(sgd(rate))
            .run()
            .testAccuracy();
  }

  /** A GPU at a quarter of its rate is everybody's, unless nobody waits. */
  @Test
  void onlyAsynchronousTrainingGetsRidOfAStraggler() {
    var steady =
        Training.of(NETWORK)
            .on(Datasets.digits())
            .batch(512)
            .epochs(10)
            .with(sgd(0.3))
            .computing(us(100))
            .dataParallel(16)
            .over(PLAIN)
            .exchanging(RING)
            .across(Fabric.leafSpine().servers(17, HOST).leafRadix(16).spines(8).build());
    var tired = steady.jitter(0.3).throttled(3, 0.25);
    double even = millis(steady);
    assertEquals(3.2, millis(tired) / even, 0.05);
    assertEquals(3.1, millis(tired.synchronising(Synchrony.localSgd(8))) / even, 0.05);
    assertEquals(3.0, millis(tired.synchronising(Synchrony.staleSynchronous(4))) / even, 0.05);
    assertTrue(millis(tired.synchronising(Synchrony.asynchronous())) < even);
    assertEquals(3.1, millis(tired.exchanging(GradientExchange.topK(0.05))) / even, 0.05);
    assertEquals(3.1, millis(tired.exchanging(GradientExchange.oneBit())) / even, 0.05);
  }

  private static double millis(Training job) {
    return job.run().completion().millis();
  }

  @ParameterizedTest
  @CsvSource({
    "mean gradient,0.25,mean of means",
    "mean gradient,13,sum over all",
    "mean gradient,0,over their number",
    "scaled learning rate,0.05,smaller batch",
    "scaled learning rate,0.00625,other way",
    "scaled learning rate,1,how many times",
    "sent,282,unit",
    "sharding,3,first below",
    "buckets,12,give the run"
  })
  void wrongAnswersGetAHintWithoutTheAnswer(String exercise, String answer, String hint) {
    Verdict verdict = Exercises.STANDARD.check(exercise, Double.valueOf(answer));
    assertFalse(verdict.isRight(), answer);
    assertTrue(verdict.hint().contains(hint), verdict.hint());
    for (String secret : new String[] {"0.325", "0.4", "282", "ZERO_2", "512"}) {
      assertFalse(verdict.hint().contains(secret), verdict.hint());
    }
  }

  @Test
  void rightAnswersAreAccepted() {
    assertTrue(Exercises.STANDARD.check("mean gradient", 0.325).isRight());
    assertTrue(Exercises.STANDARD.check("scaled learning rate", 0.4).isRight());
    assertTrue(Exercises.STANDARD.check("sent", gb(281.7)).isRight());
    assertTrue(Exercises.STANDARD.check("sharding", ZERO_2).isRight());
    assertTrue(Exercises.STANDARD.check("sharding", "zero_2").isRight());
    assertTrue(judge(DEEP.exchanging(RING.buckets(kib(512)).overlapped())).isRight());
  }

  @Test
  void whatComesNearGetsItsOwnHint() {
    assertTrue(Exercises.STANDARD.check("sent", gb(141)).hint().contains("one pass"));
    assertTrue(Exercises.STANDARD.check("sent", gb(563)).hint().contains("two bytes"));
    assertTrue(Exercises.STANDARD.check("sharding", ZERO_3).hint().contains("half as much"));
    assertTrue(judge(DEEP.exchanging(RING)).hint().contains("hide behind nothing"));
    var tiny = DEEP.exchanging(RING.buckets(kb(64)).overlapped());
    assertTrue(judge(tiny).hint().contains("try between"));
    assertTrue(judge(DEEP.dataParallel(4)).hint().contains("keep the job"));
  }

  private static Verdict judge(Training job) {
    return Exercises.STANDARD.check("buckets", job.run());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gradient bucket",
        "overlap",
        "optimiser state",
        "ZeRO",
        "FSDP",
        "micro-batch",
        "linear scaling rule",
        "batch normalisation",
        "synchronous training",
        "local SGD",
        "stale-synchronous training",
        "asynchronous training",
        "gradient compression"
      })
  void termsOfTheNotebookAreInTheGlossary(String term) {
    assertTrue(Glossary.standard().define(term).startsWith(term + ": "), term);
  }
}
