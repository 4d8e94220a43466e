package weft.nn;

import java.util.function.DoubleUnaryOperator;
import weft.report.Digits;

/** An activation that looks at one neuron at a time. */
final class Pointwise extends Activation {
  private final String symbol;
  private final DoubleUnaryOperator function;
  private final DoubleUnaryOperator slope;
  private final boolean he;

  /**
   * @param symbol the function's name in formulas, {@code ReLU}
   * @param function a = f(z)
   * @param slope f'(z) as a function of the activation a, which is cheaper than of z
   */
  Pointwise(
      String name,
      String symbol,
      DoubleUnaryOperator function,
      DoubleUnaryOperator slope,
      boolean he) {
    super(name);
    this.symbol = symbol;
    this.function = function;
    this.slope = slope;
    this.he = he;
  }

  @Override
  void forward(Tensor z, Tensor a, int rows, int width) {
    for (int i = 0; i < rows * width; i++) {
      a.set(i, function.applyAsDouble(z.get(i)));
    }
  }

  @Override
  void backward(Tensor z, Tensor a, Tensor gradient, int rows, int width) {
    for (int i = 0; i < rows * width; i++) {
      gradient.set(i, gradient.get(i) * slope.applyAsDouble(a.get(i)));
    }
  }

  @Override
  String explainForward(String neuron, String sum, double[] z, double[] a, int index) {
    return "%s = %s(%s) = %s(%s) = %s"
        .formatted(neuron, symbol, sum, symbol, Digits.of(z[index]), Digits.of(a[index]));
  }

  @Override
  String explainBackward(
      String neuron, String sum, double[] z, double[] a, double[] outputGradient, int index) {
    double factor = slope.applyAsDouble(a[index]);
    return "dL/d%s = dL/d%s x %s'(%s) = %s x %s = %s"
        .formatted(
            sum,
            neuron,
            symbol,
            sum,
            number(outputGradient[index]),
            number(factor),
            Digits.of(outputGradient[index] * factor));
  }

  @Override
  boolean startsWithHe() {
    return he;
  }
}
