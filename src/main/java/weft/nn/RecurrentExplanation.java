package weft.nn;

import java.util.List;

/**
 * hₜ = tanh(W·xₜ + U·hₜ₋₁ + b). Its gradients, sums over all later steps, are stated as values.
 *
 * @param ins numbers of a step that comes in
 * @param neurons numbers of a step that leaves
 */
record RecurrentExplanation(int ins, int neurons) implements LayerExplanation {
  @Override
  public List<Line> output(LayerView at, int index) {
    var recurrence = new Recurrence(neurons, ins, neurons);
    int step = index / neurons;
    int row = index % neurons;
    double sum = recurrence.value(at, step, row);
    return List.of(
        Equation.broken(
            at.part("z", index),
            recurrence.symbols(at, step, row),
            recurrence.numbers(at, step, row),
            sum),
        Equation.of(
            at.out(index),
            at.outputs()[index],
            Term.call("tanh", at.part("z", index)),
            Term.call("tanh", Term.of(sum))));
  }
}
