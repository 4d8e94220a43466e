package weft.nn;

import java.util.function.IntFunction;
import java.util.stream.IntStream;
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
          "target(...) takes a class from 0 to %d or %d probabilities, got %s: write for example target(%d)"
              .formatted(
                  outputs - 1, outputs, Digits.counted(given.length, "number"), outputs - 1));
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
          "the class of a target is a whole number from 0 to %d, got %s: write for example target(%d)"
              .formatted(outputs - 1, Digits.of(label), outputs - 1));
    }
    double[] target = new double[outputs];
    target[(int) label] = 1;
    return target;
  }

  @Override
  LossFunction function() {
    return LossFunction.of(LossFunction.Kind.CROSS_ENTROPY_FROM_SUMS);
  }

  /** A class has one term, its logarithm; probabilities have one for each that is not 0. */
  @Override
  Equation explain(Names names, double[] a, double[] target, double loss) {
    int[] used = IntStream.range(0, a.length).filter(i -> target[i] != 0).toArray();
    boolean isClass = used.length == 1 && target[used[0]] == 1;
    Term symbols =
        isClass
            ? log(Term.of(names.output(used[0]))).negative()
            : sum(used, i -> Term.of(names.target(i)).times(log(Term.of(names.output(i)))));
    if (!speaksInOutputs(a, target)) {
      return Equation.of(Term.of("L"), loss, symbols);
    }
    Term numbers =
        isClass
            ? log(Term.of(a[used[0]])).negative()
            : sum(used, i -> Term.of(target[i]).times(log(Term.of(a[i]))));
    return Equation.of(Term.of("L"), loss, symbols, numbers);
  }

  private static Term sum(int[] used, IntFunction<Term> term) {
    return Term.sum(used.length, k -> term.apply(used[k]).group()).group().negative();
  }

  /** A probability below the least double has no logarithm. */
  @Override
  boolean speaksInOutputs(double[] a, double[] target) {
    return IntStream.range(0, a.length).allMatch(i -> target[i] == 0 || a[i] > 0);
  }

  private static Term log(Term argument) {
    return Term.call("log", argument);
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
