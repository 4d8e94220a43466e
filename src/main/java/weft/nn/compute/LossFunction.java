package weft.nn.compute;

/**
 * How far an output is from its target.
 *
 * @param kind which loss
 * @param delta where {@link Kind#HUBER} turns from a parabola into a line; 0 for all others
 */
public record LossFunction(Kind kind, double delta) {
  /** The losses; those with FROM_SUMS take z of the last layer and its gradient is dL/dz. */
  public enum Kind {
    SQUARED_ERROR,
    HALF_SQUARED_ERROR,
    ABSOLUTE_ERROR,
    HUBER,
    CROSS_ENTROPY_FROM_SUMS,
    BINARY_CROSS_ENTROPY_FROM_SUMS,
    /** Another worker's, which has the last layer. */
    ELSEWHERE
  }

  /** A loss without a parameter. */
  public static LossFunction of(Kind kind) {
    return new LossFunction(kind, 0);
  }
}
