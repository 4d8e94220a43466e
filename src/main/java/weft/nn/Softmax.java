package weft.nn;

import org.apache.commons.math3.util.FastMath;
import weft.nn.compute.ActivationFunction;
import weft.nn.compute.ActivationFunction.Kind;

/** aᵢ = exp(zᵢ) / Σⱼ exp(zⱼ), with the largest z subtracted first so that nothing overflows. */
final class Softmax extends Activation {
  Softmax() {
    super("softmax()");
  }

  @Override
  ActivationFunction function() {
    return ActivationFunction.of(Kind.SOFTMAX);
  }

  @Override
  Equation explainForward(String neuron, String sum, double[] z, double[] a, int index) {
    double total = 0;
    double top = z[0];
    for (double each : z) {
      total += FastMath.exp(each);
      top = Math.max(top, each);
    }
    if (Double.isInfinite(total) || total == 0) {
      return explainShifted(neuron, sum, z, a, index, top);
    }
    return Equation.of(
        Term.of(neuron),
        a[index],
        exp(Term.of(sum)).over(exp(Term.of("Z")).totalOfAll()),
        Term.of(FastMath.exp(z[index])).over(Term.of(total)));
  }

  /** With the largest Z subtracted everywhere: the same share, and no exp too large to write. */
  private static Equation explainShifted(
      String neuron, String sum, double[] z, double[] a, int index, double top) {
    double total = 0;
    for (double each : z) {
      total += FastMath.exp(each - top);
    }
    Term shift = Term.factor(top);
    return Equation.of(
        Term.of(neuron),
        a[index],
        exp(Term.of(sum).minus(shift)).over(exp(Term.of("Z").minus(shift)).totalOfAll()),
        Term.of(FastMath.exp(z[index] - top)).over(Term.of(total)));
  }

  private static Term exp(Term argument) {
    return Term.call("exp", argument);
  }

  @Override
  Equation explainBackward(
      String neuron, String sum, double[] z, double[] a, double[] outputGradient, int index) {
    double mean = 0;
    for (int i = 0; i < a.length; i++) {
      mean += outputGradient[i] * a[i];
    }
    Term gradient = Term.gradient(neuron);
    return Equation.of(
        Term.gradient(sum),
        a[index] * (outputGradient[index] - mean),
        Term.of(neuron)
            .times(gradient.minus(Term.gradient("a").times(Term.of("a")).total()).group()),
        Term.factor(a[index])
            .times(Term.factor(outputGradient[index]).minus(Term.factor(mean)).group()));
  }

  @Override
  Initializer initializer() {
    return Initializers.xavier(Initializers.DEFAULT_SEED);
  }
}
