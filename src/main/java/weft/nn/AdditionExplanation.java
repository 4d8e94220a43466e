package weft.nn;

import java.util.List;

/**
 * Something added to each number: a learned one, as positions are, or what a residual block's inner
 * layers made of the input, of which the sum alone is known here.
 *
 * @param learned whether parameter {@code i} is added to number {@code i}
 */
record AdditionExplanation(boolean learned) implements LayerExplanation {
  @Override
  public List<Line> output(LayerView at, int index) {
    double in = at.inputs()[index];
    double out = at.outputs()[index];
    double added = learned ? at.parameter(index) : out - in;
    Term symbol = learned ? at.weight(index) : Term.words("what the inner layers give");
    return List.of(
        Equation.of(
            at.out(index),
            out,
            Term.sum(at.in(index), symbol),
            Term.sum(Term.of(in), Term.factor(added))));
  }
}
