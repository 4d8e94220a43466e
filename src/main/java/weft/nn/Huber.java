package weft.nn;

import weft.nn.compute.LossFunction;
import weft.report.Digits;

/**
 * With e = aᵢ - tᵢ: e² / 2 up to |e| = δ, δ·(|e| - δ/2) beyond; the derivative is e, cut off at -δ
 * and δ.
 */
final class Huber extends ElementwiseLoss {
  private final double delta;

  Huber(double delta) {
    super("huber");
    if (!(delta > 0) || Double.isInfinite(delta)) {
      throw new IllegalArgumentException(
          "the delta of huber(delta) is a number above 0, got %s: try huber(1)".formatted(delta));
    }
    this.delta = delta;
  }

  @Override
  LossFunction function() {
    return new LossFunction(LossFunction.Kind.HUBER, delta);
  }

  private boolean isNear(double difference) {
    return Math.abs(difference) <= delta;
  }

  @Override
  Term term(Term output, Term target, double difference) {
    return isNear(difference)
        ? output.minus(target).group().square().over(Term.of(2))
        : Term.of(delta)
            .times(
                Term.call("abs", output.minus(target))
                    .minus(Term.of(delta).over(Term.of(2)))
                    .group());
  }

  @Override
  Term slope(Term output, Term target, double difference) {
    return isNear(difference)
        ? output.minus(target)
        : Term.of(delta).times(Term.call("sign", output.minus(target)));
  }

  @Override
  double derivative(double difference) {
    return Math.max(-delta, Math.min(delta, difference));
  }

  /** As a cell writes it: {@code huber(1)}. */
  @Override
  public String toString() {
    return "huber(" + Digits.of(delta) + ")";
  }
}
