package weft.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static weft.nn.Losses.squaredError;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** A layer alone in a network, with reference values for everything. */
final class ExplainedLayer {
  private static final double[] NONE = {};

  /** The slow reference: sums from inputs and parameters. */
  interface Reference {
    double[] sums(double[] in, double[] parameters);
  }

  static double[] wave(int count) {
    return IntStream.range(0, count).mapToDouble(i -> Math.sin(1 + 2.3 * i)).toArray();
  }

  private final Network network;
  private final Trace trace;

  ExplainedLayer(
      Shape in,
      Shape out,
      double[] parameters,
      double[] statistics,
      LayerExplanation explanation,
      Reference reference,
      boolean rectified) {
    this(in, out, wave(in.size()), parameters, statistics, explanation, reference, rectified);
  }

  ExplainedLayer(
      Shape in,
      Shape out,
      double[] inputs,
      double[] parameters,
      double[] statistics,
      LayerExplanation explanation,
      Reference reference,
      boolean rectified) {
    Layer layer = new Described("layer", in, out, parameters, statistics, explanation);
    network = Network.of(List.of(layer), squaredError(), Precision.FLOAT64);
    double[] sums = reference.sums(inputs, parameters);
    double[] outputs = rectified ? rectified(sums) : sums;
    double[] target = Arrays.stream(outputs).map(each -> each - 0.1).toArray();
    double[] given = new double[outputs.length];
    double[] ofSums = new double[outputs.length];
    for (int i = 0; i < given.length; i++) {
      given[i] = 2 * (outputs[i] - target[i]) / out.positions();
      ofSums[i] = rectified && sums[i] <= 0 ? 0 : given[i];
    }
    double[] ofInputs =
        in.isTokens()
            ? NONE
            : slopes(
                inputs,
                x -> loss(reference.sums(x, parameters), rectified, target, out.positions()));
    double[] ofParameters =
        slopes(
            parameters, w -> loss(reference.sums(inputs, w), rectified, target, out.positions()));
    trace =
        new Trace(
            network,
            inputs,
            target,
            loss(sums, rectified, target, out.positions()),
            new double[][] {sums},
            new double[][] {outputs},
            new double[][] {given},
            new double[][] {ofSums},
            ofInputs,
            ofParameters);
  }

  private static double[] rectified(double[] sums) {
    return Arrays.stream(sums).map(z -> Math.max(0, z)).toArray();
  }

  private static double loss(double[] sums, boolean rectified, double[] target, int positions) {
    double[] outputs = rectified ? rectified(sums) : sums;
    return IntStream.range(0, target.length)
            .mapToDouble(i -> (outputs[i] - target[i]) * (outputs[i] - target[i]))
            .sum()
        / positions;
  }

  private static double[] slopes(double[] at, ToDoubleFunction<double[]> loss) {
    double[] slopes = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      double[] more = at.clone();
      double[] less = at.clone();
      more[i] += 1e-6;
      less[i] -= 1e-6;
      slopes[i] = (loss.applyAsDouble(more) - loss.applyAsDouble(less)) / 2e-6;
    }
    return slopes;
  }

  Derivation explain() {
    return Explanation.of(trace);
  }

  /** Also the gradients of the inputs, which nothing before the layer asks for. */
  void everyLineIsTrue(int atLeast) {
    var calculated = calculated();
    int sides = 0;
    for (Section section : explain().sections()) {
      for (Line line : section.lines()) {
        sides += line instanceof Equation equation ? sides(equation, calculated) : 0;
      }
    }
    var view = new LayerView(trace, 0, network.names());
    for (int i = 0; i < trace.inputGradient().length; i++) {
      Line line = network.layers().get(0).explanation().inputGradient(view, i);
      sides += sides((Equation) line, calculated);
    }
    int checked = sides;
    assertTrue(checked >= atLeast, () -> checked + " sides calculated in\n" + explain());
  }

  private static int sides(Equation equation, Calculated calculated) {
    String name = equation.left().in(PlainText.INSTANCE);
    double last =
        Double.parseDouble(equation.right().get(equation.right().size() - 1).in(calculated));
    if (name.startsWith("dL/d")) { // where it is a part inside the layer
      calculated.gradients().putIfAbsent(name.substring(4), last);
    } else {
      calculated.values().putIfAbsent(name, last);
    }
    double value = Double.parseDouble(equation.left().in(calculated));
    String text = new Section("", List.of(equation)).text();
    int sides = 0;
    for (Term side : equation.right()) {
      double made = Double.parseDouble(side.in(calculated));
      if (!Double.isNaN(made)) {
        assertEquals(value, made, 1e-7, text);
        sides++;
      }
    }
    assertTrue(sides >= 1, text);
    return sides - 1; // the value itself
  }

  private Calculated calculated() {
    Map<String, Double> values = new HashMap<>();
    Map<String, Double> gradients = new HashMap<>();
    Names names = network.names();
    for (int i = 0; i < trace.inputs().length; i++) {
      values.put(names.neuron(-1, i), trace.inputs()[i]);
      if (trace.inputGradient().length > 0) {
        gradients.put(names.neuron(-1, i), trace.inputGradient()[i]);
      }
    }
    double[] target = Objects.requireNonNull(trace.target());
    for (int i = 0; i < target.length; i++) {
      values.put(names.sum(0, i), trace.sums()[0][i]);
      values.put(names.neuron(0, i), trace.outputs()[i]);
      values.put(names.target(i), target[i]);
      gradients.put(names.sum(0, i), trace.sumGradients()[0][i]);
      gradients.put(names.neuron(0, i), trace.activationGradients()[0][i]);
    }
    values.put("L", trace.loss());
    for (int p = 0; p < trace.gradient().length; p++) {
      values.put(names.parameters()[p], network.values()[p]);
      gradients.put(names.parameters()[p], trace.gradient()[p]);
    }
    return new Calculated(values, gradients);
  }
}
