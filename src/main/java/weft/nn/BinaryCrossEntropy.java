package weft.nn;

import java.util.StringJoiner;
import weft.nn.compute.ActivationFunction;
import weft.nn.compute.LossFunction;
import weft.report.Digits;

/**
 * L = -Σᵢ (tᵢ·log(aᵢ) + (1 - tᵢ)·log(1 - aᵢ)) of sigmoid probabilities, computed from the sums
 * before the sigmoid so that a probability near 0 or 1 costs no precision; dL/dzᵢ = aᵢ - tᵢ.
 */
final class BinaryCrossEntropy extends Loss {
  BinaryCrossEntropy() {
    super("binaryCrossEntropy");
  }

  @Override
  boolean fusedWith(Activation last, int outputs) {
    if (last.function().kind() != ActivationFunction.Kind.SIGMOID) {
      throw new IllegalArgumentException(
          "binaryCrossEntropy() compares a probability for each output, but the last layer ends in"
              + " %s: make it dense(%d, sigmoid()), or use squaredError()"
                  .formatted(last, outputs));
    }
    return true;
  }

  @Override
  double[] target(double[] given, int outputs) {
    if (given.length != outputs) {
      throw new IllegalArgumentException(
          "target(...) takes one probability per output: the network has %d, got %d numbers"
              .formatted(outputs, given.length));
    }
    for (double each : given) {
      if (!(each >= 0 && each <= 1)) {
        throw new IllegalArgumentException(
            "a target for binaryCrossEntropy() is a probability from 0 to 1, got %s: write 1 for yes"
                    .formatted(Digits.of(each))
                + " and 0 for no");
      }
    }
    return given.clone();
  }

  @Override
  LossFunction function() {
    return LossFunction.of(LossFunction.Kind.BINARY_CROSS_ENTROPY_FROM_SUMS);
  }

  @Override
  String explain(Names names, double[] a, double[] target, double loss) {
    var symbols = new StringJoiner(" - ", "-", "");
    var numbers = new StringJoiner(" - ", "-", "");
    for (int i : Explanation.shown(a.length)) {
      if (i < 0) {
        symbols.add("...");
        numbers.add("...");
        continue;
      }
      String o = names.output(i);
      String y = names.target(i);
      symbols.add("[%s x log(%s) + (1 - %s) x log(1 - %s)]".formatted(y, o, y, o));
      numbers.add(
          "[%s x log(%s) + %s x log(%s)]"
              .formatted(
                  Digits.of(target[i]),
                  Digits.of(a[i]),
                  Digits.of(1 - target[i]),
                  Digits.of(1 - a[i])));
    }
    return "L = %s = %s = %s".formatted(symbols, numbers, Digits.of(loss));
  }

  @Override
  String explainGradient(Names names, double[] a, double[] target, int index) {
    return "dL/dZ%d = %s - %s = %s - %s = %s"
        .formatted(
            names.outputNumber(index),
            names.output(index),
            names.target(index),
            Digits.of(a[index]),
            Digits.of(target[index]),
            Digits.of(a[index] - target[index]));
  }
}
