package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.sigmoid;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.he;
import static weft.nn.Initializers.xavier;
import static weft.nn.Losses.binaryCrossEntropy;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;
import static weft.nn.Schedules.cosine;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Learning from a data set, batch by batch. */
class BatchTrainingTest {
  private static final Split DIGITS = Datasets.digits();
  private static final Dataset FEW = DIGITS.train().rows(rowNumbers(600));
  private static final Dataset XOR =
      Dataset.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, new int[] {0, 1, 1, 0});

  private static int[] rowNumbers(int count) {
    int[] rows = new int[count];
    Arrays.setAll(rows, i -> i);
    return rows;
  }

  private static Network digits(Precision precision) {
    return Network.inputs(64)
        .dense(48, relu())
        .dense(10, softmax())
        .init(he(1))
        .precision(precision)
        .loss(crossEntropy());
  }

  private static BatchTraining job(Precision precision) {
    return digits(precision)
        .train(sgd(0.1).momentum(0.9))
        .on(FEW)
        .batch(64)
        .epochs(4)
        .shuffled(3)
        .validatedBy(DIGITS.test());
  }

  private static void assertSame(TrainingRun expected, TrainingRun actual) {
    assertArrayEquals(expected.network().values(), actual.network().values());
    assertArrayEquals(expected.losses(), actual.losses());
    assertArrayEquals(expected.validationLosses(), actual.validationLosses());
    assertEquals(expected.steps(), actual.steps());
  }

  @AfterEach
  void forgetInterruption() {
    boolean unused = Thread.interrupted();
  }

  @Test
  void digitsAreLearned() {
    var run =
        digits(Precision.FLOAT32)
            .train(sgd(0.1).momentum(0.9))
            .on(DIGITS.train())
            .batch(64)
            .epochs(15)
            .validatedBy(DIGITS.test())
            .run();
    assertTrue(run.network().accuracy(DIGITS.test()) > 0.95, run::toString);
    assertEquals(15, run.epochs());
    assertEquals(15 * 60, run.steps());
    assertEquals(run.validationLosses()[14], run.network().loss(DIGITS.test()), 1e-12);
    assertEquals(
        List.of(
            "epoch",
            "training loss",
            "validation loss",
            "validation accuracy (%)",
            "learning rate",
            "speed (samples/s)"),
        run.table().columnNames());
    assertEquals(15, run.table().rowCount());
    assertTrue(run.summary().startsWith("15 epochs in 900 steps: training loss 0.0"));
    assertTrue(run.provenance().facts().keySet().containsAll(List.of("data", "seed", "optimiser")));
    assertEquals(3, run.chart().getSeriesCollection().size());
  }

  @Test
  void aScheduleThatEndedTooEarlyIsToldOf() {
    var line = Network.inputs(1).dense(1, identity()).loss(squaredError());
    var data = Dataset.of(new double[][] {{1}, {2}}, new double[][] {{1}, {3}});
    var short3 = line.train(sgd(0.1).schedule(cosine(3))).on(data).batch(2).epochs(10).run();
    assertTrue(
        short3
            .summary()
            .endsWith(
                "; the last 7 steps changed nothing, as the schedule had brought the learning rate"
                    + " to 0: make it last 10 steps"),
        short3::summary);
    var fitting = line.train(sgd(0.1).schedule(cosine(10))).on(data).batch(2).epochs(10).run();
    assertFalse(fitting.summary().contains("changed nothing"), fitting::summary);
  }

  @ParameterizedTest
  @EnumSource
  void threadsChangeNoBit(Precision precision) {
    assertSame(job(precision).threads(1).run(), job(precision).threads(3).run());
  }

  @Test
  void theSameRunTwiceIsTheSame() {
    var job = job(Precision.FLOAT32);
    assertSame(job.run(), job.run());
    assertFalse(
        Arrays.equals(job.run().network().values(), job.shuffled(4).run().network().values()));
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void partsOfABatchComeToTheWholeOne(Precision precision) {
    double tolerance = precision == Precision.FLOAT32 ? 1e-5 : 1e-13;
    var whole = job(precision).run().network().values();
    for (int parts : new int[] {2, 5, 64}) {
      assertArrayEquals(
          whole, job(precision).accumulating(parts).run().network().values(), tolerance);
    }
  }

  @ParameterizedTest
  @EnumSource
  void goingOnIsLikeNeverHavingStopped(Precision precision) {
    var whole = job(precision).run();
    var first = job(precision).epochs(1).run();
    assertSame(whole, first.more(1).more(2));
    assertSame(whole, first.more(3));
    assertSame(whole, first.more(3));
    assertThrows(IllegalStateException.class, first::resumed);
  }

  /** Interrupts its own thread after so many steps, by way of the optimiser's rate. */
  private static Thread interruptAfter(int milliseconds) {
    Thread self = Thread.currentThread();
    var thread =
        new Thread(
            () -> {
              try {
                Thread.sleep(milliseconds);
              } catch (InterruptedException e) {
                return;
              }
              self.interrupt();
            });
    thread.start();
    return thread;
  }

  @Test
  void anInterruptedRunLosesNothing() throws InterruptedException {
    var job = digits(Precision.FLOAT64).train(sgd(0.01)).on(FEW).batch(3).epochs(40);
    var whole = job.run();
    var stopper = interruptAfter(30);
    var run = job.run();
    assertTrue(run.interrupted(), run::toString);
    assertTrue(Thread.interrupted(), "the flag stays set");
    stopper.join();
    assertTrue(run.steps() < whole.steps());
    assertTrue(
        run.summary().contains("nothing is lost: network() is what was learned so far"),
        run::summary);
    int parts = 1;
    var resumed = run;
    while (resumed.interrupted()) {
      stopper = interruptAfter(30 * ++parts);
      resumed = resumed.resumed();
      stopper.interrupt();
      stopper.join();
      boolean unused = Thread.interrupted();
    }
    assertSame(whole, resumed);
    assertSame(whole, run.resumed());
  }

  @Test
  void aRunInterruptedBeforeItsFirstStepStartsLater() {
    var job = job(Precision.FLOAT32);
    Thread.currentThread().interrupt();
    var run = job.run();
    assertTrue(Thread.interrupted());
    assertEquals(0, run.steps());
    assertEquals(0, run.table().rowCount());
    assertEquals(
        "interrupted in epoch 1 of 4 after 0 of its 10 steps; nothing is lost: network() is what was"
            + " learned so far, and resumed() goes on from here",
        run.summary());
    assertTrue(
        Refusal.of(IllegalStateException.class, run::chart).startsWith("no epoch of this run"));
    assertSame(job.run(), run.resumed());
    assertSame(job.epochs(5).run(), run.more(1));
  }

  @Test
  void earlyStoppingKeepsTheBestParameters() {
    var run =
        digits(Precision.FLOAT32)
            .train(sgd(0.5).momentum(0.9))
            .on(DIGITS.train().rows(rowNumbers(100)))
            .batch(10)
            .epochs(200)
            .validatedBy(DIGITS.test())
            .stoppingEarly(3)
            .run();
    assertTrue(run.stoppedEarly(), run::toString);
    double[] losses = run.validationLosses();
    double least = Arrays.stream(losses).min().orElseThrow();
    assertEquals(least, losses[losses.length - 4]);
    assertEquals(least, run.network().loss(DIGITS.test()), 1e-12);
    assertTrue(run.summary().startsWith("stopped after epoch " + losses.length + " of 200"));
    assertEquals(run.epochs() + 2, run.more(2).epochs());
  }

  @Test
  void aDivergingRunSaysWhenAndWhatToTry() {
    var job =
        Network.inputs(64)
            .dense(10, identity())
            .init(xavier(1))
            .loss(squaredError())
            .train(sgd(100))
            .on(FEW)
            .epochs(5);
    String told = Refusal.of(ArithmeticException.class, job::run);
    assertTrue(
        told.matches(
            "the loss is \\S+ after \\d+ steps: the learning rate 100 is probably too large, try sgd\\(1\\)"),
        told);
  }

  @Test
  void numbersAreLearnedToo() {
    double[][] inputs = new double[200][];
    double[][] targets = new double[200][];
    for (int i = 0; i < 200; i++) {
      double x = i / 100.0 - 1;
      inputs[i] = new double[] {x, x * x};
      targets[i] = new double[] {3 * x - 2 * x * x + 0.5, x};
    }
    var data = Dataset.of(inputs, targets);
    var net =
        Network.inputs(2)
            .dense(2, identity())
            .init(xavier(1))
            .precision(Precision.FLOAT64)
            .loss(squaredError());
    var run = net.train(sgd(0.1)).on(data).batch(20).epochs(200).validatedBy(data).run();
    var evaluation = run.network().evaluate(data);
    assertTrue(evaluation.meanAbsoluteError() < 1e-5, evaluation::toString);
    assertFalse(run.table().columnNames().contains("validation accuracy (%)"));
    assertTrue(
        Refusal.of(IllegalStateException.class, evaluation::accuracy)
            .contains("has numbers to predict: read loss()"));
  }

  @Test
  void oneOutputTellsTwoClassesApart() {
    var net =
        Network.inputs(2)
            .dense(8, tanh())
            .dense(1, sigmoid())
            .init(xavier(3))
            .loss(binaryCrossEntropy());
    var run = net.train(sgd(0.5)).on(XOR).batch(4).epochs(2000).run();
    assertEquals(1, run.network().accuracy(XOR), run::toString);
    assertTrue(run.network().forward(0, 1).outputs()[0] > 0.5);
    assertTrue(run.network().forward(1, 1).outputs()[0] < 0.5);
  }

  @Test
  void refusalsTeach() {
    var job = digits(Precision.FLOAT32).train(sgd(0.1)).on(FEW);
    assertEquals(
        "stoppingEarly(2) watches the validation loss: add validatedBy(rows)",
        Refusal.of(() -> job.stoppingEarly(2).run()));
    assertEquals(
        "a batch of 601 needs as many training samples, but digits train has 600: lower batch",
        Refusal.of(() -> job.batch(601).run()));
    assertEquals(
        "a batch of 32 cannot be cut into 33 parts: accumulating(n) takes n of at most the batch",
        Refusal.of(() -> job.accumulating(33).run()));
    assertEquals(
        "batch must be at least 1, but was 0: write for example batch(32)",
        Refusal.of(() -> job.batch(0)));
    assertTrue(
        Refusal.of(() -> digits(Precision.FLOAT32).train(sgd(0.1)).on(XOR).run())
            .contains("begin with Network.inputs(2)"));
  }

  @Test
  void runsAreComparedInATable() {
    var run = job(Precision.FLOAT32).run().named("wide");
    var blind = digits(Precision.FLOAT32).train(sgd(0.1)).on(FEW).run().named("no validation");
    var table = TrainingRun.compare(run, blind);
    assertEquals(List.of("wide", "no validation"), table.stringColumn("run").asList());
    assertEquals(4, table.intColumn("epochs").get(0));
    assertEquals(64 * 48 + 48 + 48 * 10 + 10, table.intColumn("parameters").get(0));
    assertEquals(run.losses()[3], table.doubleColumn("training loss").get(0));
    assertEquals(run.validationLosses()[3], table.doubleColumn("validation loss").get(0));
    assertEquals(
        100 * run.network().accuracy(DIGITS.test()),
        table.doubleColumn("validation accuracy (%)").get(0));
    assertTrue(table.doubleColumn("validation loss").isMissing(1));
    assertTrue(run.samplesPerSecond() > 0);
    var early = job(Precision.FLOAT32).epochs(30).stoppingEarly(1).run();
    assertEquals(
        early.network().loss(DIGITS.test()),
        TrainingRun.compare(early).doubleColumn("validation loss").get(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 1000})
  void aRunsCheckpointHoldsItsNetwork(int patience) {
    var early = job(Precision.FLOAT32).epochs(30).stoppingEarly(patience).run();
    var again = digits(Precision.FLOAT32).with(early.checkpoint());
    assertArrayEquals(early.network().values(), again.values());
    var whole = job(Precision.FLOAT32).run();
    assertEquals(whole.steps(), whole.checkpoint().step());
    assertArrayEquals(
        whole.network().values(), digits(Precision.FLOAT32).with(whole.checkpoint()).values());
  }

  @Test
  void runsAreComparedInOneChart() {
    var chart =
        TrainingRun.overlay(
            job(Precision.FLOAT32).run(), job(Precision.FLOAT32).epochs(1).run().named("short"));
    assertEquals(
        List.of("sgd(0.1).momentum(0.9)", "short"),
        chart.getSeriesCollection().stream().map(series -> series.getName()).toList());
  }

  /** Beside what shuffling takes for a row, whichever batch the rows are learned in. */
  @ParameterizedTest
  @EnumSource
  void aStepAllocatesNothing(Precision precision) {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var net =
        Network.inputs(64)
            .dense(4, relu())
            .dense(10, softmax())
            .precision(precision)
            .loss(crossEntropy());
    var replica = Replica.of(net, sgd(0.01).momentum(0.9));
    int[] rows = rowNumbers(600);
    double sum = 0;
    for (int step = 0; step < 5000; step++) {
      sum += step(replica, rows, step % 600);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int step = 0; step < 5000; step++) {
      sum += step(replica, rows, step % 600);
    }
    long cost = threads.getCurrentThreadAllocatedBytes() - before;
    assertTrue(sum > 0 && cost < 5000, cost + " bytes in 5000 steps");
  }

  private static double step(Replica replica, int[] rows, int row) {
    double loss = replica.backward(FEW, rows, row, row + 1, 1);
    replica.step();
    return loss;
  }

  @Test
  void aRunAllocatesNothingForASmallerBatch() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    var job = digits(Precision.FLOAT32).train(sgd(0.01)).on(FEW).threads(1);
    var small = job.batch(1).epochs(5).run();
    var large = job.batch(600).epochs(5).run();
    long before = threads.getCurrentThreadAllocatedBytes();
    var one = large.more(10);
    long between = threads.getCurrentThreadAllocatedBytes();
    var many = small.more(10);
    long cost = threads.getCurrentThreadAllocatedBytes() - between;
    assertEquals(9000, many.steps());
    assertEquals(15, one.steps());
    assertTrue(
        cost <= between - before + 10_000, cost + " bytes, in one batch " + (between - before));
  }
}
