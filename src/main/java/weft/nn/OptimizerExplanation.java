package weft.nn;

import java.util.List;

/** What an optimiser writes on paper about its first step, when it remembers nothing yet. */
interface OptimizerExplanation {
  /** For optimisers that write no more than by how much each parameter changed. */
  OptimizerExplanation VALUES = new OptimizerExplanation() {};

  /** How a parameter w changes, in symbols. */
  default List<Line> rule() {
    return List.of();
  }

  /**
   * The first step of one parameter in numbers.
   *
   * @param gradient as the rule applies it: clipped, if the optimiser clips
   */
  default List<Line> update(String name, double old, double gradient, double next) {
    return List.of(Equation.of(Term.of(name), next, Term.of(old).minus(Term.factor(old - next))));
  }
}
