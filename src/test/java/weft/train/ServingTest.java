package weft.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.cluster.Placement.packed;
import static weft.cluster.Placement.scattered;
import static weft.cluster.Server.DGX_H100;
import static weft.collective.GradientExchange.topK;
import static weft.experiment.Incast.incast;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.adam;
import static weft.nn.Optimizers.sgd;
import static weft.nn.Schedules.cosine;
import static weft.train.Synchrony.asynchronous;
import static weft.train.Synchrony.staleSynchronous;
import static weft.units.Units.mib;
import static weft.units.Units.us;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weft.engine.packet.PortCounters;
import weft.experiment.JobNetwork;
import weft.experiment.PlacedCollectives;
import weft.fabric.Fabric;
import weft.nn.Datasets;
import weft.nn.Network;
import weft.nn.Precision;

/** A parameter server: who waits for whom, what that saves, and what it does to the numbers. */
class ServingTest {
  private static final Fabric FABRIC =
      Fabric.leafSpine().servers(8, DGX_H100).leafRadix(16).build();

  private static final Network DIGITS =
      Network.inputs(64).dense(32, relu()).dense(10, softmax()).init(he(1)).loss(crossEntropy());

  private static final int WORKERS = 8;

  private static Training job(Network network) {
    return Training.of(network)
        .on(Datasets.digits())
        .batch(256) // the last batch of an epoch is smaller
        .epochs(4)
        .with(sgd(0.2))
        .dataParallel(WORKERS)
        .across(FABRIC)
        .placed(scattered(7))
        .computing(us(100));
  }

  private static JobNetwork network(TrainingPlan plan) {
    return plan.network(FABRIC, PlacedCollectives.of(FABRIC, plan.gpuOfRank, List.of(), 4));
  }

  private static double[] parameters(History history) {
    return history.network().table().doubleColumn("value").asDoubleArray();
  }

  /** Nobody changes the parameters meanwhile. */
  @Test
  void oneWorkerAndItsServerLearnWhatOneMachineDoes() {
    var optimizer = sgd(0.1).momentum(0.9).schedule(cosine(40));
    Training alone = Training.of(DIGITS).on(Datasets.digits()).batch(100).with(optimizer);
    History served = alone.across(FABRIC).synchronising(asynchronous()).run();
    assertArrayEquals(alone.run().losses(), served.losses());
    assertArrayEquals(parameters(alone.run()), parameters(served));
    assertEquals(
        39, served.staleness().where(t -> t.intColumn(0).isEqualTo(0)).intColumn(1).get(0));
  }

  /** With a bound of 0 all pull when the last has pushed: N updates, in place of one by the sum. */
  @Test
  void aBoundOfZeroIsSynchronousTraining() {
    Training job = job(DIGITS.precision(Precision.FLOAT64)).jitter(0.3);
    History served = job.synchronising(staleSynchronous(0)).run();
    assertArrayEquals(job.run().losses(), served.losses(), 1e-10);
  }

  /**
   * Others may be s steps behind or ahead of a worker that begins one, and s + 1 ahead when its
   * gradient is applied: it misses at most 2s + 1 of each.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 4})
  void stalenessNeverExceedsTheBound(int bound) {
    Training job = job(DIGITS).throttled(3, 0.3).jitter(0.3);
    var plan = TrainingPlan.of(job.synchronising(staleSynchronous(bound)));
    ServerLog log = new ServerClock(plan, bound, network(plan)).run();
    assertEquals(bound, log.widestLead(), "a slow worker makes others go as far as they may");
    int most = Arrays.stream(log.missed()).max().orElseThrow();
    assertTrue(most <= (2 * bound + 1) * (WORKERS - 1), most + " missed");
    long pushed = Arrays.stream(log.events()).filter(event -> event >= 0).count();
    assertEquals(log.missed().length, pushed);
  }

  /** Where all are equally fast, each comes round once while a worker computes. */
  @Test
  void evenWorkersMissOneUpdateOfEachOther() {
    History served = job(DIGITS).synchronising(asynchronous()).run();
    var table = served.staleness();
    double gradients = table.intColumn("gradients").sum();
    assertEquals(4 * 15 * WORKERS, gradients);
    double mean =
        table.intColumn("gradients").multiply(table.intColumn("missed gradients")).sum()
            / gradients;
    assertEquals(WORKERS - 1, mean, 0.3);
  }

  /** All wait for a slow worker, or it is given fewer shares. */
  @Test
  void aSlowGpuHoldsUpThoseWhoWaitForIt() {
    Training slow = job(DIGITS).throttled(3, 0.2);
    History synchronous = slow.run();
    History bounded = slow.synchronising(staleSynchronous(4)).run();
    History free = slow.synchronising(asynchronous()).run();
    History even = job(DIGITS).synchronising(asynchronous()).run();
    assertTrue(
        free.completion().ps() < 0.4 * synchronous.completion().ps(), told(free, synchronous));
    assertTrue(free.completion().ps() < bounded.completion().ps(), told(free, bounded));
    assertTrue(
        bounded.completion().ps() < synchronous.completion().ps(), told(bounded, synchronous));
    assertTrue(free.completion().ps() < 1.3 * even.completion().ps(), told(free, even));
    assertTrue(bounded.exposedShare() < 0.1, "waiting for others is not the network's: " + bounded);
    assertTrue(free.testAccuracy() > synchronous.testAccuracy() - 0.03, told(free, synchronous));
  }

  private static String told(History one, History other) {
    return one + "; " + other;
  }

  /** Every gradient goes to the server, and parameters come back for all but the last of each. */
  @Test
  void whatPassesTheServersCableIsGradientsAndParameters() {
    Training job = job(DIGITS).placed(packed()).synchronising(asynchronous());
    History served = job.run();
    int gpu = WORKERS; // the rank after the workers', in the second server
    assertTrue(served.provenance().facts().get("GPU of each rank").endsWith(", " + gpu + "]"));
    long size = DIGITS.parameters() * 4L; // 9,640 B: 3 packets, whose headers are 3 %
    int gradients = 4 * 15 * WORKERS;
    String name = FABRIC.nodes().get(FABRIC.node(gpu)).name();
    long in = bytes(served, ">" + name);
    long out = bytes(served, name + ">");
    assertTrue(in > gradients * size && in < 1.08 * gradients * size, in + " bytes in");
    long replies = (gradients - WORKERS) * size;
    assertTrue(out > replies && out < 1.08 * replies, out + " bytes out");
  }

  private static long bytes(History history, String end) {
    return history.networkLoad().orElseThrow().ports().stream()
        .filter(port -> port.name().startsWith(end) || port.name().endsWith(end))
        .mapToLong(PortCounters::bytes)
        .sum();
  }

  /** Whose gradient comes first depends on the network, and so does what is learned. */
  @Test
  void congestionChangesWhatIsLearned() {
    Training job = job(DIGITS).jitter(0.1).synchronising(asynchronous());
    History idle = job.run();
    History busy = job.sharing(incast(8, mib(4), us(200))).run();
    assertEquals(idle.losses()[0], busy.losses()[0], 0.2);
    assertFalse(Arrays.equals(idle.losses(), busy.losses()));
    assertTrue(busy.completion().ps() > idle.completion().ps(), told(busy, idle));
  }

  @Test
  void theSameSeedGivesTheSameBits() {
    Training job =
        job(DIGITS).jitter(0.2).sharing(incast(4, mib(1), us(200))).synchronising(asynchronous());
    History one = job.run();
    History other = job.run();
    assertArrayEquals(one.losses(), other.losses());
    assertArrayEquals(parameters(one), parameters(other));
    assertEquals(one.completion(), other.completion());
    assertFalse(Arrays.equals(one.losses(), job.seed(2).run().losses()));
  }

  @Test
  void layersWithMemoryOrDrawsAndMicroBatchesAreServedToo() {
    var net =
        Network.inputs(64)
            .dense(32, tanh())
            .batchNorm()
            .dropout(0.2)
            .dense(10, softmax())
            .init(he(1))
            .precision(Precision.BFLOAT16)
            .loss(crossEntropy());
    History served =
        job(net).with(adam(0.001)).accumulating(2).synchronising(staleSynchronous(2)).run();
    assertTrue(served.testAccuracy() > 0.9, served.toString());
  }

  @Test
  void refusalsSayWhatToWrite() {
    assertEquals(
        "a worker reaches its parameter server over a fabric: call across(fabric)",
        refusal(
            () -> Training.of(DIGITS).on(Datasets.digits()).synchronising(asynchronous()).run()));
    assertEquals(
        "65 ranks need 65 GPUs, but the fabric has 64: add servers or lower the rank count",
        refusal(() -> job(DIGITS).dataParallel(64).synchronising(asynchronous()).run()));
    assertEquals(
        "a parameter server is sent whole gradients in their own precision, but the job exchanges"
            + " top-k of 0.01 by ring AllGather, with error feedback, one bucket: leave that out, or"
            + " synchronise by localSgd(8)",
        refusal(() -> job(DIGITS).exchanging(topK(0.01)).synchronising(asynchronous()).run()));
    assertEquals(
        "float16's loss scale follows the overflows of one copy of the network, but a parameter"
            + " server's workers have several: write precision(BFLOAT16)",
        refusal(
            () -> job(DIGITS.precision(Precision.FLOAT16)).synchronising(asynchronous()).run()));
    assertEquals(
        "the bound of staleness must be at least 0, but was -1: staleSynchronous(0) begins steps"
            + " together",
        refusal(() -> staleSynchronous(-1)));
  }

  private static String refusal(Executable call) {
    return assertThrows(IllegalArgumentException.class, call).getMessage();
  }
}
