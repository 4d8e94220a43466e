package weft.nn;

import java.util.List;

/** A learned number added to each number, as positions are: parameter {@code i} to input i. */
enum AdditionExplanation implements LayerExplanation {
  /** The only one. */
  INSTANCE;

  @Override
  public List<Line> output(LayerView at, int index) {
    return List.of(
        Equation.of(
            at.out(index),
            at.outputs()[index],
            Term.sum(at.in(index), at.weight(index)),
            Term.sum(Term.of(at.inputs()[index]), Term.factor(at.parameter(index)))));
  }

  /** A sum hands its gradient on to each of its terms. */
  @Override
  public Line inputGradient(LayerView at, int index) {
    return Equation.of(
        at.inGradient(index), at.inputGradients()[index], Term.gradient(at.outName(index)));
  }

  @Override
  public List<Line> ownGradient(LayerView at, int index, boolean ofSum) {
    return List.of(
        Equation.of(
            at.weightGradient(index),
            at.parameterGradient(index),
            Term.gradient(at.outName(index))));
  }
}
