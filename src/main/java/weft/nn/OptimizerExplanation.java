package weft.nn;

import java.util.List;

/** What an optimiser writes on paper about its first step, when it remembers nothing yet. */
interface OptimizerExplanation {
  /** How a parameter w changes, in symbols. */
  List<Line> rule();

  /**
   * The first step of one tensor's parameters in numbers.
   *
   * @param shown their places in it; -1 for those that are left out
   */
  List<Line> updates(TensorUpdate at, int[] shown);
}
