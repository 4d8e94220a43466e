package weft.nn;

import java.util.ArrayList;
import java.util.List;

/**
 * hₜ = tanh(W·xₜ + U·hₜ₋₁ + b). Backward, from the last step to the first, an output's gradient is
 * what the layer after it gave and what the next step adds.
 *
 * @param ins numbers of a step that comes in
 * @param neurons numbers of a step that leaves
 */
record RecurrentExplanation(int ins, int neurons) implements LayerExplanation {
  private Recurrence recurrence() {
    return new Recurrence(neurons, ins, neurons);
  }

  @Override
  public List<Line> output(LayerView at, int index) {
    int step = index / neurons;
    int row = index % neurons;
    double sum = recurrence().value(at, step, row);
    return List.of(
        Equation.broken(
            at.part("z", index),
            recurrence().symbols(at, step, row),
            recurrence().numbers(at, step, row),
            sum),
        Equation.of(
            at.out(index),
            at.outputs()[index],
            Term.call("tanh", at.part("z", index)),
            Term.call("tanh", Term.of(sum))));
  }

  private static double slope(LayerView at, int index) {
    double out = at.outputs()[index];
    return 1 - out * out;
  }

  /** dL/dh by step and neuron, the next step's part in it. */
  private double[][] ofOutputs(LayerView at) {
    int steps = at.outputs().length / neurons;
    double[][] gradients = new double[steps][neurons];
    for (int step = steps - 1; step >= 0; step--) {
      for (int k = 0; k < neurons; k++) {
        gradients[step][k] = at.outputGradients()[step * neurons + k];
        for (int row = 0; step < steps - 1 && row < neurons; row++) {
          double ofSum = gradients[step + 1][row] * slope(at, (step + 1) * neurons + row);
          gradients[step][k] += ofSum * at.parameter(recurrence().recurrent(row, k));
        }
      }
    }
    return gradients;
  }

  private RecurrenceGradients gradients(LayerView at, double[][] ofOutputs) {
    double[][] ofSums = new double[ofOutputs.length][neurons];
    for (int step = 0; step < ofSums.length; step++) {
      for (int k = 0; k < neurons; k++) {
        ofSums[step][k] = ofOutputs[step][k] * slope(at, step * neurons + k);
      }
    }
    return new RecurrenceGradients(
        recurrence(),
        at,
        ofSums,
        (step, row) -> at.partName("z", at.shapeOut().place(step * neurons + row)));
  }

  @Override
  public Line inputGradient(LayerView at, int index) {
    return gradients(at, ofOutputs(at)).ofInput(index);
  }

  @Override
  public List<Line> sharedGradients(LayerView at) {
    double[][] ofOutputs = ofOutputs(at);
    var gradients = gradients(at, ofOutputs);
    var lines = new ArrayList<Line>();
    for (int back : Explanation.shown(ofOutputs.length)) {
      int step = ofOutputs.length - 1 - back;
      for (int k : Explanation.shown(back < 0 ? 0 : neurons)) {
        lines.addAll(
            k < 0 ? List.of(Remark.DOTS) : ofStep(at, gradients, step, k, ofOutputs[step][k]));
      }
      if (back < 0) {
        lines.add(Remark.DOTS);
      }
    }
    lines.addAll(gradients.ofParameters());
    return lines;
  }

  private List<Line> ofStep(
      LayerView at, RecurrenceGradients gradients, int step, int k, double ofOutput) {
    int index = step * neurons + k;
    String place = at.shapeOut().place(index);
    String out = at.partName("h", place);
    String sum = at.partName("z", place);
    double slope = slope(at, index);
    return List.of(
        gradients.ofOutput(Term.gradient(out), step, k, ofOutput),
        Equation.of(
            Term.gradient(sum),
            ofOutput * slope,
            Term.gradient(out).times(Term.slope("tanh", Term.of(sum))),
            Term.factor(ofOutput).times(Term.factor(slope))));
  }
}
