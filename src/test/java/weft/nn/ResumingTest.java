package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Optimizers.adam;
import static weft.nn.Optimizers.sgd;
import static weft.nn.Schedules.cosine;
import static weft.nn.Schedules.warmUp;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A training over a data set goes on from a file as if it had never stopped. */
class ResumingTest {
  private static final Split DIGITS = Datasets.digits();
  private static final Dataset FEW = DIGITS.train().rows(IntStream.range(0, 500).toArray());
  private static final Dataset HELD = DIGITS.test().rows(IntStream.range(0, 200).toArray());
  private static final Optimizer ADAM =
      adam(0.01).weightDecay(1e-4).clipNorm(1).schedule(warmUp(10).then(cosine(60)));

  @TempDir Path folder;

  private static Network net(Precision precision, long seed) {
    return Network.inputs(64)
        .dense(24, relu())
        .batchNorm()
        .dropout(0.2)
        .residual(b -> b.dense(24, relu()).batchNorm())
        .dense(10, softmax())
        .init(he(seed))
        .precision(precision)
        .loss(crossEntropy());
  }

  private static BatchTraining job(Precision precision) {
    return net(precision, 1).train(ADAM).on(FEW).batch(64).epochs(6).shuffled(3).validatedBy(HELD);
  }

  @AfterEach
  void forgetInterruption() {
    boolean unused = Thread.interrupted();
  }

  private Checkpoint throughAFile(TrainingRun run) {
    Path file = folder.resolve("run.safetensors");
    run.checkpoint().save(file);
    return Checkpoint.load(file);
  }

  private static void assertSame(TrainingRun expected, TrainingRun actual) {
    assertArrayEquals(expected.network().values(), actual.network().values());
    assertArrayEquals(expected.network().statistics(), actual.network().statistics());
    assertArrayEquals(expected.losses(), actual.losses());
    assertArrayEquals(expected.validationLosses(), actual.validationLosses());
    assertArrayEquals(expected.validationAccuracies(), actual.validationAccuracies());
    assertEquals(expected.steps(), actual.steps());
    assertEquals(expected.summary(), actual.summary());
    assertEquals(
        expected.table().removeColumns("speed (samples/s)").print(),
        actual.table().removeColumns("speed (samples/s)").print());
  }

  /** Interrupted soon after it began, unless it was over before. */
  private static TrainingRun interrupted(BatchTraining job) {
    Thread self = Thread.currentThread();
    var stopper =
        new Thread(
            () -> {
              try {
                Thread.sleep(40);
              } catch (InterruptedException late) {
                return;
              }
              self.interrupt();
            });
    stopper.start();
    var run = job.run();
    stopper.interrupt();
    boolean unused = Thread.interrupted();
    return run;
  }

  @ParameterizedTest
  @EnumSource
  void epochsFromAFileAreThoseOfOneRun(Precision precision) {
    var whole = job(precision).run();
    var loaded = throughAFile(job(precision).epochs(2).run());
    assertSame(whole, job(precision).resuming(loaded).run());
    assertSame(whole, job(precision).threads(1).resuming(loaded).run());
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64", "BFLOAT16"})
  void anInterruptedRunGoesOnFromAFile(Precision precision) {
    var job = job(precision).batch(3).accumulating(1).epochs(4);
    var whole = job.run();
    var run = interrupted(job);
    int stops = 0;
    while (run.interrupted() && ++stops < 5) {
      run = interrupted(job.resuming(throughAFile(run)));
    }
    assertSame(whole, run.interrupted() ? job.resuming(throughAFile(run)).run() : run);
  }

  @Test
  void aRunInterruptedBeforeItsFirstStepGoesOnFromAFile() {
    Thread.currentThread().interrupt();
    var run = job(Precision.FLOAT32).run();
    assertTrue(Thread.interrupted());
    assertEquals(0, run.steps());
    assertSame(
        job(Precision.FLOAT32).run(), job(Precision.FLOAT32).resuming(throughAFile(run)).run());
  }

  private static BatchTraining stopping() {
    return Network.inputs(64)
        .dense(48, relu())
        .dense(10, softmax())
        .init(he(1))
        .loss(crossEntropy())
        .train(sgd(0.5).momentum(0.9))
        .on(FEW.rows(IntStream.range(0, 100).toArray()))
        .batch(10)
        .epochs(200)
        .validatedBy(HELD)
        .stoppingEarly(3);
  }

  @Test
  void earlyStoppingRemembersWhatWasBest() {
    var whole = stopping().run();
    assertTrue(whole.stoppedEarly());
    for (int epochs = whole.epochs() - 3; epochs <= whole.epochs(); epochs++) {
      var loaded = throughAFile(stopping().epochs(epochs).run());
      assertSame(whole, stopping().resuming(loaded).run());
    }
    var loaded = throughAFile(whole);
    assertSame(whole, stopping().resuming(loaded).run());
    assertEquals(whole.epochs() + 1, stopping().resuming(loaded).run().more(1).epochs());
    assertArrayEquals(whole.network().values(), whole.network().with(loaded).values());
  }

  @Test
  void aCompleteRunFromAFileIsItself() {
    var whole = job(Precision.FLOAT32).epochs(2).run();
    var again = job(Precision.FLOAT32).epochs(2).resuming(throughAFile(whole)).run();
    assertSame(whole, again);
    assertSame(whole.more(4), again.more(4));
    assertTrue(again.provenance().facts().get("resumed").contains("after step 16"));
  }

  @Test
  void theSameParametersStartAnotherTraining() {
    var run = job(Precision.FLOAT32).epochs(2).run();
    var loaded = throughAFile(run);
    assertArrayEquals(run.network().values(), net(Precision.FLOAT32, 5).with(loaded).values());
    var replica = Replica.of(net(Precision.FLOAT32, 5), ADAM, loaded);
    assertEquals(16, replica.steps());
  }

  @Test
  void whatDiffersIsNamed() {
    Path file = folder.resolve("run.safetensors");
    var job = job(Precision.FLOAT32);
    job.epochs(2).run().checkpoint().save(file);
    var loaded = Checkpoint.load(file);
    assertEquals(
        file + " was made with batch 64, but this training has 32: write batch(64)",
        Refusal.of(() -> job.batch(32).resuming(loaded).run()));
    assertEquals(
        file + " was made with seed 3, but this training has 4: write shuffled(3)",
        Refusal.of(() -> job.shuffled(4).resuming(loaded).run()));
    assertEquals(
        file + " was made with accumulating 1, but this training has 2: write accumulating(1)",
        Refusal.of(() -> job.accumulating(2).resuming(loaded).run()));
    assertTrue(
        Refusal.of(() -> job.stoppingEarly(2).resuming(loaded).run())
            .contains("with stoppingEarly no, but this training has 2"));
    assertTrue(
        Refusal.of(() -> job.validatedBy(FEW).resuming(loaded).run())
            .contains("made with validation digits test, 200 rows, sha256 "));
    assertEquals(
        file
            + " was made in epoch 2, but this training ends after epoch 1: write epochs(2) or more",
        Refusal.of(() -> job.epochs(1).resuming(loaded).run()));
    assertEquals(
        "a checkpoint must be given, but was null: write resuming(Checkpoint.load(Path.of(...)))",
        Refusal.of(() -> job.resuming(null)));
  }

  @Test
  void otherDataNetworksAndOptimisersAreRefused() {
    var loaded = throughAFile(job(Precision.FLOAT32).epochs(1).run());
    int[] turned = IntStream.range(0, 500).map(i -> i < 2 ? 1 - i : i).toArray();
    String told =
        Refusal.of(
            () ->
                net(Precision.FLOAT32, 1)
                    .train(ADAM)
                    .on(FEW.rows(turned))
                    .batch(64)
                    .validatedBy(HELD)
                    .shuffled(3)
                    .resuming(loaded)
                    .run());
    assertTrue(told.contains("with data digits train, 500 rows, sha256 "), told);
    assertTrue(told.endsWith("give the same rows in the same order"), told);
    assertTrue(
        Refusal.of(() -> net(Precision.FLOAT32, 1).train(sgd(0.1)).on(FEW).resuming(loaded).run())
            .contains("was written with the optimiser adam(0.01)"));
    assertTrue(
        Refusal.of(() -> job(Precision.FLOAT64).resuming(loaded).run())
            .contains("was written with the precision float32"));
    var replica = Replica.of(net(Precision.FLOAT32, 1), ADAM);
    assertEquals(
        "this checkpoint was not made by run.checkpoint(), it has no place in a training: go on by"
            + " Replica.of(network, optimizer, checkpoint)",
        Refusal.of(() -> job(Precision.FLOAT32).resuming(replica.checkpoint()).run()));
    assertTrue(
        Refusal.of(() -> loaded.with("training.epoch", "0")).contains("writes training.epoch"));
    assertEquals(List.of(), loaded.value("training.epoch").stream().toList());
  }
}
