package weft.nn.compute;

/**
 * What a neuron makes of its weighted sum.
 *
 * @param kind which function
 * @param slope that of {@link Kind#LEAKY_RELU} below 0; 0 for all others
 */
public record ActivationFunction(Kind kind, double slope) {
  /** The functions. */
  public enum Kind {
    IDENTITY,
    RELU,
    LEAKY_RELU,
    GELU,
    SILU,
    SIGMOID,
    TANH,
    SOFTMAX
  }

  /** A function without a parameter. */
  public static ActivationFunction of(Kind kind) {
    return new ActivationFunction(kind, 0);
  }

  /** Whether the derivative needs z itself, and not only the activation. */
  public boolean needsSums() {
    return kind == Kind.GELU || kind == Kind.SILU;
  }
}
