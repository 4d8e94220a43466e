package weft.nn;

import weft.nn.compute.LossFunction;

/** L = Σᵢ (aᵢ - tᵢ)², dL/daᵢ = 2·(aᵢ - tᵢ). */
final class SquaredError extends ElementwiseLoss {
  SquaredError() {
    super("squaredError");
  }

  @Override
  LossFunction function() {
    return LossFunction.of(LossFunction.Kind.SQUARED_ERROR);
  }

  @Override
  Term term(Term output, Term target, double difference) {
    return output.minus(target).group().square();
  }

  @Override
  Term slope(Term output, Term target, double difference) {
    return Term.of(2).times(output.minus(target).group());
  }

  @Override
  double derivative(double difference) {
    return 2 * difference;
  }
}
