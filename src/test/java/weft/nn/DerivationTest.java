package weft.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.sigmoid;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Initializers.xavier;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.squaredError;
import static weft.nn.Optimizers.lamb;
import static weft.nn.Optimizers.sgd;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A pass written out: the same numbers as text and as LaTeX, in the reader's own names. */
class DerivationTest {
  private final Network hand =
      Network.inputs(2)
          .dense(2, relu())
          .weights(0.5, 0.5, 1.0, 1.0)
          .biases(0.0, 0.5)
          .dense(1, relu())
          .weights(1.0, 1.0)
          .biases(0.5)
          .loss(squaredError());
  private final Pass pass = hand.forward(1, 0).target(2).backward();

  @Test
  void theUpdateIsWrittenOutParameterByParameter() {
    String update =
        """
        Update by sgd(0.01)
        w = w - 0.01 x dL/dw
        W31 = 0.5 - 0.01 x 1 = 0.49
        W32 = 0.5 - 0.01 x 0 = 0.5
        W41 = 1 - 0.01 x 1 = 0.99
        W42 = 1 - 0.01 x 0 = 1
        b3 = 0 - 0.01 x 1 = -0.01
        b4 = 0.5 - 0.01 x 1 = 0.49
        W53 = 1 - 0.01 x 0.5 = 0.995
        W54 = 1 - 0.01 x 1.5 = 0.985
        b5 = 0.5 - 0.01 x 1 = 0.49
        """;
    assertEquals(update, hand.step(sgd(0.01), pass).explain().text());
    assertEquals(pass.explain() + "\n" + update, pass.explain(sgd(0.01)).text());
  }

  @Test
  void momentumBeginsWithAVelocityOfNothing() {
    String text = hand.step(sgd(0.01).momentum(0.9), pass).explain().text();
    assertTrue(
        text.startsWith(
            """
            Update by sgd(0.01).momentum(0.9)
            v(w) = 0.9 x v(w) + dL/dw
            w = w - 0.01 x v(w)
            v(W31) = 0.9 x 0 + 1 = 1
            W31 = 0.5 - 0.01 x 1 = 0.49
            """),
        text);
  }

  /** Every kind of optimiser: the numbers of each line make the value at its end. */
  @Test
  void updatesAreTrueWhateverTheOptimiser() {
    double old = -0.7;
    double g = 0.3;
    double decayed = g + 0.01 * old;
    double adam = 0.1 * (g / (Math.sqrt(g * g) + 1e-8));
    double coupled = 0.1 * (decayed / (Math.sqrt(decayed * decayed) + 1e-8));
    var cases = new LinkedHashMap<SingleUpdates, Double>();
    cases.put(new SgdExplanation(0.1, 0, false, 0), old - 0.1 * g);
    cases.put(new SgdExplanation(0.1, 0.9, false, 0.01), old - 0.1 * decayed);
    cases.put(new SgdExplanation(0.1, 0.9, true, 0.01), old - 0.1 * (decayed + 0.9 * decayed));
    cases.put(new AdamExplanation(0.1, 0.9, 0.999, 1e-8, 0, false), old - adam);
    cases.put(new AdamExplanation(0.1, 0.9, 0.999, 1e-8, 0.01, false), old - coupled);
    cases.put(
        new AdamExplanation(0.1, 0.9, 0.999, 1e-8, 0.01, true), old * (1 - 0.1 * 0.01) - adam);
    cases.forEach(
        (explanation, next) -> {
          for (Line line : explanation.update("w", old, g, next)) {
            var right = ((Equation) line).right();
            var calculated = new Calculated(Map.of(), Map.of());
            double made = Double.parseDouble(right.get(0).in(calculated));
            double value = Double.parseDouble(right.get(1).in(calculated));
            assertEquals(value, made, 1e-12, explanation.toString());
          }
        });
  }

  /** Both weights of the last layer have r = 1 + 0.01, so each moves by a tenth of its norm. */
  @Test
  void lambIsWrittenOutWithTheNormsOfEachMatrix() {
    String text = hand.step(lamb(0.1), pass).explain().text();
    for (String line :
        List.of(
            "w = w - 0.1 x (norm(w) / norm(r)) x r(w)",
            "v(W54) = 0.999 x 0 + (1 - 0.999) x 1.5^2 = 0.00225",
            "norm(w) = sqrt(W53^2 + W54^2) = sqrt(1^2 + 1^2) = 1.41421",
            "norm(r) = sqrt(r(W53)^2 + r(W54)^2) = sqrt(1.01^2 + 1.01^2) = 1.42835",
            "W53 = 1 - 0.1 x (1.41421 / 1.42835) x 1.01 = 0.9",
            "b5 = 0.5 - 0.1 x 0.999999 = 0.4")) {
      assertTrue(text.contains("\n" + line + "\n"), text);
    }
  }

  /** The squares of the nine gradients add up to 7.5. */
  @Test
  void clippingIsWrittenOutBeforeTheRule() {
    String clipped = hand.step(sgd(0.1).clipNorm(1), pass).explain().text();
    assertTrue(
        clipped.contains(
            """
            norm = sqrt(sum of (dL/dw)^2) = 2.73861
            c = 1 / (norm + 1e-6) = 1 / (2.73861 + 1e-6) = 0.365148
            The norm is above 1: in what follows each dL/dw is multiplied by c
            w = w - 0.1 x dL/dw
            W31 = 0.5 - 0.1 x 0.365148 = 0.463485
            """),
        clipped);
    String small = hand.step(sgd(0.1).clipNorm(10), pass).explain().text();
    assertTrue(small.contains("\nwhich is not above 10: nothing is clipped\n"), small);
    assertTrue(small.contains("\nW53 = 1 - 0.1 x 0.5 = 0.95\n"), small);
  }

  @Test
  void adamIsWrittenOut() {
    var adam = new AdamExplanation(0.001, 0.9, 0.999, 1e-8, 0, false);
    var lines = new ArrayList<>(adam.rule());
    lines.addAll(adam.update("W53", 1, 0.5, 0.999));
    assertEquals(
        """
        Update
        m(w) = 0.9 x m(w) + (1 - 0.9) x dL/dw
        v(w) = 0.999 x v(w) + (1 - 0.999) x (dL/dw)^2
        w = w - 0.001 x (m(w) / (1 - 0.9)) / (sqrt(v(w) / (1 - 0.999)) + 1e-8)
        m(W53) = 0.9 x 0 + (1 - 0.9) x 0.5 = 0.05
        v(W53) = 0.999 x 0 + (1 - 0.999) x 0.5^2 = 0.00025
        W53 = 1 - 0.001 x (0.05 / (1 - 0.9)) / (sqrt(0.00025 / (1 - 0.999)) + 1e-8) = 0.999
        """,
        new Section("Update", lines).text());
  }

  @Test
  void aNetworkThatNoStepMadeSaysWhatCanBeExplained() {
    assertEquals(
        "a network is explained by what led to it, and this one comes from no step by hand: write"
            + " net.step(sgd(0.01), pass).explain() for an update, net.forward(...).explain() for"
            + " the sums of a sample",
        Refusal.of(IllegalStateException.class, hand::explain));
  }

  @Test
  void theHandExampleIsTypesetLineByLine() {
    assertEquals(
        """
        $$\\begin{aligned}
        &\\textbf{Forward pass} \\\\[3pt]
        Z_{3} &= \\left(X_{1} \\cdot W_{31}\\right) + \\left(X_{2} \\cdot W_{32}\\right) + b_{3} \\\\[3pt]
        &= \\left(1 \\cdot 0.5\\right) + \\left(0 \\cdot 0.5\\right) + 0 = 0.5 \\\\[3pt]
        H_{3} &= \\mathrm{ReLU}\\left(Z_{3}\\right) = \\mathrm{ReLU}\\left(0.5\\right) = 0.5 \\\\[3pt]
        """,
        pass.explain().latex().latex().lines().limit(5).reduce("", (a, b) -> a + b + "\n"));
    String latex = pass.explain(sgd(0.01)).latex().latex();
    for (String line :
        List.of(
            "L &= \\left(O_{5} - Y_{5}\\right)^{2} = \\left(2.5 - 2\\right)^{2} = 0.25",
            "\\frac{\\partial L}{\\partial O_{5}} &= 2 \\cdot \\left(O_{5} - Y_{5}\\right) = 2"
                + " \\cdot \\left(2.5 - 2\\right) = 1",
            "\\frac{\\partial L}{\\partial W_{53}} &= \\frac{\\partial L}{\\partial Z_{5}} \\cdot"
                + " H_{3} = 1 \\cdot 0.5 = 0.5",
            "W_{53} &= 1 - 0.01 \\cdot 0.5 = 0.995")) {
      assertTrue(latex.contains("\n" + line), line + " in\n" + latex);
    }
    assertEquals(8, Pattern.compile("\\$\\$").matcher(latex).results().count());
  }

  @Test
  void textAndLatexHaveTheSameNumbers() {
    var deep =
        Network.inputs(9)
            .dense(3, tanh())
            .dense(8, sigmoid())
            .dense(3, softmax())
            .init(xavier(5))
            .loss(crossEntropy());
    double[] sample = IntStream.range(0, 9).mapToDouble(i -> i / 7.0 - 1e-6).toArray();
    double[] probabilities = {0.25, 0.75, 0};
    var mixed = Network.inputs(1).dense(2, softmax()).weights(1000, 999).dense(2, softmax());
    for (Pass each :
        List.of(
            pass,
            deep.forward(sample).target(2).backward(),
            deep.forward(sample).target(probabilities).backward(),
            mixed.loss(squaredError()).forward(1).target(1, -3e-7).backward())) {
      Derivation derivation = each.explain(sgd(1e-5).momentum(0.9));
      assertEquals(
          numbersOf(derivation.text()),
          numbersOfLatex(derivation.latex().latex()),
          derivation.text());
      assertTrue(numbersOf(derivation.text()).size() > 20);
    }
  }

  @Test
  void aFormulaFallsBackToTheText() {
    var derivation = pass.explain();
    assertEquals(derivation.text(), derivation.latex().text());
    assertEquals(derivation.latex().latex(), derivation.latex().toString());
    assertEquals(derivation.text(), derivation.toString());
    assertEquals(derivation.text(), pass.toString());
  }

  @Test
  void softmaxAndCrossEntropyAreWrittenOutLineByLine() {
    var net = Network.inputs(1).dense(2, softmax()).weights(0, 0).biases(0, 0).loss(crossEntropy());
    assertEquals(
        """
        Forward pass
        Z2 = (X1 x W21) + b2
        Z2 = (3 x 0) + 0 = 0
        O2 = exp(Z2) / sum of all exp(Z) = 1 / 2 = 0.5
        Z3 = (X1 x W31) + b3
        Z3 = (3 x 0) + 0 = 0
        O3 = exp(Z3) / sum of all exp(Z) = 1 / 2 = 0.5

        Loss
        L = -((Y2 x log(O2)) + (Y3 x log(O3))) = -((0.25 x log(0.5)) + (0.75 x log(0.5))) = 0.693147

        Backward pass, from the output to the inputs
        dL/dZ2 = O2 - Y2 = 0.5 - 0.25 = 0.25
        dL/dW21 = dL/dZ2 x X1 = 0.25 x 3 = 0.75
        dL/db2 = dL/dZ2 = 0.25
        dL/dZ3 = O3 - Y3 = 0.5 - 0.75 = -0.25
        dL/dW31 = dL/dZ3 x X1 = (-0.25) x 3 = -0.75
        dL/db3 = dL/dZ3 = -0.25
        """,
        net.forward(3).target(0.25, 0.75).backward().explain().text());
    String latex = net.forward(3).target(0.25, 0.75).explain().latex().latex();
    assertTrue(
        latex.contains(
            "O_{2} &= \\frac{\\exp\\left(Z_{2}\\right)}{\\sum \\exp\\left(Z\\right)} ="
                + " \\frac{1}{2} = 0.5"),
        latex);
  }

  @Test
  void aSoftmaxBeforeASquaredErrorIsDerivedThroughItsMean() {
    var net = Network.inputs(1).dense(2, softmax()).weights(0, 0).loss(squaredError());
    String text = net.forward(1).target(1, 0).backward().explain().text();
    for (String line :
        List.of(
            "dL/dO2 = 2 x (O2 - Y2) = 2 x (0.5 - 1) = -1",
            "dL/dZ2 = O2 x (dL/dO2 - sum of dL/da x a) = 0.5 x ((-1) - 0) = -0.5")) {
      assertTrue(text.contains(line + "\n"), line + " in\n" + text);
    }
  }

  @Test
  void longSumsAndWideLayersAreShortened() {
    var wide = Network.inputs(8).dense(9, relu()).dense(1, identity()).loss(squaredError());
    String text = wide.forward(new double[8]).target(1).backward().explain().text();
    assertTrue(
        text.contains("Z9 = (X1 x W9,1) + (X2 x W9,2) + (X3 x W9,3) + ... + (X8 x W9,8) + b9"));
    assertTrue(
        text.contains("... and likewise for the other 5 neurons of dense(9, relu())\n"), text);
    assertFalse(text.contains("Z13 = "), text);
    var next = wide.step(sgd(0.1), wide.forward(new double[8]).target(1).backward());
    String update = next.explain().text();
    assertTrue(
        update.contains("... and likewise for the other 77 parameters of dense(9, relu())"),
        update);
  }

  @Test
  void theReadersOwnNamesAreUsedEverywhere() {
    var house =
        Network.inputs("living area", "age")
            .dense(2, relu())
            .weights(0.5, 0.5, 1, 1)
            .dense(1, identity())
            .named("price")
            .weights(1, 1)
            .loss(squaredError());
    var sold = house.forward(1, 0).target(2).backward();
    String text = sold.explain().text();
    for (String line :
        List.of(
            "Z3 = (living area x W31) + (age x W32) + b3",
            "price = identity(Z5) = identity(1.5) = 1.5",
            "dL/dprice = 2 x (price - Y5) = 2 x (1.5 - 2) = -1",
            "dL/dW31 = dL/dZ3 x living area = (-1) x 1 = -1")) {
      assertTrue(text.contains(line + "\n"), line + " in\n" + text);
    }
    assertTrue(sold.explain().latex().latex().contains("\\mathrm{living\\ area} \\cdot W_{31}"));
    assertEquals("price", sold.table().stringColumn("neuron").get(2));
    assertTrue(sold.picture().svg().contains(">living area<"));
    assertEquals("living area", sold.inputGradientCheck().stringColumn("input").get(0));
  }

  @Test
  void namesThatWouldMisleadAreRefused() {
    var one = Network.inputs("area").dense(1, relu());
    assertEquals(
        "each node has a name of its own, but area is given twice: choose another for one of them",
        Refusal.of(() -> one.named("area")));
    assertEquals(
        "W31 is what explanations call another part of the network: choose another name, for"
            + " example price, or O2, which it has without",
        Refusal.of(() -> one.named("W31").loss(squaredError())));
    assertEquals(
        "X2 is what explanations call another part of the network: choose another name, for"
            + " example price, or X1, which it has without",
        Refusal.of(() -> Network.inputs("X2", "X1").dense(1, relu()).loss(squaredError())));
    assertEquals(
        "X1 is what explanations call another part of the network: choose another name, for"
            + " example price, or H2.1[0], which it has without",
        Refusal.of(
            () ->
                Network.inputs(1)
                    .dense(1, relu())
                    .residual(inside -> inside.dense(1, relu()).named("X1"))
                    .dense(1, relu())
                    .loss(squaredError())));
    assertEquals(
        "named(...) needs a layer before it: write for example Network.inputs(2).dense(2, relu())",
        Refusal.of(() -> Network.inputs(2).named("a")));
    assertEquals(
        "dense(1, relu()) has 1 neuron, but named(...) got 2 names: give one for each",
        Refusal.of(() -> one.named("a", "b")));
    assertEquals(
        "the name of a node is a word, got an empty one: write for example"
            + " Network.inputs(\"area\", \"age\")",
        Refusal.of(() -> Network.inputs("area", " ")));
  }

  @Test
  void aNodeMayBeGivenTheNameThatItHasWithout() {
    var named =
        Network.inputs("X1", "X2")
            .dense(2, relu())
            .named("H3", "H4")
            .residual(inside -> inside.dense(2, relu()))
            .dense(1, identity())
            .named("O7")
            .loss(squaredError());
    var plain =
        Network.inputs(2)
            .dense(2, relu())
            .residual(inside -> inside.dense(2, relu()))
            .dense(1, identity())
            .loss(squaredError());
    assertEquals(
        plain.forward(1, 2).target(1).backward().explain().text(),
        named.forward(1, 2).target(1).backward().explain().text());
  }

  @Test
  void aLayerThatIsAddedWritesItselfAmongTheOthers() {
    String text = halved().forward(1, 2, 3, 4).target(1).backward().explain().text();
    assertEquals(
        """
        Forward pass
        halve(), from [1, 2, 2] to [4]:
        H1 = X[0,0,0] / 2 = 1 / 2 = 0.5
        H2 = X[0,0,1] / 2 = 2 / 2 = 1
        H3 = X[0,1,0] / 2 = 3 / 2 = 1.5
        H4 = X[0,1,1] / 2 = 4 / 2 = 2
        Z5 = (H1 x W51) + (H2 x W52) + (H3 x W53) + (H4 x W54) + b5
        Z5 = (0.5 x 1) + (1 x 1) + (1.5 x 1) + (2 x 1) + 0 = 5
        O5 = identity(Z5) = identity(5) = 5
        """,
        text.substring(0, text.indexOf("\nLoss")));
    assertTrue(text.endsWith("dL/dH4 = dL/dZ5 x W54 = 8 x 1 = 8\n"), text);
  }

  @Test
  void theGradientOfTheInputsAgreesWithDifferences() {
    var halved = halved().forward(1, 2, 3, 4).target(1).backward();
    assertArrayEquals(new double[] {4, 4, 4, 4}, halved.inputGradient());
    assertEquals(
        List.of("X[0,0,0]", "X[0,0,1]", "X[0,1,0]", "X[0,1,1]"),
        halved.inputGradientCheck().stringColumn("input").asList());
    for (Pass each : List.of(halved, pass)) {
      assertTrue(each.inputGradientCheck().doubleColumn("relative error").max() < 1e-7);
    }
    assertArrayEquals(new double[] {1.5, 1.5}, pass.inputGradient());
  }

  @Test
  void aGradientCheckTellsItsLargestErrorInItsTitle() {
    String title = pass.gradientCheck().name();
    assertTrue(title.matches("Gradient check: largest relative error \\d\\S*e-1\\d"), title);
  }

  /** One image of four numbers, halved, flattened and summed. */
  static Network halved() {
    Layer halve = new Halve(Shape.image(1, 2, 2), Shape.vector(4));
    Layer dense = Dense.of(Shape.vector(4), 1, identity()).weights(new double[] {1, 1, 1, 1});
    return Network.of(List.of(halve, dense), squaredError(), Precision.FLOAT64);
  }

  /** The values of a text, without the digits of names; the left side's repetition adds none. */
  private static List<String> numbersOf(String text) {
    return matches(
        text.replaceAll("[A-Za-z]\\w*[0-9]+(,[0-9]+)?|L\\d", "").replaceAll("\\)\\^2", ")"),
        "(?<![\\w.])\\d+(\\.\\d+)?(e-?\\d+)?");
  }

  private static List<String> numbersOfLatex(String latex) {
    return matches(
        latex
            .replaceAll("\\[3pt]", "")
            .replaceAll(" \\\\cdot 10\\^\\{(-?\\d+)}", "e$1")
            .replaceAll("[_^]\\{[0-9,]+}", ""),
        "(?<![\\w.])\\d+(\\.\\d+)?(e-?\\d+)?");
  }

  private static List<String> matches(String text, String pattern) {
    var found = new ArrayList<String>();
    Pattern.compile(pattern).matcher(text).results().forEach(each -> found.add(each.group()));
    return found;
  }
}
