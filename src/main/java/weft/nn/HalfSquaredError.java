package weft.nn;

import weft.nn.compute.LossFunction;

/** L = Σᵢ (aᵢ - tᵢ)² / 2, dL/daᵢ = aᵢ - tᵢ. */
final class HalfSquaredError extends ElementwiseLoss {
  HalfSquaredError() {
    super("halfSquaredError");
  }

  @Override
  LossFunction function() {
    return LossFunction.of(LossFunction.Kind.HALF_SQUARED_ERROR);
  }

  @Override
  Term term(Term output, Term target, double difference) {
    return output.minus(target).group().square().over(Term.of(2));
  }

  @Override
  Term slope(Term output, Term target, double difference) {
    return output.minus(target);
  }

  @Override
  double derivative(double difference) {
    return difference;
  }
}
