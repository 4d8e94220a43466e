package weft.nn;

import java.util.Arrays;
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
          "target(...) takes one probability per output: the network has %d, got %s: give as many as outputs"
              .formatted(outputs, Digits.counted(given.length, "number")));
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
  Equation explain(Names names, double[] a, double[] target, double loss) {
    Term one = Term.of(1);
    Term symbols =
        Term.sum(
                a.length,
                i -> {
                  Term output = Term.of(names.output(i));
                  Term expected = Term.of(names.target(i));
                  return both(expected, output, one.minus(expected).group(), one.minus(output));
                })
            .group()
            .negative();
    if (!speaksInOutputs(a, target)) {
      return Equation.of(Term.of("L"), loss, symbols);
    }
    return Equation.of(
        Term.of("L"),
        loss,
        symbols,
        Term.sum(
                a.length,
                i ->
                    both(
                        Term.of(target[i]),
                        Term.of(a[i]),
                        Term.of(1 - target[i]),
                        Term.of(1 - a[i])))
            .group()
            .negative());
  }

  /** An output that is 0 or 1 to the last digit has no logarithm on one side. */
  @Override
  boolean speaksInOutputs(double[] a, double[] target) {
    return Arrays.stream(a).allMatch(each -> each > 0 && each < 1);
  }

  private static Term both(Term yes, Term chance, Term no, Term otherwise) {
    return Term.sum(
        yes.times(Term.call("log", chance)).group(), no.times(Term.call("log", otherwise)).group());
  }

  @Override
  Equation explainGradient(Names names, double[] a, double[] target, int index) {
    return Equation.of(
        Term.gradient(names.outputSum(index)),
        a[index] - target[index],
        Term.of(names.output(index)).minus(Term.of(names.target(index))),
        Term.of(a[index]).minus(Term.of(target[index])));
  }
}
