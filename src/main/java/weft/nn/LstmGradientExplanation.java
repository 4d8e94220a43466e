package weft.nn;

import static weft.nn.LstmNumbers.F;
import static weft.nn.LstmNumbers.G;
import static weft.nn.LstmNumbers.I;
import static weft.nn.LstmNumbers.O;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.util.FastMath;

/**
 * The chain rule through an LSTM, from the last step to the first: an output's gradient and a
 * cell's are what the layer after gave and what the next step adds.
 */
final class LstmGradientExplanation {
  private final LayerView at;
  private final LstmNumbers numbers;
  private final int neurons;
  private final RecurrenceGradients recurrence;

  LstmGradientExplanation(LayerView at, Recurrence shape, LstmNumbers numbers) {
    this.at = at;
    this.numbers = numbers;
    neurons = shape.neurons();
    recurrence =
        new RecurrenceGradients(
            shape,
            at,
            numbers.ofSums(),
            (step, row) ->
                LstmExplanation.sumName(at, row / neurons, step * neurons + row % neurons));
  }

  RecurrenceGradients recurrence() {
    return recurrence;
  }

  List<Line> lines() {
    var lines = new ArrayList<Line>();
    int steps = numbers.ofSums().length;
    for (int back : Explanation.shown(steps)) {
      for (int k : Explanation.shown(back < 0 ? 0 : neurons)) {
        if (k < 0) {
          lines.add(Remark.DOTS);
        } else {
          ofStep(steps - 1 - back, k, lines);
        }
      }
      if (back < 0) {
        lines.add(Remark.DOTS);
      }
    }
    lines.addAll(recurrence.ofParameters());
    return lines;
  }

  private void ofStep(int step, int k, List<Line> lines) {
    int index = step * neurons + k;
    Term ofOutput = Term.gradient(at.partName("h", at.shapeOut().place(index)));
    lines.add(recurrence.ofOutput(ofOutput, step, k, numbers.ofOutput(step, k)));
    lines.add(ofCell(ofOutput, step, k));
    for (int gate = I; gate <= O; gate++) {
      lines.add(ofSum(gate, ofOutput, step, k));
    }
  }

  private String cellName(int step, int k) {
    return at.partName("c", at.shapeOut().place(step * neurons + k));
  }

  private Term gate(int gate, int step, int k) {
    return Term.of(LstmExplanation.gateName(at, gate, step * neurons + k));
  }

  private Line ofCell(Term ofOutput, int step, int k) {
    String cell = cellName(step, k);
    double tanh = FastMath.tanh(numbers.cell(step, k));
    Term symbols = ofOutput.times(gate(O, step, k)).times(Term.slope("tanh", Term.of(cell)));
    Term values =
        Term.factor(numbers.ofOutput(step, k))
            .times(Term.of(numbers.gate(O, step, k)))
            .times(Term.of(1 - tanh * tanh));
    if (step < numbers.ofSums().length - 1) {
      symbols =
          Term.sum(
              symbols.group(),
              Term.gradient(cellName(step + 1, k)).times(gate(F, step + 1, k)).group());
      values =
          Term.sum(
              values.group(),
              Term.factor(numbers.ofCell(step + 1, k))
                  .times(Term.of(numbers.gate(F, step + 1, k)))
                  .group());
    }
    return Equation.of(Term.gradient(cell), numbers.ofCell(step, k), symbols, values);
  }

  /** dL/dz of a gate: what it is multiplied with, times its slope. */
  private Line ofSum(int gate, Term ofOutput, int step, int k) {
    Term ofCell = Term.gradient(cellName(step, k));
    Term cell = Term.factor(numbers.ofCell(step, k));
    String sum = LstmExplanation.sumName(at, gate, step * neurons + k);
    Term symbols;
    Term values;
    if (gate == O) {
      symbols = ofOutput.times(Term.call("tanh", Term.of(cellName(step, k))));
      values =
          Term.factor(numbers.ofOutput(step, k))
              .times(Term.factor(FastMath.tanh(numbers.cell(step, k))));
    } else if (gate == F) {
      boolean first = step == 0;
      symbols = ofCell.times(first ? Term.of(0) : Term.of(cellName(step - 1, k)));
      values = cell.times(Term.factor(numbers.cell(step - 1, k)));
    } else {
      int other = gate == I ? G : I;
      symbols = ofCell.times(gate(other, step, k));
      values = cell.times(Term.factor(numbers.gate(other, step, k)));
    }
    double slope = numbers.slope(gate, step, k);
    return Equation.of(
        Term.gradient(sum),
        numbers.ofSums()[step][gate * neurons + k],
        symbols.times(Term.slope(LstmExplanation.function(gate), Term.of(sum))),
        values.times(Term.of(slope)));
  }
}
