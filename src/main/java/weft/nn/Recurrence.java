package weft.nn;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The sums of a recurrent layer's neurons: W·xₜ + U·hₜ₋₁ + b, h before the first step 0.
 * Parameters: W ({@code [rows][ins]}), U ({@code [rows][neurons]}), b; a row per neuron, or per
 * gate and neuron.
 *
 * @param rows of the matrices
 * @param ins numbers of a step that comes in
 * @param neurons numbers of a step that leaves
 */
record Recurrence(int rows, int ins, int neurons) {
  int weight(int row, int from) {
    return row * ins + from;
  }

  int recurrent(int row, int from) {
    return rows * ins + row * neurons + from;
  }

  int bias(int row) {
    return rows * (ins + neurons) + row;
  }

  /** The rows to write out, by neuron and then gate; -1 for dots. */
  int[] shownRows() {
    return Arrays.stream(Explanation.shown(neurons))
        .flatMap(
            neuron ->
                neuron < 0
                    ? IntStream.of(-1)
                    : IntStream.range(0, rows / neurons).map(gate -> gate * neurons + neuron))
        .toArray();
  }

  double value(LayerView at, int step, int row) {
    double sum = at.parameter(bias(row));
    for (int i = 0; i < ins; i++) {
      sum += at.inputs()[step * ins + i] * at.parameter(weight(row, i));
    }
    for (int k = 0; step > 0 && k < neurons; k++) {
      sum += at.outputs()[(step - 1) * neurons + k] * at.parameter(recurrent(row, k));
    }
    return sum;
  }

  Term symbols(LayerView at, int step, int row) {
    Term bias = at.weight(bias(row));
    return step == 0
        ? inputs(at, step, row).symbols(bias)
        : Term.sum(inputs(at, step, row).symbols(), before(at, step, row).symbols(bias));
  }

  Term numbers(LayerView at, int step, int row) {
    Term bias = Term.factor(at.parameter(bias(row)));
    return step == 0
        ? inputs(at, step, row).numbers(bias)
        : Term.sum(inputs(at, step, row).numbers(), before(at, step, row).numbers(bias));
  }

  private Products inputs(LayerView at, int step, int row) {
    var products = new Products();
    for (int i = 0; i < ins; i++) {
      int in = step * ins + i;
      int weight = weight(row, i);
      products.add(at.in(in), at.weight(weight), at.inputs()[in], at.parameter(weight));
    }
    return products;
  }

  private Products before(LayerView at, int step, int row) {
    var products = new Products();
    for (int k = 0; k < neurons; k++) {
      int out = (step - 1) * neurons + k;
      int weight = recurrent(row, k);
      products.add(at.out(out), at.weight(weight), at.outputs()[out], at.parameter(weight));
    }
    return products;
  }
}
