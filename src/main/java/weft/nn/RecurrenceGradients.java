package weft.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * What follows from dL/dz of every step and row of a {@link Recurrence}: the gradients of its
 * inputs, of its outputs one step before, and of its weights, each a sum over the steps or rows
 * that used it.
 */
final class RecurrenceGradients {
  private final Recurrence shape;
  private final LayerView at;
  private final double[][] ofSums;
  private final SumNames names;

  /** What the sum of a step and row is called. */
  interface SumNames {
    String name(int step, int row);
  }

  /**
   * @param ofSums dL/dz by step and row
   */
  RecurrenceGradients(Recurrence shape, LayerView at, double[][] ofSums, SumNames names) {
    this.shape = shape;
    this.at = at;
    this.ofSums = ofSums;
    this.names = names;
  }

  private Term symbol(int step, int row) {
    return Term.gradient(names.name(step, row));
  }

  /** dL/doutput: what comes back from the next step, and what the layer after this one gave. */
  Line ofOutput(Term left, int step, int neuron, double value) {
    int index = step * shape.neurons() + neuron;
    Term symbol = Term.gradient(at.outName(index));
    double given = at.outputGradients()[index];
    if (step == ofSums.length - 1) {
      return Equation.of(left, value, symbol);
    }
    var products = new Products();
    for (int row = 0; row < shape.rows(); row++) {
      int weight = shape.recurrent(row, neuron);
      products.add(
          symbol(step + 1, row), at.weight(weight), ofSums[step + 1][row], at.parameter(weight));
    }
    return Equation.broken(
        left, products.symbols(symbol), products.numbers(Term.factor(given)), value);
  }

  /** dL/dinput: the sum over the rows that the input feeds. */
  Line ofInput(int index) {
    int step = index / shape.ins();
    var products = new Products();
    for (int row = 0; row < shape.rows(); row++) {
      int weight = shape.weight(row, index % shape.ins());
      products.add(symbol(step, row), at.weight(weight), ofSums[step][row], at.parameter(weight));
    }
    return products.make(at.inGradient(index), at.inputGradients()[index]);
  }

  /** dL/dparameter: sums over the steps, which share all weights. */
  List<Line> ofParameters() {
    var lines = new ArrayList<Line>();
    for (int row : shape.shownRows()) {
      if (row < 0) {
        lines.add(Remark.DOTS);
        continue;
      }
      for (int from : Explanation.shown(shape.ins())) {
        lines.add(from < 0 ? Remark.DOTS : ofWeight(row, from));
      }
      for (int from : Explanation.shown(shape.neurons())) {
        lines.add(from < 0 ? Remark.DOTS : ofRecurrentWeight(row, from));
      }
      lines.add(ofBias(row));
    }
    return lines;
  }

  private Line ofWeight(int row, int from) {
    var products = new Products();
    for (int step = 0; step < ofSums.length; step++) {
      int in = step * shape.ins() + from;
      products.add(symbol(step, row), at.in(in), ofSums[step][row], at.inputs()[in]);
    }
    int weight = shape.weight(row, from);
    return products.make(at.weightGradient(weight), at.parameterGradient(weight));
  }

  /** Of the steps after the first, since nothing was put out before it. */
  private Line ofRecurrentWeight(int row, int from) {
    var products = new Products();
    for (int step = 1; step < ofSums.length; step++) {
      int out = (step - 1) * shape.neurons() + from;
      products.add(symbol(step, row), at.out(out), ofSums[step][row], at.outputs()[out]);
    }
    int weight = shape.recurrent(row, from);
    return products.make(at.weightGradient(weight), at.parameterGradient(weight));
  }

  private Line ofBias(int row) {
    int bias = shape.bias(row);
    return Equation.of(
        at.weightGradient(bias),
        at.parameterGradient(bias),
        Term.sum(ofSums.length, step -> symbol(step, row)),
        Term.sum(
            ofSums.length,
            step -> step == 0 ? Term.of(ofSums[0][row]) : Term.factor(ofSums[step][row])));
  }
}
