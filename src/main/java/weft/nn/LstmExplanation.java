package weft.nn;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.util.FastMath;

/**
 * The gates i, f and o, the candidate g, the cell c = f·c + i·g and the output h = o·tanh(c) of
 * each step; c and h before the first step are 0. Gates in PyTorch's order i, f, g, o. Gradients,
 * sums over all later steps, are stated as values.
 *
 * @param ins numbers of a step that comes in
 * @param neurons numbers of a step that leaves
 */
record LstmExplanation(int ins, int neurons) implements LayerExplanation {
  private static final List<String> GATES = List.of("i", "f", "g", "o");

  private Recurrence recurrence() {
    return new Recurrence(4 * neurons, ins, neurons);
  }

  private double gate(LayerView at, int gate, int step, int neuron) {
    double sum = recurrence().value(at, step, gate * neurons + neuron);
    return gate == 2 ? FastMath.tanh(sum) : 1 / (1 + FastMath.exp(-sum));
  }

  private double cell(LayerView at, int step, int neuron) {
    double cell = 0;
    for (int t = 0; t <= step; t++) {
      cell = gate(at, 1, t, neuron) * cell + gate(at, 0, t, neuron) * gate(at, 2, t, neuron);
    }
    return cell;
  }

  @Override
  public List<Line> output(LayerView at, int index) {
    var lines = new ArrayList<Line>();
    int step = index / neurons;
    int neuron = index % neurons;
    for (int gate = 0; gate < 4; gate++) {
      String function = gate == 2 ? "tanh" : "sigmoid";
      int row = gate * neurons + neuron;
      lines.add(
          Equation.broken(
              at.part(GATES.get(gate), index),
              Term.call(function, recurrence().symbols(at, step, row)),
              Term.call(function, recurrence().numbers(at, step, row)),
              gate(at, gate, step, neuron)));
    }
    lines.add(cellLine(at, index));
    double cell = cell(at, step, neuron);
    lines.add(
        Equation.of(
            at.out(index),
            at.outputs()[index],
            at.part("o", index).times(Term.call("tanh", at.part("c", index))),
            Term.of(gate(at, 3, step, neuron)).times(Term.call("tanh", Term.of(cell)))));
    return lines;
  }

  private Line cellLine(LayerView at, int index) {
    int step = index / neurons;
    int neuron = index % neurons;
    var products = new Products();
    if (step > 0) {
      products.add(
          at.part("f", index),
          at.part("c", index - neurons),
          gate(at, 1, step, neuron),
          cell(at, step - 1, neuron));
    }
    products.add(
        at.part("i", index),
        at.part("g", index),
        gate(at, 0, step, neuron),
        gate(at, 2, step, neuron));
    return products.make(at.part("c", index), cell(at, step, neuron));
  }
}
