package weft.nn;

import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.IntColumn;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;
import weft.nn.compute.Team;
import weft.report.Digits;
import weft.report.Numbers;

/**
 * Every number of one sample's pass, in double precision.
 *
 * @param target null before there is one
 * @param sums z, by layer and neuron
 * @param activations a, likewise
 * @param activationGradients dL/da, likewise, as each layer receives it; no layers before the
 *     backward pass. Of a loss that starts from z, the last layer's is dL/dz
 * @param sumGradients dL/dz, likewise; dL/doutput of layers without an activation
 * @param inputGradient dL/dinput; empty before the backward pass, and if the inputs are tokens
 * @param gradient dL/dparameter in flat order; empty before the backward pass
 */
@SuppressWarnings("ArrayRecordComponent") // package-private and never written to
record Trace(
    Network network,
    double[] inputs,
    double @Nullable [] target,
    double loss,
    double[][] sums,
    double[][] activations,
    double[][] activationGradients,
    double[][] sumGradients,
    double[] inputGradient,
    double[] gradient) {

  static Trace forward(Network network, double[] inputs, double @Nullable [] target) {
    return compute(network, inputs, target, false);
  }

  static Trace backward(Network network, double[] inputs, double[] target) {
    return compute(network, inputs, target, true);
  }

  private static Trace compute(
      Network network, double[] inputs, double @Nullable [] target, boolean backward) {
    var engine = Engine.of(network, Precision.FLOAT64, 1, Engine.Use.EXPLAIN, Team.ALONE);
    engine.load(0, inputs, target == null ? new double[network.out().size()] : target);
    engine.forward(1);
    double loss = target == null ? Double.NaN : engine.loss(1);
    if (backward) {
      engine.backward(1, 1, false);
    }
    int depth = network.layers().size();
    double[][] sums = new double[depth][];
    double[][] activations = new double[depth][];
    double[][] activationGradients = new double[backward ? depth : 0][];
    double[][] sumGradients = new double[backward ? depth : 0][];
    for (int i = 0; i < depth; i++) {
      sums[i] = engine.sums(i);
      activations[i] = engine.outputs(i);
      if (backward) {
        activationGradients[i] = engine.receivedGradient(i);
        sumGradients[i] = engine.outputGradient(i);
      }
    }
    return new Trace(
        network,
        inputs,
        target,
        loss,
        sums,
        activations,
        activationGradients,
        sumGradients,
        backward ? engine.inputGradient() : new double[0],
        backward ? engine.gradientCopy() : new double[0]);
  }

  boolean hasGradient() {
    return sumGradients.length > 0;
  }

  double[] outputs() {
    return activations[activations.length - 1];
  }

  /** What feeds a layer. */
  double[] feeding(int layer) {
    return layer == 0 ? inputs : activations[layer - 1];
  }

  double[] requireInputGradient() {
    if (inputGradient.length == 0) {
      throw new IllegalStateException(
          "the inputs of this network are tokens, which have no gradient: look at the gradient of"
              + " the embedding's weights in gradients()");
    }
    return inputGradient;
  }

  Table table() {
    var neuron = StringColumn.create("neuron");
    var layer = IntColumn.create("layer");
    var z = Numbers.column("z");
    var activation = Numbers.column("activation");
    var gradientOfSum = Numbers.column("dL/dz");
    for (int l = 0; l < sums.length; l++) {
      for (int i = 0; i < sums[l].length; i++) {
        neuron.append(network.names().neuron(l, i));
        layer.append(l + 1);
        z.append(sums[l][i]);
        activation.append(activations[l][i]);
        if (hasGradient()) {
          gradientOfSum.append(sumGradients[l][i]);
        }
      }
    }
    String title = target == null ? "Forward pass" : "Pass with loss " + Digits.of(loss);
    var table = Table.create(title, neuron, layer, z, activation);
    return hasGradient() ? table.addColumns(gradientOfSum) : table;
  }

  Table gradients() {
    return ParameterTable.of(network, null)
        .addColumns(Numbers.column("gradient", gradient))
        .setName("Gradients");
  }
}
