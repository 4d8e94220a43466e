package weft.nn;

import weft.nn.compute.DoubleUpdater;
import weft.nn.compute.FloatUpdater;

/**
 * How gradients change parameters: an immutable description; choose one with {@link Optimizers}.
 */
public abstract sealed class Optimizer permits Sgd {
  /** The learning rate η, above 0. */
  public abstract double rate();

  /** The memory this optimiser keeps for one replica of so many parameters, at its beginning. */
  abstract FloatUpdater floatUpdater(int parameters);

  /** Likewise in double precision. */
  abstract DoubleUpdater doubleUpdater(int parameters);

  /** What it writes on paper; by how much parameters changed, where it has no more to write. */
  OptimizerExplanation explanation() {
    return OptimizerExplanation.VALUES;
  }

  /** What a reader may try when the loss leaves the numbers a computer can hold. */
  abstract String calmer();
}
