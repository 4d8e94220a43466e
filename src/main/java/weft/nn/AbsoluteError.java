package weft.nn;

import weft.nn.compute.LossFunction;

/** L = Σᵢ |aᵢ - tᵢ|, dL/daᵢ = the sign of aᵢ - tᵢ, and 0 where they are equal. */
final class AbsoluteError extends ElementwiseLoss {
  AbsoluteError() {
    super("absoluteError");
  }

  @Override
  LossFunction function() {
    return LossFunction.of(LossFunction.Kind.ABSOLUTE_ERROR);
  }

  @Override
  Term term(Term output, Term target, double difference) {
    return Term.call("abs", output.minus(target));
  }

  @Override
  Term slope(Term output, Term target, double difference) {
    return Term.call("sign", output.minus(target));
  }

  @Override
  double derivative(double difference) {
    return Math.signum(difference);
  }
}
