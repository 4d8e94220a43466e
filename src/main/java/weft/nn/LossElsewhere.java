package weft.nn;

import weft.nn.compute.LossFunction;

/** In place of the loss in a part of a network that ends before its last layer. */
final class LossElsewhere extends Loss {
  static final LossElsewhere INSTANCE = new LossElsewhere();

  private LossElsewhere() {
    super("elsewhere");
  }

  @Override
  boolean fusedWith(Activation last, int outputs) {
    return false;
  }

  @Override
  double[] target(double[] given, int outputs) {
    return given.clone();
  }

  @Override
  LossFunction function() {
    return LossFunction.of(LossFunction.Kind.ELSEWHERE);
  }

  @Override
  Equation explain(Names names, double[] a, double[] target, double loss) {
    throw new UnsupportedOperationException("a part of a network is not explained by itself");
  }

  @Override
  Equation explainGradient(Names names, double[] a, double[] target, int index) {
    throw new UnsupportedOperationException("a part of a network is not explained by itself");
  }
}
