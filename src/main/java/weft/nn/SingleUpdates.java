package weft.nn;

import java.util.ArrayList;
import java.util.List;

/** An optimiser that moves each parameter by its own gradient alone. */
interface SingleUpdates extends OptimizerExplanation {
  /**
   * The first step of one parameter in numbers.
   *
   * @param gradient as the rule applies it: clipped, if the optimiser clips
   */
  List<Line> update(String name, double old, double gradient, double next);

  @Override
  default List<Line> updates(TensorUpdate at, int[] shown) {
    var lines = new ArrayList<Line>();
    for (int i : shown) {
      lines.addAll(
          i < 0 ? List.of(at.others()) : update(at.name(i), at.old(i), at.gradient(i), at.next(i)));
    }
    return lines;
  }
}
