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
  String term(String output, String target, double difference) {
    return "|%s - %s|".formatted(output, target);
  }

  @Override
  String slope(String output, String target, double difference) {
    return "sign(%s - %s)".formatted(output, target);
  }

  @Override
  double derivative(double difference) {
    return Math.signum(difference);
  }
}
