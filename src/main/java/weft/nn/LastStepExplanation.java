package weft.nn;

import java.util.List;

/**
 * The numbers of the last step handed on; the others change nothing.
 *
 * @param first where the last step begins
 */
record LastStepExplanation(int first) implements LayerExplanation {
  @Override
  public List<Line> output(LayerView at, int index) {
    return List.of(Equation.of(at.out(index), at.outputs()[index], at.in(first + index)));
  }

  @Override
  public Line inputGradient(LayerView at, int index) {
    Term left = at.inGradient(index);
    return index < first
        ? Equation.of(left, 0)
        : Equation.of(left, at.inputGradients()[index], Term.gradient(at.outName(index - first)));
  }
}
