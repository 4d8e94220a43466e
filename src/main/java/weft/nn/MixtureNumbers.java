package weft.nn;

import java.util.Arrays;
import org.apache.commons.math3.util.FastMath;
import weft.nn.compute.DoubleActivations;

/**
 * Every number inside a mixture of experts in one sample's pass, step by step. Of experts, those
 * that a step goes to are known by their place among these, the one with the largest score first.
 */
final class MixtureNumbers {
  private final Mixture layer;
  private final LayerView at;
  private final int ins;
  private final int width;
  private final int active;

  /** {@code [step][expert]}. */
  private final double[][] scores;

  /** {@code [step][place]}. */
  private final int[][] chosen;

  private final double[][] gates;

  /** {@code [step][place][neuron]}. */
  private final double[][][] sums;

  private final double[][][] hidden;
  private final double[][][] made;
  private final double[][] ofGates;
  private final double[][] ofScores;
  private final double[][][] ofMade;
  private final double[][][] ofHidden;
  private final double[][][] ofSums;

  MixtureNumbers(Mixture layer, LayerView at) {
    this.layer = layer;
    this.at = at;
    ins = layer.in().width();
    width = layer.width();
    active = layer.active();
    int steps = layer.in().positions();
    scores = new double[steps][layer.experts()];
    chosen = new int[steps][active];
    gates = new double[steps][active];
    sums = new double[steps][active][width];
    hidden = new double[steps][active][width];
    made = new double[steps][active][ins];
    ofGates = new double[steps][active];
    ofScores = new double[steps][active];
    ofMade = new double[steps][active][ins];
    ofHidden = new double[steps][active][width];
    ofSums = new double[steps][active][width];
    for (int t = 0; t < steps; t++) {
      choose(t);
      for (int j = 0; j < active; j++) {
        forward(t, j);
      }
      if (at.hasGradient()) {
        backward(t);
      }
    }
  }

  int router(int expert, int from) {
    return expert * ins + from;
  }

  private int first(int expert) {
    return layer.ofRouter() + expert * layer.ofExpert();
  }

  int weight(int expert, int to, int from) {
    return first(expert) + to * ins + from;
  }

  int bias(int expert, int to) {
    return weight(expert, width, 0) + to;
  }

  int outWeight(int expert, int to, int from) {
    return bias(expert, width) + to * width + from;
  }

  int outBias(int expert, int to) {
    return outWeight(expert, ins, 0) + to;
  }

  private void choose(int t) {
    for (int e = 0; e < layer.experts(); e++) {
      for (int i = 0; i < ins; i++) {
        scores[t][e] += at.inputs()[t * ins + i] * at.parameter(router(e, i));
      }
    }
    double[] rest = scores[t].clone();
    double total = 0;
    for (int j = 0; j < active; j++) {
      int best = 0;
      for (int e = 1; e < rest.length; e++) {
        best = rest[e] > rest[best] ? e : best;
      }
      rest[best] = Double.NEGATIVE_INFINITY;
      chosen[t][j] = best;
      gates[t][j] = FastMath.exp(scores[t][best] - scores[t][chosen[t][0]]);
      total += gates[t][j];
    }
    for (int j = 0; j < active; j++) {
      gates[t][j] /= total;
    }
  }

  private void forward(int t, int j) {
    int e = chosen[t][j];
    for (int n = 0; n < width; n++) {
      double sum = at.parameter(bias(e, n));
      for (int i = 0; i < ins; i++) {
        sum += at.inputs()[t * ins + i] * at.parameter(weight(e, n, i));
      }
      sums[t][j][n] = sum;
    }
    var function = layer.activation().function();
    DoubleActivations.forward(function, sums[t][j], hidden[t][j], 0, width, width);
    for (int o = 0; o < ins; o++) {
      double sum = at.parameter(outBias(e, o));
      for (int n = 0; n < width; n++) {
        sum += hidden[t][j][n] * at.parameter(outWeight(e, o, n));
      }
      made[t][j][o] = sum;
    }
  }

  private void backward(int t) {
    double mean = 0;
    for (int j = 0; j < active; j++) {
      for (int o = 0; o < ins; o++) {
        double gradient = at.outputGradients()[t * ins + o];
        ofGates[t][j] += gradient * made[t][j][o];
        ofMade[t][j][o] = gates[t][j] * gradient;
      }
      mean += gates[t][j] * ofGates[t][j];
    }
    for (int j = 0; j < active; j++) {
      ofScores[t][j] = gates[t][j] * (ofGates[t][j] - mean);
      for (int n = 0; n < width; n++) {
        for (int o = 0; o < ins; o++) {
          ofHidden[t][j][n] += ofMade[t][j][o] * at.parameter(outWeight(chosen[t][j], o, n));
        }
      }
      ofSums[t][j] = Arrays.copyOf(ofHidden[t][j], width);
      var function = layer.activation().function();
      DoubleActivations.backward(function, sums[t][j], hidden[t][j], ofSums[t][j], 0, width, width);
    }
  }

  double score(int t, int expert) {
    return scores[t][expert];
  }

  /** Where among the experts of a step an expert is; -1 if the step does not go to it. */
  int place(int t, int expert) {
    for (int j = 0; j < active; j++) {
      if (chosen[t][j] == expert) {
        return j;
      }
    }
    return -1;
  }

  int expert(int t, int j) {
    return chosen[t][j];
  }

  double gate(int t, int j) {
    return gates[t][j];
  }

  double[] sums(int t, int j) {
    return sums[t][j];
  }

  double[] hidden(int t, int j) {
    return hidden[t][j];
  }

  double made(int t, int j, int o) {
    return made[t][j][o];
  }

  double ofGate(int t, int j) {
    return ofGates[t][j];
  }

  double ofScore(int t, int j) {
    return ofScores[t][j];
  }

  double ofMade(int t, int j, int o) {
    return ofMade[t][j][o];
  }

  double[] ofHidden(int t, int j) {
    return ofHidden[t][j];
  }

  double ofSum(int t, int j, int n) {
    return ofSums[t][j][n];
  }
}
