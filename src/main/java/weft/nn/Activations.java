package weft.nn;

import weft.nn.compute.ActivationFunction;
import weft.nn.compute.ActivationFunction.Kind;
import weft.report.Digits;

/** The activation functions, meant to be imported statically. */
public final class Activations {
  private static final Activation RELU =
      new Pointwise("relu()", "ReLU", ActivationFunction.of(Kind.RELU), true);
  private static final Activation GELU =
      new Pointwise("gelu()", "GELU", ActivationFunction.of(Kind.GELU), true);
  private static final Activation SILU =
      new Pointwise("silu()", "SiLU", ActivationFunction.of(Kind.SILU), true);
  private static final Activation SIGMOID =
      new Pointwise("sigmoid()", "sigmoid", ActivationFunction.of(Kind.SIGMOID), false);
  private static final Activation TANH =
      new Pointwise("tanh()", "tanh", ActivationFunction.of(Kind.TANH), false);
  private static final Activation IDENTITY =
      new Pointwise("identity()", "identity", ActivationFunction.of(Kind.IDENTITY), false);
  private static final Activation SOFTMAX = new Softmax();

  private Activations() {}

  /** max(0, z). Its slope at 0 counts as 0: a neuron with z of 0 or less passes no gradient. */
  public static Activation relu() {
    return RELU;
  }

  /**
   * z below 0 is multiplied by a small slope instead of cut off, so that a neuron never stops
   * learning.
   *
   * @param slope at least 0 and below 1; 0.01 is usual
   * @throws IllegalArgumentException if it is outside that range
   */
  public static Activation leakyRelu(double slope) {
    if (!(slope >= 0 && slope < 1)) {
      throw new IllegalArgumentException(
          "the slope of leakyRelu(slope) is at least 0 and below 1, got %s: try leakyRelu(0.01)"
              .formatted(slope));
    }
    var function = new ActivationFunction(Kind.LEAKY_RELU, slope);
    return new Pointwise("leakyRelu(" + Digits.of(slope) + ")", "leaky ReLU", function, true);
  }

  /**
   * z·Φ(z), with Φ the cumulative normal distribution: a smooth ReLU, exact and not by its tanh
   * approximation.
   *
   * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel 2016</a>
   */
  public static Activation gelu() {
    return GELU;
  }

  /** z·sigmoid(z), also called swish. */
  public static Activation silu() {
    return SILU;
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
}
