package weft.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Activations.identity;
import static weft.nn.Activations.relu;
import static weft.nn.Activations.sigmoid;
import static weft.nn.Activations.softmax;
import static weft.nn.Activations.tanh;
import static weft.nn.Losses.binaryCrossEntropy;
import static weft.nn.Losses.crossEntropy;
import static weft.nn.Losses.halfSquaredError;
import static weft.nn.Losses.squaredError;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * A small network is written out so that a reader could calculate each line from the lines before
 * it: nothing is stated that was not derived, down to the last parameter's gradient.
 */
class NetworkExplanationTest {
  private static final double[] TOKENS = {2, 0, 1};

  private static NetworkBuilder reader(int width) {
    return Network.tokens(3, 3).embedding(width);
  }

  static Map<Network, double[]> networks() {
    var networks = new LinkedHashMap<Network, double[]>();
    networks.put(reader(2).recurrent(2).dense(1, identity()).loss(squaredError()), TOKENS);
    networks.put(reader(2).recurrent(2).recurrent(1).lastStep().loss(squaredError()), TOKENS);
    networks.put(reader(1).lstm(1).lstm(1).loss(halfSquaredError()), TOKENS);
    networks.put(
        reader(2).positions().attention(1).lastStep().dense(1, tanh()).loss(squaredError()),
        TOKENS);
    networks.put(reader(2).positions().causalAttention(2).loss(squaredError()), TOKENS);
    networks.put(
        reader(2)
            .positions()
            .residual(b -> b.layerNorm().causalAttention(1))
            .residual(b -> b.layerNorm().dense(2, relu()).dense(2, identity()))
            .layerNorm()
            .dense(1, identity())
            .loss(squaredError()),
        TOKENS);
    networks.put(
        reader(2)
            .positions()
            .experts(3, 2, 2, tanh())
            .residual(b -> b.experts(4, 1, 2, relu()))
            .loss(squaredError()),
        TOKENS);
    networks.put(
        Network.inputs(2).experts(2, 1, 3, sigmoid()).loss(squaredError()),
        new double[] {0.3, -0.8});
    networks.put(
        Network.images(1, 2, 2)
            .residual(b -> b.conv2d(1, 1, relu()).batchNorm())
            .averagePool(2)
            .flatten()
            .dense(1, sigmoid())
            .loss(squaredError()),
        IntStream.range(0, 4).mapToDouble(i -> Math.sin(1 + i)).toArray());
    networks.put(
        Network.inputs(2)
            .residual(b -> b.dense(2, tanh()).residual(c -> c.dense(2, sigmoid())))
            .dense(1, identity())
            .loss(squaredError()),
        new double[] {0.3, -0.8});
    return networks;
  }

  @Test
  void everyLineFollowsFromTheLinesBeforeIt() {
    networks().forEach(NetworkExplanationTest::check);
  }

  /** Whether the text says that the expert of a parameter works on nothing. */
  private static boolean isOfIdleExpert(String parameter, String text) {
    var expert = Pattern.compile("(?:expert|router\\[)(\\d+)").matcher(parameter);
    return expert.find() && text.contains("expert " + expert.group(1) + " works on nothing");
  }

  static Trace trace(Network network, double[] inputs) {
    double[] target =
        IntStream.range(0, network.out().size()).mapToDouble(i -> Math.cos(2 * i) / 2).toArray();
    return Trace.backward(network.precision(Precision.FLOAT64), inputs, target);
  }

  private static void check(Network network, double[] inputs) {
    Trace trace = trace(network, inputs);
    var known = given(trace);
    String text = Explanation.of(trace).text();
    for (Section section : Explanation.of(trace).sections()) {
      for (Line line : section.lines()) {
        if (line instanceof Equation equation) {
          follows(equation, known, text);
        }
      }
    }
    String[] names = trace.network().names().parameters();
    for (int p = 0; p < names.length; p++) {
      if (names[p].startsWith("L1.weights")) {
        continue; // of an embedding, the rows that were looked up alone
      }
      Double written = known.gradients().get(names[p]);
      if (written == null && isOfIdleExpert(names[p], text)) {
        assertEquals(0, trace.gradient()[p], names[p]);
        continue;
      }
      assertTrue(written != null, names[p] + " is missing in\n" + text);
      assertEquals(trace.gradient()[p], written, 1e-9, names[p]);
    }
  }

  private static Calculated given(Trace trace) {
    var known = new Calculated(new HashMap<>(), new HashMap<>());
    Names names = trace.network().names();
    for (int i = 0; i < trace.inputs().length; i++) {
      known.values().put(names.neuron(-1, i), trace.inputs()[i]);
    }
    double[] target = trace.target() == null ? new double[0] : trace.target();
    for (int i = 0; i < target.length; i++) {
      known.values().put(names.target(i), target[i]);
    }
    for (int p = 0; p < names.parameters().length; p++) {
      known.values().put(names.parameters()[p], trace.network().values()[p]);
    }
    return known;
  }

  private static void follows(Equation equation, Calculated known, String text) {
    String line = new Section("", List.of(equation)).text();
    int last = equation.right().size() - 1;
    double value = Double.parseDouble(equation.right().get(last).in(known));
    boolean remembered = line.contains(" = remembered = ");
    assertTrue(last >= 1 || value == 0, () -> "only a value:" + line + "in\n" + text);
    for (int i = 0; i < last && !remembered; i++) {
      double side = Double.parseDouble(equation.right().get(i).in(known));
      assertFalse(Double.isNaN(side), () -> "cannot be calculated:" + line + "in\n" + text);
      assertEquals(value, side, 1e-9 * (1 + Math.abs(value)), line);
    }
    String left = equation.left().in(PlainText.INSTANCE);
    if (left.startsWith("dL/d")) {
      known.gradients().put(left.substring(4), value);
    } else {
      known.values().put(left, value);
    }
  }

  @Test
  void theLayersInsideAResidualAreNumberedWithinIt() {
    Network network =
        Network.inputs(1)
            .residual(b -> b.dense(1, identity()).weights(3).biases(1))
            .loss(squaredError());
    assertEquals(
        """
        Forward pass
        residual(b -> b.dense(1, identity())), from [1] to [1]:
        Z1.1[0] = (X1 x L1.1.weights[0]) + L1.1.biases[0]
        Z1.1[0] = (2 x 3) + 1 = 7
        H1.1[0] = identity(Z1.1[0]) = identity(7) = 7
        O2 = X1 + H1.1[0] = 2 + 7 = 9

        Loss
        L = (O2 - Y2)^2 = (9 - 8)^2 = 1

        Backward pass, from the output to the inputs
        dL/dO2 = 2 x (O2 - Y2) = 2 x (9 - 8) = 2
        dL/dH1.1[0] = dL/dO2 = 2
        dL/dZ1.1[0] = dL/dH1.1[0] x identity'(Z1.1[0]) = 2 x 1 = 2
        dL/dL1.1.weights[0] = dL/dZ1.1[0] x X1 = 2 x 2 = 4
        dL/dL1.1.biases[0] = dL/dZ1.1[0] = 2
        """,
        network.forward(2).target(8).backward().explain().text());
    String latex = network.forward(2).explain().latex().latex();
    assertTrue(
        latex.contains("Z^{(1.1)}_{0} &= \\left(X_{1} \\cdot \\mathrm{weights}^{(1.1)}_{0}"),
        latex);
  }

  @Test
  void noLogarithmOfZeroIsWrittenWhereAnOutputIsZeroOrOneToItsLastDigit() {
    var classes =
        Network.inputs(1).dense(2, softmax()).weights(10, -10).loss(crossEntropy()).forward(1000);
    String missed = classes.target(1).explain().toString();
    assertTrue(missed.contains("L = -log(O3) = 20000\nAn output is 0 or 1"), missed);
    String met = classes.target(0).explain().toString();
    assertTrue(met.contains("L = -log(O2) = -log(1) = 0"), met);
    var chance =
        Network.inputs(1).dense(1, sigmoid()).weights(50).loss(binaryCrossEntropy()).forward(1);
    String wrong = chance.target(0).explain().toString();
    assertTrue(wrong.contains("log(1 - O2))) = 50\nAn output is 0 or 1"), wrong);
    assertFalse((missed + met + wrong).contains("log(0)"), wrong);
  }
}
