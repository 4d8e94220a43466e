package weft.nn;

import org.apache.commons.math3.util.FastMath;

/** The activation functions, meant to be imported statically. */
public final class Activations {
  private static final Activation RELU =
      new Pointwise("relu", "ReLU", z -> z <= 0 ? 0 : z, a -> a > 0 ? 1 : 0, true);
  private static final Activation SIGMOID =
      new Pointwise("sigmoid", "sigmoid", Activations::logistic, a -> a * (1 - a), false);
  private static final Activation TANH =
      new Pointwise("tanh", "tanh", FastMath::tanh, a -> 1 - a * a, false);
  private static final Activation IDENTITY =
      new Pointwise("identity", "identity", z -> z, a -> 1, false);
  private static final Activation SOFTMAX = new Softmax();

  private Activations() {}

  /** max(0, z). Its slope at 0 counts as 0: a neuron with z of 0 or less passes no gradient. */
  public static Activation relu() {
    return RELU;
  }

  /** 1 / (1 + exp(-z)), between 0 and 1. */
  public static Activation sigmoid() {
    return SIGMOID;
  }

  /** The hyperbolic tangent, between -1 and 1. */
  public static Activation tanh() {
    return TANH;
  }

  /** z itself: a linear layer. */
  public static Activation identity() {
    return IDENTITY;
  }

  /** exp(zᵢ) / Σⱼ exp(zⱼ) over the layer: probabilities that sum to 1. */
  public static Activation softmax() {
    return SOFTMAX;
  }

  private static double logistic(double z) {
    double e = FastMath.exp(-Math.abs(z));
    return z >= 0 ? 1 / (1 + e) : e / (1 + e);
  }
}
