package weft.nn;

import java.util.StringJoiner;
import weft.nn.compute.LossFunction;
import weft.report.Digits;

/** L = Σᵢ (aᵢ - tᵢ)², dL/daᵢ = 2·(aᵢ - tᵢ). */
final class SquaredError extends Loss {
  SquaredError() {
    super("squaredError");
  }

  @Override
  boolean fusedWith(Activation last, int outputs) {
    return false;
  }

  @Override
  double[] target(double[] given, int outputs) {
    if (given.length != outputs) {
      throw new IllegalArgumentException(
          "target(...) takes one number per output: the network has %d, got %d numbers"
              .formatted(outputs, given.length));
    }
    return given.clone();
  }

  @Override
  LossFunction function() {
    return LossFunction.of(LossFunction.Kind.SQUARED_ERROR);
  }

  @Override
  String explain(Names names, double[] a, double[] target, double loss) {
    var symbols = new StringJoiner(" + ");
    var numbers = new StringJoiner(" + ");
    for (int i : Explanation.shown(a.length)) {
      if (i < 0) {
        symbols.add("...");
        numbers.add("...");
        continue;
      }
      symbols.add("(%s - %s)^2".formatted(names.output(i), names.target(i)));
      numbers.add("(%s - %s)^2".formatted(Digits.of(a[i]), Activation.number(target[i])));
    }
    return "L = %s = %s = %s".formatted(symbols, numbers, Digits.of(loss));
  }

  @Override
  String explainGradient(Names names, double[] a, double[] target, int index) {
    return "dL/d%s = 2 x (%s - %s) = 2 x (%s - %s) = %s"
        .formatted(
            names.output(index),
            names.output(index),
            names.target(index),
            Digits.of(a[index]),
            Activation.number(target[index]),
            Digits.of(2 * (a[index] - target[index])));
  }
}
