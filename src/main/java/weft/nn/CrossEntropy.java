package weft.nn;

import weft.nn.compute.LossFunction;
import weft.report.Digits;

/**
 * L = -Σᵢ tᵢ·log(aᵢ) of softmax probabilities, computed from the sums before the softmax so that a
 * probability near 0 costs no precision; dL/dzᵢ = aᵢ - tᵢ.
 */
final class CrossEntropy extends Loss {
  CrossEntropy() {
    super("crossEntropy");
  }

  @Override
  boolean fusedWith(Activation last, int outputs) {
    if (!(last instanceof Softmax)) {
      throw new IllegalArgumentException(
          "crossEntropy() compares probabilities that sum to 1, but the last layer ends in "
              + "%s: make it dense(%d, softmax()), or use squaredError()".formatted(last, outputs));
    }
    if (outputs == 1) {
      throw new IllegalArgumentException(
          "crossEntropy() needs one output per class, but the last layer has 1, whose softmax is"
              + " always 1: use dense(2, softmax()) for two classes");
    }
    return true;
  }

  @Override
  double[] target(double[] given, int outputs) {
    if (given.length == 1) {
      return oneHot(given[0], outputs);
    }
    if (given.length != outputs) {
      throw new IllegalArgumentException(
          "target(...) takes a class from 0 to %d or %d probabilities, got %d numbers"
              .formatted(outputs - 1, outputs, given.length));
    }
    double sum = 0;
    boolean negative = false;
    for (double each : given) {
      sum += each;
      negative |= each < 0;
    }
    if (negative || Math.abs(sum - 1) > 1e-9) {
      throw new IllegalArgumentException(
          "a target for crossEntropy() is made of probabilities that sum to 1, got a sum of %s%s:"
                  .formatted(Digits.of(sum), negative ? " with a negative number" : "")
              + " give the class index, as target(3), or one probability per class");
    }
    return given.clone();
  }

  private static double[] oneHot(double label, int outputs) {
    if (!(label >= 0 && label < outputs) || label != (int) label) {
      throw new IllegalArgumentException(
          "the class of a target is a whole number from 0 to %d, got %s"
              .formatted(outputs - 1, Digits.of(label)));
    }
    double[] target = new double[outputs];
    target[(int) label] = 1;
    return target;
  }

  @Override
  LossFunction function() {
    return LossFunction.of(LossFunction.Kind.CROSS_ENTROPY_FROM_SUMS);
  }

  @Override
  String explain(Names names, double[] a, double[] target, double loss) {
    for (int i = 0; i < a.length; i++) {
      if (target[i] == 1) {
        return "L = -log(%s) = -log(%s) = %s"
            .formatted(names.output(i), Digits.of(a[i]), Digits.of(loss));
      }
    }
    return "L = -(sum of Y x log(O)) = " + Digits.of(loss);
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
