package weft.nn;

import java.util.List;

/**
 * Numbers handed on as they are: to another arrangement, or by dropout, which drops in training
 * only.
 */
enum PassingExplanation implements LayerExplanation {
  /** The only one. */
  INSTANCE;

  @Override
  public List<Line> output(LayerView at, int index) {
    return List.of(Equation.of(at.out(index), at.outputs()[index], at.in(index)));
  }

  @Override
  public Line inputGradient(LayerView at, int index) {
    return Equation.of(
        at.inGradient(index), at.inputGradients()[index], Term.gradient(at.outName(index)));
  }
}
