package weft.nn;

import static weft.nn.LstmNumbers.F;
import static weft.nn.LstmNumbers.G;
import static weft.nn.LstmNumbers.I;
import static weft.nn.LstmNumbers.O;

import java.util.ArrayList;
import java.util.List;

/**
 * The gates i, f and o, the candidate g, the cell c = f·c + i·g and the output h = o·tanh(c) of
 * each step; c and h before the first step are 0.
 *
 * @param ins numbers of a step that comes in
 * @param neurons numbers of a step that leaves
 */
record LstmExplanation(int ins, int neurons) implements LayerExplanation {
  private static final List<String> GATES = List.of("i", "f", "g", "o");

  private Recurrence recurrence() {
    return new Recurrence(4 * neurons, ins, neurons);
  }

  static String function(int gate) {
    return gate == G ? "tanh" : "sigmoid";
  }

  /** A gate of a step and neuron: {@code f1[0,2]}. */
  static String gateName(LayerView at, int gate, int index) {
    return at.partName(GATES.get(gate), at.shapeOut().place(index));
  }

  /** The sum that a gate is made of: {@code z1[f,0,2]}. */
  static String sumName(LayerView at, int gate, int index) {
    return at.partName("z", "[" + GATES.get(gate) + "," + at.shapeOut().place(index).substring(1));
  }

  @Override
  public List<Line> output(LayerView at, int index) {
    var numbers = LstmNumbers.forward(recurrence(), at);
    var lines = new ArrayList<Line>();
    int step = index / neurons;
    int neuron = index % neurons;
    for (int gate = I; gate <= O; gate++) {
      Term sum = Term.of(sumName(at, gate, index));
      int row = gate * neurons + neuron;
      double z = numbers.sum(gate, step, neuron);
      lines.add(
          Equation.broken(
              sum, recurrence().symbols(at, step, row), recurrence().numbers(at, step, row), z));
      lines.add(
          Equation.of(
              Term.of(gateName(at, gate, index)),
              numbers.gate(gate, step, neuron),
              Term.call(function(gate), sum),
              Term.call(function(gate), Term.of(z))));
    }
    lines.add(cellLine(at, numbers, index));
    lines.add(
        Equation.of(
            at.out(index),
            at.outputs()[index],
            at.part("o", index).times(Term.call("tanh", at.part("c", index))),
            Term.of(numbers.gate(O, step, neuron))
                .times(Term.call("tanh", Term.of(numbers.cell(step, neuron))))));
    return lines;
  }

  private Line cellLine(LayerView at, LstmNumbers numbers, int index) {
    int step = index / neurons;
    int neuron = index % neurons;
    var products = new Products();
    if (step > 0) {
      products.add(
          at.part("f", index),
          at.part("c", index - neurons),
          numbers.gate(F, step, neuron),
          numbers.cell(step - 1, neuron));
    }
    products.add(
        at.part("i", index),
        at.part("g", index),
        numbers.gate(I, step, neuron),
        numbers.gate(G, step, neuron));
    return products.make(at.part("c", index), numbers.cell(step, neuron));
  }

  private LstmGradientExplanation gradients(LayerView at) {
    return new LstmGradientExplanation(at, recurrence(), LstmNumbers.backward(recurrence(), at));
  }

  @Override
  public Line inputGradient(LayerView at, int index) {
    return gradients(at).recurrence().ofInput(index);
  }

  @Override
  public List<Line> sharedGradients(LayerView at) {
    return gradients(at).lines();
  }
}
