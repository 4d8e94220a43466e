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
  String term(String output, String target, double difference) {
    return "(%s - %s)^2".formatted(output, target);
  }

  @Override
  String slope(String output, String target, double difference) {
    return "2 x (%s - %s)".formatted(output, target);
  }

  @Override
  double derivative(double difference) {
    return 2 * difference;
  }
}
