package weft.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.sigmoid;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.binaryCrossEntropy;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.adam;
import static weft.nn.Optimizers.adamW;
import static weft.nn.Optimizers.lamb;
import static weft.nn.Optimizers.sgd;

import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be computed is refused in a sentence, before anything has run where that can be. */
class RefusalsTest {
  private static final Dataset XOR =
      Dataset.of(new double[][] {{0, 0}, {0, 1}, {1, 0}, {1, 1}}, new int[] {0, 1, 1, 0});
  private static final Text TEXT = Datasets.persuasion();
  private static final Dataset SEQUENCES = TEXT.sequences(8).rows(IntStream.range(0, 40).toArray());
  private static final Dataset FEW =
      Datasets.digits().train().rows(IntStream.range(0, 100).toArray());

  private static Network reader(int vocabulary) {
    return Network.tokens(vocabulary, 8)
        .embedding(4)
        .dense(TEXT.vocabulary(), softmax())
        .loss(crossEntropy());
  }

  @Test
  void tokensOutsideTheVocabulary() {
    String told =
        "tokens(4, 8) takes whole numbers from 0 to 3, but row 0 of Persuasion has 39: begin with"
            + " the vocabulary of the data, or give tokens";
    assertEquals(told, Refusal.of(() -> reader(4).evaluate(SEQUENCES)));
    assertEquals(told, Refusal.of(() -> reader(4).train(sgd(1)).on(SEQUENCES).run()));
    var pair =
        Network.tokens(2, 2).embedding(2).lastStep().dense(2, softmax()).loss(crossEntropy());
    var half = Dataset.of(new double[][] {{0, 0.5}}, new int[] {0});
    assertTrue(Refusal.of(() -> pair.evaluate(half)).contains("row 0 of data has 0.5"));
  }

  @Test
  void aClassAStepWhereARowHasOne() {
    var steps = Network.tokens(2, 2).embedding(4).dense(1, sigmoid()).loss(binaryCrossEntropy());
    assertEquals(
        "the network predicts 2 classes a sample, but the rows of data have 1: put lastStep() before"
            + " the last layer",
        Refusal.of(() -> steps.evaluate(XOR)));
  }

  @Test
  void aSingleRowForBatchNormalisation() {
    var net =
        Network.inputs(2)
            .residual(b -> b.dense(2, relu()).batchNorm())
            .dense(2, softmax())
            .loss(crossEntropy());
    var job = net.train(sgd(0.1)).on(XOR);
    assertEquals(
        "batchNorm() trains on at least 2 rows at once, but batches of 3 of the 4 rows of data leave"
            + " it 1: write for example batch(4)",
        Refusal.of(() -> job.batch(3).run()));
    assertTrue(
        Refusal.of(() -> job.batch(4).accumulating(3).run())
            .endsWith("use more rows or fewer parts, or layerNorm()"));
    assertEquals(1, job.batch(4).accumulating(2).run().epochs());
    assertTrue(Refusal.of(() -> net.checkShare(1)).contains("fewer workers"));
    var images =
        Network.images(1, 1, 2).batchNorm().flatten().dense(2, softmax()).loss(crossEntropy());
    assertEquals(4, images.train(sgd(0.1)).on(XOR).batch(1).run().steps());
  }

  @Test
  void moreThanMemoryOrAnArrayHolds() {
    int[] classes = new int[4096];
    var rows = Dataset.of(new double[4096][16], classes);
    var wide =
        Network.inputs(16)
            .dense(1 << 20, relu())
            .dense(2, softmax())
            .loss(crossEntropy())
            .train(sgd(1));
    assertEquals(
        "a layer with 1048576 numbers for each of 4096 samples takes 17179869184 bytes, but a Java"
            + " array holds 2147483639 numbers at most: use smaller batches or a smaller network",
        Refusal.of(() -> wide.on(rows).batch(4096).run()));
    assertTrue(
        Refusal.of(() -> Network.tokens(5, 1 << 24).embedding(1 << 12)).contains("gives shape"));
    assertTrue(
        Refusal.of(() -> Network.tokens(5, 100_000).embedding(6).attention(2))
            .contains("use shorter sequences"));
    assertTrue(
        Refusal.of(() -> Network.tokens(2, Integer.MAX_VALUE)).contains("use shorter sequences"));
    assertTrue(Refusal.of(() -> wide.on(rows).threads(5000)).contains("leave threads(...) out"));
    assertTrue(
        Refusal.of(() -> TEXT.continued(reader(TEXT.vocabulary()), "T", Integer.MAX_VALUE, 1))
            .contains("at most 10000000 characters"));
  }

  @Test
  void aMixtureHasExpertsToChooseAmong() {
    String rule =
        "a mixture has 2 to 16384 experts, of which 1 to all are active and have at least 1 neuron, got experts(%s): write for example experts(8, 2, 256, gelu())";
    for (int[] e : new int[][] {{1, 1, 8}, {4, 0, 8}, {4, 5, 8}, {4, 2, 0}, {1 << 30, 2, 8}}) {
      assertEquals(
          rule.formatted("%d, %d, %d".formatted(e[0], e[1], e[2])),
          Refusal.of(() -> Network.inputs(4).experts(e[0], e[1], e[2], relu())));
    }
    assertTrue(
        Refusal.of(() -> Network.inputs(4).experts(4, 2, 8, softmax())).contains("experts(...)"));
    assertTrue(
        Refusal.of(() -> Network.images(1, 4, 4).experts(4, 2, 8, relu())).contains("flatten()"));
    assertTrue(
        Refusal.of(() -> Network.tokens(5, 4).experts(4, 2, 8, relu())).contains("takes numbers"));
    assertTrue(
        Refusal.of(() -> Network.inputs(1 << 12).experts(16_384, 2, 1 << 12, relu()))
            .contains("a network has at most"));
    assertTrue(
        Refusal.of(() -> Network.inputs(4).experts(4, 4, 1 << 25, relu()))
            .contains("experts work on at most"));
  }

  static Stream<Arguments> ratesTooLarge() {
    return Stream.of(
            sgd(1e6), sgd(1e6).momentum(0.9), sgd(1e30), adam(1e6), adamW(1e38), lamb(1e300))
        .flatMap(o -> Stream.of(Precision.values()).map(p -> Arguments.of(o, p)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("ratesTooLarge")
  void aRunThatDiverges(Optimizer optimizer, Precision precision) {
    var job =
        Network.inputs(64)
            .dense(8, relu())
            .dense(10, identity())
            .init(he(1))
            .precision(precision)
            .loss(squaredError())
            .train(optimizer)
            .on(FEW)
            .epochs(3);
    String told = Refusal.of(ArithmeticException.class, job::run);
    assertTrue(
        told.matches("the loss is \\S+ after 1 step: the learning rate .* too large, try .*"),
        told);
  }

  @Test
  void aLastStepThatDiverges() {
    var job =
        Network.inputs(64)
            .dense(10, identity())
            .init(he(1))
            .loss(squaredError())
            .train(sgd(1e300))
            .on(FEW)
            .batch(100);
    assertEquals(
        "not every parameter is a number after 1 step: the learning rate 1e300 is probably too"
            + " large, try sgd(1)",
        Refusal.of(ArithmeticException.class, job::run));
  }

  @Test
  void numbersTooLargeForTheFirstStep() {
    var rows = Dataset.of(new double[][] {{3e38}, {-3e38}}, new int[] {0, 1});
    var net = Network.inputs(1).dense(4, relu()).dense(2, identity()).loss(squaredError());
    assertEquals(
        "the loss is NaN before the first step, so data or weights are too large for float16: learn"
            + " data.standardized(), or draw smaller weights, or write precision(Precision.FLOAT32)",
        Refusal.of(
            ArithmeticException.class,
            () -> net.precision(Precision.FLOAT16).train(sgd(0.1)).on(rows).batch(2).run()));
    var given = Network.inputs(1).dense(1, identity()).weights(1e200).loss(squaredError());
    assertTrue(
        Refusal.of(
                ArithmeticException.class,
                () -> given.train(sgd(1)).on(Sample.inputs(1e200).target(5)).untilLossBelow(1e-9))
            .contains("before the first step"));
  }

  @Test
  void nothingWhereSomethingIsNeeded() {
    var net = Network.inputs(2).dense(2, softmax()).loss(crossEntropy());
    var replica = Replica.of(net, sgd(0.1));
    assertTrue(Refusal.of(() -> replica.backward(null, new int[1], 0, 1, 1)).contains("null"));
    assertTrue(Refusal.of(() -> replica.backward(XOR, null, 0, 1, 1)).contains("null"));
    assertTrue(Refusal.of(() -> replica.sameParameters(null)).contains("null"));
    assertTrue(Refusal.of(() -> XOR.picture((int[]) null)).contains("null"));
    assertEquals(
        "row 9 does not exist: give one from 0 to 3",
        Refusal.of(() -> replica.backward(XOR, new int[] {9}, 0, 1, 1)));
  }

  @Test
  void aFolderForACheckpoint(@TempDir Path folder) {
    var checkpoint = Replica.of(reader(TEXT.vocabulary()), sgd(0.1)).checkpoint();
    assertEquals(
        folder + " cannot be written, it is a folder: name a file in it",
        Refusal.of(() -> checkpoint.save(folder)));
    assertEquals(
        folder + " cannot be read, it is a folder: name a file in it",
        Refusal.of(() -> Checkpoint.load(folder)));
  }

  @Test
  void settingsOfTheWholeNetworkInsideAResidual() {
    assertEquals(
        "init(...) and precision(...) are those of the whole network: write them after"
            + " residual(...), not inside it",
        Refusal.of(() -> Network.inputs(3).residual(b -> b.dense(3, relu()).init(he(1)))));
  }

  @Test
  void sequencesAreHeldOutAndJudgedToo() {
    var split = SEQUENCES.holdOut(0.25, 1);
    assertEquals(10, split.test().size());
    assertEquals(8 * TEXT.vocabulary(), SEQUENCES.targets(0).length);
    var confusion = reader(TEXT.vocabulary()).evaluate(split.test()).confusion();
    assertEquals(TEXT.vocabulary() + 1, confusion.table().columnCount());
  }

  @Test
  void errorsOfSequencesOfNumbersCountEveryStep() {
    var net =
        Network.tokens(2, 2)
            .embedding(1)
            .dense(1, identity())
            .weights(0)
            .biases(1)
            .loss(squaredError());
    var rows = Dataset.of(new double[][] {{0, 1}}, new double[][] {{2, 4}});
    assertEquals(2, net.evaluate(rows).meanAbsoluteError());
    assertEquals(Math.sqrt(5), net.evaluate(rows).rootMeanSquaredError(), 1e-12);
  }
}
