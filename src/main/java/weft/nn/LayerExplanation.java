package weft.nn;

import java.util.List;

/**
 * What a layer writes on paper, given every number of a sample's pass: a function of arrays and
 * shapes, without a state of its own.
 */
interface LayerExplanation {
  /** What stands before the first output. */
  default List<Line> introduction(LayerView at) {
    return List.of(
        new Remark("%s, from %s to %s:".formatted(at.name(), at.shapeIn(), at.shapeOut())));
  }

  /** How output {@code index} is computed. */
  List<Line> output(LayerView at, int index);

  /** How dL/dinput {@code index} follows from the gradients of the outputs. */
  Line inputGradient(LayerView at, int index);

  /**
   * What follows from dL/doutput {@code index} alone: dL/dz, and the gradients of parameters that
   * no other output uses.
   *
   * @param ofSum whether the loss has given dL/dz already
   */
  default List<Line> ownGradient(LayerView at, int index, boolean ofSum) {
    return List.of();
  }

  /** The gradients of what several outputs share: parameters, and numbers inside the layer. */
  default List<Line> sharedGradients(LayerView at) {
    return List.of();
  }
}
