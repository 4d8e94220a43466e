package weft.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * What a layer writes on paper, given every number of a sample's pass: a function of arrays and
 * shapes, without a state of its own. The defaults state values and say where they come from.
 */
interface LayerExplanation {
  /** For layers that have nothing of their own to write: their outputs and gradients as values. */
  LayerExplanation VALUES = new LayerExplanation() {};

  /** What stands before the first output. */
  default List<Line> introduction(LayerView at) {
    return List.of(
        new Remark("%s, from %s to %s:".formatted(at.name(), at.shapeIn(), at.shapeOut())));
  }

  /** How output {@code index} is computed. */
  default List<Line> output(LayerView at, int index) {
    return List.of(Equation.of(at.out(index), at.outputs()[index]));
  }

  /** How dL/dinput {@code index} follows from the gradients of the outputs. */
  default Line inputGradient(LayerView at, int index) {
    return Equation.of(at.inGradient(index), at.inputGradients()[index]);
  }

  /**
   * What follows from dL/doutput {@code index} alone: dL/dz, and the gradients of parameters that
   * no other output uses.
   *
   * @param ofSum whether the loss has given dL/dz already
   */
  default List<Line> ownGradient(LayerView at, int index, boolean ofSum) {
    return List.of();
  }

  /** The gradients of parameters that several outputs share; all of them as values by default. */
  default List<Line> sharedGradients(LayerView at) {
    var lines = new ArrayList<Line>();
    for (int p : Explanation.shown(at.parameters())) {
      lines.add(p < 0 ? Remark.DOTS : Equation.of(at.weightGradient(p), at.parameterGradient(p)));
    }
    return lines;
  }
}
