package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.sigmoid;
import static weft.nn.Activations.softmax;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.sgd;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Describing networks, and what is said of descriptions that make no sense. */
class NetworkTest {
  private final Network digits =
      Network.inputs(64).dense(128, relu()).dense(10, softmax()).loss(crossEntropy());

  @Test
  void everyStepOfADescriptionReturnsANewValue() {
    var start = Network.inputs(2).dense(2, relu());
    var one = start.weights(1, 1, 1, 1).loss(squaredError());
    var two = start.weights(2, 2, 2, 2).loss(squaredError());
    assertEquals(1, one.forward(1, 0).outputs()[0]);
    assertEquals(2, two.forward(1, 0).outputs()[0]);
  }

  @Test
  void aLayerCostsTwoFlopsPerWeightForwardAndFourBackward() {
    assertEquals(
        List.of(
            new LayerCost("dense(128, relu())", 0, 8320, 16384, 32768, 512, 512, 33280),
            new LayerCost("dense(10, softmax())", 8320, 1290, 2560, 5120, 40, 40, 5160)),
        digits.costs());
    assertEquals(9610, digits.parameters());
    assertEquals(80, digits.precision(Precision.FLOAT64).costs().get(1).activationBytes());
  }

  @Test
  void aNetworkTellsWhatItIs() {
    assertEquals(
        "inputs(64).dense(128, relu()).dense(10, softmax()).loss(crossEntropy()): 9610 parameters,"
            + " float32",
        digits.toString());
    assertEquals("sgd(0.1).momentum(0.9)", sgd(0.1).momentum(0.9).toString());
  }

  @Test
  void weightsOfTenAndMoreNeuronsAreWrittenWithAComma() {
    var names = Network.inputs(3).dense(9, relu()).loss(squaredError()).names();
    assertEquals("W12,3", names.weight(0, 8, 2));
    assertEquals("W4,1", names.weight(0, 0, 0));
    assertEquals("O12", names.neuron(0, 8));
    assertEquals(
        "W31", Network.inputs(2).dense(1, relu()).loss(squaredError()).names().weight(0, 0, 0));
  }

  @Test
  void softmaxStaysStableForLargeSums() {
    var net = Network.inputs(1).dense(2, softmax()).weights(1000, -1000).loss(crossEntropy());
    var pass = net.forward(1).target(1).backward();
    assertArrayEquals(new double[] {1, 0}, pass.outputs());
    assertEquals(2000, pass.loss());
    assertArrayEquals(new double[] {1, -1, 1, -1}, pass.gradient());
  }

  @Test
  void aTargetIsAClassOrOneProbabilityPerClass() {
    var forward = Network.inputs(2).dense(3, softmax()).loss(crossEntropy()).forward(1, 2);
    assertEquals(forward.target(1).backward().loss(), forward.target(0, 1, 0).backward().loss());
    assertTrue(forward.target(0.5, 0.25, 0.25).backward().loss() > 0);
    assertEquals(
        "the class of a target is a whole number from 0 to 2, got 3: write for example target(2)",
        Refusal.of(() -> forward.target(3)));
    assertEquals(
        "a target for crossEntropy() is made of probabilities that sum to 1, got a sum of 2: give"
            + " the class index, as target(3), or one probability per class",
        Refusal.of(() -> forward.target(1, 1, 0)));
    assertEquals(
        "target(...) takes a class from 0 to 2 or 3 probabilities, got 2 numbers: write for example target(2)",
        Refusal.of(() -> forward.target(1, 0)));
  }

  @Test
  void crossEntropyAndSoftmaxAreExplained() {
    var net = Network.inputs(1).dense(2, softmax()).weights(0, 0).loss(crossEntropy());
    String text = net.forward(1).target(0).backward().explain().text();
    for (String line :
        List.of(
            "O2 = exp(Z2) / sum of all exp(Z) = 1 / 2 = 0.5",
            "L = -log(O2) = -log(0.5) = 0.693147",
            "dL/dZ2 = O2 - Y2 = 0.5 - 1 = -0.5",
            "dL/dW21 = dL/dZ2 x X1 = (-0.5) x 1 = -0.5")) {
      assertTrue(text.contains(line + "\n"), line + " in\n" + text);
    }
  }

  @Test
  void crossEntropyNeedsSoftmax() {
    assertEquals(
        "crossEntropy() compares probabilities that sum to 1, but the last layer ends in sigmoid():"
            + " make it dense(3, softmax()), or use squaredError()",
        Refusal.of(() -> Network.inputs(2).dense(3, sigmoid()).loss(crossEntropy())));
    assertEquals(
        "crossEntropy() needs one output per class, but the last layer has 1, whose softmax is"
            + " always 1: use dense(2, softmax()) for two classes",
        Refusal.of(() -> Network.inputs(2).dense(1, softmax()).loss(crossEntropy())));
  }

  @Test
  void wrongNumbersOfWeightsSayTheShapeExpected() {
    assertEquals(
        "dense(2) after 2 inputs has 2 x 2 = 4 weights, one row per neuron, got 3: give that many",
        Refusal.of(() -> Network.inputs(2).dense(2, relu()).weights(1, 2, 3)));
    assertEquals(
        "dense(2) has 2 biases, one per neuron, got 1: give that many",
        Refusal.of(() -> Network.inputs(2).dense(2, relu()).biases(1)));
    assertEquals(
        "a weight is a finite number, got NaN: check where it comes from",
        Refusal.of(() -> Network.inputs(1).dense(1, relu()).weights(Double.NaN)));
  }

  @Test
  void sizesAndOrderAreChecked() {
    assertEquals(
        "a network has at least 1 input, got 0: write for example Network.inputs(64)",
        Refusal.of(() -> Network.inputs(0)));
    assertEquals(
        "a dense layer has at least 1 neuron, got -1: write for example dense(16, relu())",
        Refusal.of(() -> Network.inputs(1).dense(-1, relu())));
    assertEquals(
        "loss(...) needs a layer before it: write for example Network.inputs(2).dense(2, relu())",
        Refusal.of(() -> Network.inputs(2).loss(squaredError())));
  }

  @Test
  void samplesAndTargetsAreChecked() {
    assertEquals(
        "dense(128) expects 64 inputs, got a sample of 2 numbers: give one for each input",
        Refusal.of(() -> digits.forward(1, 2)));
    var small = Network.inputs(1).dense(2, relu()).loss(squaredError());
    assertEquals(
        "an input is a finite number, got NaN: correct it or leave the sample out",
        Refusal.of(() -> small.forward(Double.NaN)));
    assertEquals(
        "target(...) takes one number per output: the network has 2, got 1 number: give as many as outputs",
        Refusal.of(() -> small.forward(1).target(1)));
    assertEquals(
        "backward() compares the output with a target: write forward(...).target(2).backward()",
        Refusal.of(IllegalStateException.class, () -> small.forward(1).backward()));
  }

  @Test
  void learningRatesAndMomentaAreChecked() {
    assertEquals(
        "a learning rate is a number above 0, got -1.0: try sgd(0.01)", Refusal.of(() -> sgd(-1)));
    assertEquals(
        "a learning rate is a number above 0, got NaN: try sgd(0.01)",
        Refusal.of(() -> sgd(Double.NaN)));
    assertEquals(
        "a learning rate is a number above 0, got 0.0: try sgd(0.01)", Refusal.of(() -> sgd(0)));
    assertEquals(
        "momentum is at least 0 and below 1, got 1.0: try momentum(0.9)",
        Refusal.of(() -> sgd(0.1).momentum(1)));
  }

  @Test
  void aNetworkTooLargeForMemoryIsRefused() {
    assertEquals(
        "a network has at most 536870912 parameters, but with dense(100000, relu()) after 100000 inputs it"
            + " has 10000100000: use fewer neurons",
        Refusal.of(() -> Network.inputs(100_000).dense(100_000, Activations.relu())));
    assertEquals(
        "an activation must be given, but was null: write for example relu() or softmax()",
        Refusal.of(() -> Network.inputs(2).dense(2, null)));
  }

  @Test
  void aSoftmaxOfLargeSumsIsExplainedInNumbers() {
    var network =
        Network.inputs(1)
            .dense(2, Activations.softmax())
            .weights(1000, 999)
            .loss(Losses.crossEntropy());
    String text = network.forward(1).explain().text();
    assertTrue(
        !text.contains("Infinity") && text.contains("/ sum of all exp(Z - 1000) = 1 /"), text);
  }
}
