package weft.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.sigmoid;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.xavier;
import static weft.nn.Losses.absoluteError;
import static weft.nn.Losses.binaryCrossEntropy;
import static weft.nn.Losses.halfSquaredError;
import static weft.nn.Losses.huber;
import static weft.nn.Losses.squaredError;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each loss is, how it derives, and how it is written out. */
class LossesTest {
  /** Outputs of 0.5 and -3 for any input. */
  private static Network fixed(Loss loss) {
    return Network.inputs(1)
        .dense(2, identity())
        .weights(0, 0)
        .biases(0.5, -3)
        .precision(Precision.FLOAT64)
        .loss(loss);
  }

  private static double loss(Loss loss, double... target) {
    return fixed(loss).forward(0).target(target).backward().loss();
  }

  @Test
  void eachIsTheSumOverTheOutputs() {
    assertEquals(0.25 + 4, loss(squaredError(), 1, -1));
    assertEquals(0.125 + 2, loss(halfSquaredError(), 1, -1));
    assertEquals(0.5 + 2, loss(absoluteError(), 1, -1));
    assertEquals(0.125 + 1.5, loss(huber(), 1, -1));
    assertEquals(0.125 + 2, loss(huber(2), 1, -1));
    assertEquals(0.1 * (0.5 - 0.05) + 0.1 * (2 - 0.05), loss(huber(0.1), 1, -1), 1e-15);
  }

  @Test
  void absoluteErrorIsFlatWhereOutputAndTargetAreEqual() {
    double[] gradient = fixed(absoluteError()).forward(1).target(0.5, -4).backward().gradient();
    assertEquals(List.of(0.0, 1.0, 0.0, 1.0), boxed(gradient));
  }

  private static List<Double> boxed(double[] values) {
    var list = new ArrayList<Double>();
    for (double value : values) {
      list.add(value);
    }
    return list;
  }

  @Test
  void binaryCrossEntropyHoldsFarFromZero() {
    var net = Network.inputs(1).dense(1, sigmoid()).weights(1).loss(binaryCrossEntropy());
    assertEquals(Math.log(2), net.forward(0).target(1).backward().loss(), 1e-15);
    assertEquals(800, net.forward(800).target(0).backward().loss());
    assertEquals(800, net.forward(-800).target(1).backward().loss());
    assertEquals(0, net.forward(800).target(1).backward().loss());
    double p = 1 / (1 + Math.exp(-0.7));
    assertEquals(
        -0.3 * Math.log(p) - 0.7 * Math.log(1 - p),
        net.forward(0.7).target(0.3).backward().loss(),
        1e-15);
  }

  static List<Arguments> losses() {
    var cases = new ArrayList<Arguments>();
    for (Loss loss : List.of(halfSquaredError(), absoluteError(), huber(), huber(0.3))) {
      cases.add(Arguments.of(loss, tanh()));
      cases.add(Arguments.of(loss, identity()));
      cases.add(Arguments.of(loss, sigmoid()));
    }
    cases.add(Arguments.of(binaryCrossEntropy(), sigmoid()));
    return cases;
  }

  @ParameterizedTest(name = "{0} after {1}")
  @MethodSource("losses")
  void theGradientIsTheSlope(Loss loss, Activation last) {
    var net = Network.inputs(3).dense(4, tanh()).dense(3, last).init(xavier(5)).loss(loss);
    var check = net.forward(0.3, -1.2, 0.8).target(0.9, 0.05, 0.4).backward().gradientCheck();
    double worst = check.doubleColumn("relative error").max();
    assertTrue(worst < 1e-7, () -> "relative error " + worst + "\n" + check.printAll());
  }

  @ParameterizedTest(name = "{0} after {1}")
  @MethodSource("losses")
  void batchesHaveTheMeanOfTheSamples(Loss loss, Activation last) {
    double[][] inputs = {{1, 2}, {-0.5, 0.375}, {0.125, -2}};
    double[][] targets = {{0.5, 0.25}, {1, 0}, {0, 0.75}};
    var net = Network.inputs(2).dense(2, last).init(xavier(2)).loss(loss);
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      sum += net.forward(inputs[i]).target(targets[i]).backward().loss();
    }
    assertEquals(sum / 3, net.loss(Dataset.of(inputs, targets)), 1e-6);
    var exact = net.precision(Precision.FLOAT64);
    assertEquals(sum / 3, exact.loss(Dataset.of(inputs, targets)), 1e-14);
  }

  @Test
  void eachIsWrittenOut() {
    assertWritten(
        halfSquaredError(),
        "L = (O2 - Y2)^2 / 2 + (O3 - Y3)^2 / 2 = (0.5 - 1)^2 / 2 + (-3 - (-1))^2 / 2 = 2.125",
        "dL/dO3 = O3 - Y3 = -3 - (-1) = -2");
    assertWritten(
        absoluteError(),
        "L = abs(O2 - Y2) + abs(O3 - Y3) = abs(0.5 - 1) + abs(-3 - (-1)) = 2.5",
        "dL/dO3 = sign(O3 - Y3) = sign(-3 - (-1)) = -1");
    assertWritten(
        huber(1.5),
        "L = (O2 - Y2)^2 / 2 + 1.5 x (abs(O3 - Y3) - 1.5 / 2)"
            + " = (0.5 - 1)^2 / 2 + 1.5 x (abs(-3 - (-1)) - 1.5 / 2) = 2",
        "dL/dO3 = 1.5 x sign(O3 - Y3) = 1.5 x sign(-3 - (-1)) = -1.5");
    String binary =
        Network.inputs(1)
            .dense(1, sigmoid())
            .weights(1)
            .loss(binaryCrossEntropy())
            .forward(0)
            .target(1)
            .backward()
            .explain()
            .toString();
    assertTrue(
        binary.contains(
            "L = -((Y2 x log(O2)) + ((1 - Y2) x log(1 - O2))) = -((1 x log(0.5)) + (0 x log(0.5))) = 0.693147"),
        binary);
    assertTrue(binary.contains("dL/dZ2 = O2 - Y2 = 0.5 - 1 = -0.5"), binary);
  }

  private static void assertWritten(Loss loss, String value, String slope) {
    String text = fixed(loss).forward(0).target(1, -1).backward().explain().toString();
    assertTrue(text.contains(value), text);
    assertTrue(text.contains(slope), text);
  }

  @Test
  void refusalsTeach() {
    assertEquals(
        "binaryCrossEntropy() compares a probability for each output, but the last layer ends in"
            + " relu(): make it dense(2, sigmoid()), or use squaredError()",
        Refusal.of(() -> Network.inputs(1).dense(2, relu()).loss(binaryCrossEntropy())));
    assertEquals(
        "the delta of huber(delta) is a number above 0, got -1.0: try huber(1)",
        Refusal.of(() -> huber(-1)));
    var net = Network.inputs(1).dense(1, sigmoid()).loss(binaryCrossEntropy());
    assertTrue(
        Refusal.of(() -> net.forward(1).target(2)).contains("a probability from 0 to 1, got 2"));
    assertEquals("huber(0.5)", huber(0.5).toString());
  }
}
