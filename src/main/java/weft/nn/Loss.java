package weft.nn;

import weft.nn.compute.LossFunction;

/** How far an output is from its target; choose one with {@link Losses}. */
public abstract sealed class Loss
    permits ElementwiseLoss, CrossEntropy, BinaryCrossEntropy, LossElsewhere {
  private final String name;

  Loss(String name) {
    this.name = name;
  }

  /**
   * Whether the gradient of this loss is already dL/dz of a last layer with this activation, so
   * that the layer has nothing left to derive.
   *
   * @throws IllegalArgumentException if the loss makes no sense after this activation
   */
  abstract boolean fusedWith(Activation last, int outputs);

  /** The vector to compare with, from what a reader gave as target. */
  abstract double[] target(double[] given, int outputs);

  /** What engines compute. */
  abstract LossFunction function();

  /** Whether {@link #explainGradient} is about dL/dz, and not about dL/da. */
  final boolean startsFromSums() {
    return switch (function().kind()) {
      case CROSS_ENTROPY_FROM_SUMS, BINARY_CROSS_ENTROPY_FROM_SUMS -> true;
      default -> false;
    };
  }

  /** Whether the loss can be computed from outputs as they are, rounded to a double. */
  boolean speaksInOutputs(double[] a, double[] target) {
    return true;
  }

  /** The loss written out. */
  abstract Equation explain(Names names, double[] a, double[] target, double loss);

  /** The derivative for output {@code index} written out. */
  abstract Equation explainGradient(Names names, double[] a, double[] target, int index);

  /** As a cell writes it: {@code squaredError()}. */
  @Override
  public String toString() {
    return name + "()";
  }
}
