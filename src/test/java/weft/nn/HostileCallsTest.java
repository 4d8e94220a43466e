package weft.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.softmax;
import static weft.nn.Initializers.he;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that cannot be meant: each is told the rule, the value and what to write instead. */
class HostileCallsTest {
  private static final Dataset NUMBERS =
      Dataset.of(new double[][] {{1, 2}, {3, 4}}, new double[][] {{5}, {6}});
  private static final Dataset CLASSES =
      Dataset.of(new double[][] {{1, 2}, {3, 4}}, new int[] {0, 1});
  private static final Network NET = Network.inputs(2).dense(2, softmax()).loss(crossEntropy());
  private static final Network LINE = Network.inputs(1).dense(1, identity()).loss(squaredError());

  private static ParameterTrace traced() {
    return LINE.train(sgd(0.1)).on(Sample.inputs(1).target(2)).trace(3);
  }

  private static Arguments told(String message, Executable call) {
    return Arguments.of(message, call);
  }

  static Stream<Arguments> calls() {
    return Stream.of(
        told("data has 2 features and 1 number to predict", () -> new Split(NUMBERS, CLASSES)),
        told("from 2 to the 1 row of data", () -> CLASSES.rows(0).holdOutEvery(2)),
        told("of 1 row leaves no row", () -> CLASSES.rows(0).holdOut(0.1, 1)),
        told("give the last layer 1 neuron", () -> NET.evaluate(NUMBERS)),
        told("expects 1 input, got a batch of shape [2, 2]", () -> LINE.evaluate(CLASSES)),
        told("a data set must be given, but was null: write", () -> NET.checkFits(null)),
        told("got a sample of 0 numbers: give one for each input", () -> NET.forward()),
        told("correct it or leave the sample out", () -> NET.forward(1, Double.NaN)),
        told("got 0 numbers: write for example target(1)", () -> NET.forward(1, 2).target()),
        told("got 0 and 3: write for example layer(784, 128)", () -> he(1).layer(0, 3)),
        told("at most 10000000 steps", () -> sgd(1).rates(Integer.MAX_VALUE)),
        told(
            "got [0, 7) of 1 row and a batch of 7: write for example backward(",
            () -> Replica.of(NET, sgd(1)).backward(CLASSES, new int[1], 0, 7, 7)),
        told("on(...) takes at least one sample", () -> LINE.train(sgd(1)).on(new Sample[0])),
        told("at least one parameter, each once, got []", () -> traced().of()),
        told("each once, got [b2, b2]", () -> traced().of("b2", "b2")),
        told("at least one, but none was given", () -> TrainingRun.compare()),
        told("at least one, but none was given", () -> TrainingRun.overlay()),
        told(
            "has 3 neurons, but named(...) got 1 name: give",
            () -> Network.inputs(2).dense(3, relu()).named("a")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("calls")
  void isToldWhatToWrite(String message, Executable call) {
    String told = Refusal.of(call);
    assertTrue(told.contains(message), told);
    assertTrue(told.contains(": "), told);
  }

  @Test
  void numbersHaveNoClassAtAPosition() {
    String told = assertThrows(IllegalStateException.class, () -> NUMBERS.label(0, 0)).getMessage();
    assertEquals("the rows of data have numbers to predict, no classes: read targets(row)", told);
  }

  @Test
  void aPartThatAnArrayDoesNotHaveIsNotSent() {
    for (Precision precision : Precision.values()) {
      for (int[] part : List.of(new int[] {7, 9}, new int[] {2, 1}, new int[] {-1, 1})) {
        String single = Refusal.of(() -> precision.roundSent(new float[2], part[0], part[1]));
        String wide = Refusal.of(() -> precision.roundSent(new double[2], part[0], part[1]));
        assertEquals(single, wide);
        assertTrue(single.startsWith("a part to send is [from, to) within 2 numbers, got"), single);
      }
      assertTrue(Refusal.of(() -> precision.roundSent((float[]) null, 0, 1)).contains("null"));
    }
  }

  @Test
  void oneOfAThingIsNotSeveral() {
    var run = NET.train(sgd(0.1)).on(CLASSES).batch(2).run();
    assertTrue(run.summary().startsWith("1 epoch in 1 step: "), run.summary());
    assertTrue(CLASSES.rows(0).toString().startsWith("data: 1 row, 2 features"));
    assertTrue(sgd(1).rates(1).toString().endsWith(", 1 step"));
  }
}
