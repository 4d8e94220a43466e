package weft.nn;

import org.apache.commons.math3.util.FastMath;
import weft.nn.compute.ActivationFunction;
import weft.nn.compute.ActivationFunction.Kind;
import weft.report.Digits;

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
  String explainForward(String neuron, String sum, double[] z, double[] a, int index) {
    double total = 0;
    double top = z[0];
    for (double each : z) {
      total += FastMath.exp(each);
      top = Math.max(top, each);
    }
    if (Double.isInfinite(total) || total == 0) {
      return explainShifted(neuron, sum, z, a, index, top);
    }
    return "%s = exp(%s) / sum of all exp(Z) = %s / %s = %s"
        .formatted(
            neuron, sum, Digits.of(FastMath.exp(z[index])), Digits.of(total), Digits.of(a[index]));
  }

  /** With the largest Z subtracted everywhere: the same share, and no exp too large to write. */
  private static String explainShifted(
      String neuron, String sum, double[] z, double[] a, int index, double top) {
    double total = 0;
    for (double each : z) {
      total += FastMath.exp(each - top);
    }
    String shift = number(top);
    return "%s = exp(%s - %s) / sum of all exp(Z - %s) = %s / %s = %s"
        .formatted(
            neuron,
            sum,
            shift,
            shift,
            Digits.of(FastMath.exp(z[index] - top)),
            Digits.of(total),
            Digits.of(a[index]));
  }

  @Override
  String explainBackward(
      String neuron, String sum, double[] z, double[] a, double[] outputGradient, int index) {
    double mean = 0;
    for (int i = 0; i < a.length; i++) {
      mean += outputGradient[i] * a[i];
    }
    return "dL/d%s = %s x (dL/d%s - sum of dL/da x a) = %s x (%s - %s) = %s"
        .formatted(
            sum,
            neuron,
            neuron,
            number(a[index]),
            number(outputGradient[index]),
            number(mean),
            Digits.of(a[index] * (outputGradient[index] - mean)));
  }

  @Override
  Initializer initializer() {
    return Initializers.xavier(Initializers.DEFAULT_SEED);
  }
}
