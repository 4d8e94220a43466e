package weft.nn;

import weft.nn.compute.LossFunction;

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
  Equation explain(Names names, double[] a, double[] target, double loss) {
    return Equation.of(
        Term.of("L"),
        loss,
        Term.sum(
            a.length,
            i -> Term.of(names.output(i)).minus(Term.of(names.target(i))).group().square()),
        Term.sum(a.length, i -> Term.of(a[i]).minus(Term.factor(target[i])).group().square()));
  }

  @Override
  Equation explainGradient(Names names, double[] a, double[] target, int index) {
    Term output = Term.of(names.output(index));
    return Equation.of(
        Term.gradient(names.output(index)),
        2 * (a[index] - target[index]),
        Term.of(2).times(output.minus(Term.of(names.target(index))).group()),
        Term.of(2).times(Term.of(a[index]).minus(Term.factor(target[index])).group()));
  }
}
