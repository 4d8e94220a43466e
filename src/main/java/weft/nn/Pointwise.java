package weft.nn;

import weft.nn.compute.ActivationFunction;
import weft.nn.compute.DoubleActivations;

/** An activation that looks at one neuron at a time. */
final class Pointwise extends Activation {
  private final String symbol;
  private final boolean he;
  private final ActivationFunction function;

  /**
   * @param name as a cell writes it: {@code relu()}
   * @param symbol the function's name in formulas, {@code ReLU}
   * @param function what engines compute
   * @param he whether weights that feed it start with He's deviation, and not with Xavier's
   */
  Pointwise(String name, String symbol, ActivationFunction function, boolean he) {
    super(name);
    this.symbol = symbol;
    this.function = function;
    this.he = he;
  }

  @Override
  ActivationFunction function() {
    return function;
  }

  private double slope(double z, double a) {
    double[] gradient = {1};
    DoubleActivations.backward(function, new double[] {z}, new double[] {a}, gradient, 0, 1, 1);
    return gradient[0];
  }

  @Override
  Equation explainForward(String neuron, String sum, double[] z, double[] a, int index) {
    return Equation.of(
        Term.of(neuron),
        a[index],
        Term.call(symbol, Term.of(sum)),
        Term.call(symbol, Term.of(z[index])));
  }

  @Override
  Equation explainBackward(
      String neuron, String sum, double[] z, double[] a, double[] outputGradient, int index) {
    double factor = slope(z[index], a[index]);
    return Equation.of(
        Term.gradient(sum),
        outputGradient[index] * factor,
        Term.gradient(neuron).times(Term.slope(symbol, Term.of(sum))),
        Term.factor(outputGradient[index]).times(Term.factor(factor)));
  }

  @Override
  Initializer initializer() {
    return he
        ? Initializers.he(Initializers.DEFAULT_SEED)
        : Initializers.xavier(Initializers.DEFAULT_SEED);
  }
}
