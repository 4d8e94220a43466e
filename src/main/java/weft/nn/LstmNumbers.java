package weft.nn;

import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.util.FastMath;

/**
 * Every number inside an LSTM of one sample's pass, by step and neuron, or by step and row: gate
 * times neurons plus neuron, gates in PyTorch's order i, f, g, o.
 */
final class LstmNumbers {
  /** The gates, in order: input, forget, candidate, output. */
  static final int I = 0;

  static final int F = 1;
  static final int G = 2;
  static final int O = 3;

  private final int neurons;
  private final int steps;
  private final double[][] sums;
  private final double[][] cells;
  private double[][] ofOutputs = {};
  private double[][] ofCells = {};
  private double[][] ofSums = {};

  private LstmNumbers(Recurrence recurrence, LayerView at) {
    neurons = recurrence.neurons();
    steps = at.outputs().length / neurons;
    sums = new double[steps][4 * neurons];
    cells = new double[steps][neurons];
    for (int t = 0; t < steps; t++) {
      for (int row = 0; row < 4 * neurons; row++) {
        sums[t][row] = recurrence.value(at, t, row);
      }
      for (int k = 0; k < neurons; k++) {
        cells[t][k] = gate(F, t, k) * cell(t - 1, k) + gate(I, t, k) * gate(G, t, k);
      }
    }
  }

  /** Of the forward pass. */
  static LstmNumbers forward(Recurrence recurrence, LayerView at) {
    return new LstmNumbers(recurrence, at);
  }

  /** Likewise with the gradients. */
  static LstmNumbers backward(Recurrence recurrence, LayerView at) {
    var numbers = new LstmNumbers(recurrence, at);
    numbers.backwards(recurrence, at);
    return numbers;
  }

  private void backwards(Recurrence recurrence, LayerView at) {
    ofOutputs = new double[steps][neurons];
    ofCells = new double[steps][neurons];
    ofSums = new double[steps][4 * neurons];
    for (int t = steps - 1; t >= 0; t--) {
      for (int k = 0; k < neurons; k++) {
        double ofOutput = at.outputGradients()[t * neurons + k];
        for (int row = 0; t < steps - 1 && row < 4 * neurons; row++) {
          ofOutput += ofSums[t + 1][row] * at.parameter(recurrence.recurrent(row, k));
        }
        double later = t < steps - 1 ? ofCells[t + 1][k] * gate(F, t + 1, k) : 0;
        double cell = FastMath.tanh(cells[t][k]);
        double ofCell = ofOutput * gate(O, t, k) * (1 - cell * cell) + later;
        ofOutputs[t][k] = ofOutput;
        ofCells[t][k] = ofCell;
        ofSums[t][I * neurons + k] = ofCell * gate(G, t, k) * slope(I, t, k);
        ofSums[t][F * neurons + k] = ofCell * cell(t - 1, k) * slope(F, t, k);
        ofSums[t][G * neurons + k] = ofCell * gate(I, t, k) * slope(G, t, k);
        ofSums[t][O * neurons + k] = ofOutput * cell * slope(O, t, k);
      }
    }
  }

  private static DoubleUnaryOperator function(int gate) {
    return gate == G ? FastMath::tanh : z -> 1 / (1 + FastMath.exp(-z));
  }

  double sum(int gate, int step, int neuron) {
    return sums[step][gate * neurons + neuron];
  }

  /** The candidate g too. */
  double gate(int gate, int step, int neuron) {
    return function(gate).applyAsDouble(sum(gate, step, neuron));
  }

  /** The derivative of a gate by its sum. */
  double slope(int gate, int step, int neuron) {
    double a = gate(gate, step, neuron);
    return gate == G ? 1 - a * a : a * (1 - a);
  }

  /** c; 0 before the first step. */
  double cell(int step, int neuron) {
    return step < 0 ? 0 : cells[step][neuron];
  }

  /** dL/dh, the next step's part in it. */
  double ofOutput(int step, int neuron) {
    return ofOutputs[step][neuron];
  }

  /** dL/dc, the next step's part in it. */
  double ofCell(int step, int neuron) {
    return ofCells[step][neuron];
  }

  /** dL/dz by step and row. */
  double[][] ofSums() {
    return ofSums;
  }
}
