package weft.nn;

import java.util.List;
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

  /** The rule by which a parameter w changes, in symbols; none where it needs more than a line. */
  List<Line> explainRule() {
    return List.of();
  }

  /**
   * The first step of one parameter in numbers, with all memory at its beginning. Where an
   * optimiser says no more, by how much the parameter changed.
   */
  List<Line> explainUpdate(String name, double old, double gradient, double next) {
    return List.of(Equation.of(Term.of(name), next, Term.of(old).minus(Term.factor(old - next))));
  }

  /** What a reader may try when the loss leaves the numbers a computer can hold. */
  abstract String calmer();
}
