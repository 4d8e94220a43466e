package weft.nn;

/**
 * How gradients change parameters: an immutable description; choose one with {@link Optimizers}.
 */
public abstract sealed class Optimizer permits Sgd {
  /** The memory this optimiser keeps for one replica of {@code parameters}, at its beginning. */
  abstract State begin(Precision precision, int parameters);

  /** What a reader may try when the loss leaves the numbers a computer can hold. */
  abstract String calmer();

  /** An optimiser at work on one replica. */
  interface State {
    void step(Tensor parameters, Tensor gradient);
  }
}
