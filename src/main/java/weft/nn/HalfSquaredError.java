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
  String term(String output, String target, double difference) {
    return "(%s - %s)^2 / 2".formatted(output, target);
  }

  @Override
  String slope(String output, String target, double difference) {
    return "%s - %s".formatted(output, target);
  }

  @Override
  double derivative(double difference) {
    return difference;
  }
}
