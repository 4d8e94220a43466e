package weft.nn;

import org.apache.commons.math3.util.FastMath;

/**
 * Every number inside self-attention of one sample's pass. Parameters: the matrix of queries, keys
 * and values ({@code [3·width][width]}) and its biases, then the mixing matrix ({@code
 * [width][width]}) and its biases.
 */
final class AttentionNumbers {
  private final LayerView at;
  private final int steps;
  private final int width;
  private final int size;
  private final boolean causal;

  /** q, k and v of a step: {@code [step][part·width + k]}. */
  private final double[][] projected;

  /** p: {@code [head][step][seen]}. */
  private final double[][][] shares;

  private final double[][] ofMade;
  private final double[][][] ofShares;
  private final double[][][] ofScores;
  private final double[][] ofProjected;

  private AttentionNumbers(AttentionExplanation shape, LayerView at) {
    this.at = at;
    steps = shape.steps();
    width = shape.width();
    size = width / shape.heads();
    causal = shape.causal();
    int heads = shape.heads();
    projected = new double[steps][3 * width];
    shares = new double[heads][steps][steps];
    ofMade = new double[steps][width];
    ofShares = new double[heads][steps][steps];
    ofScores = new double[heads][steps][steps];
    ofProjected = new double[steps][3 * width];
    forwards();
  }

  static AttentionNumbers forward(AttentionExplanation shape, LayerView at) {
    return new AttentionNumbers(shape, at);
  }

  static AttentionNumbers backward(AttentionExplanation shape, LayerView at) {
    var numbers = new AttentionNumbers(shape, at);
    numbers.backwards();
    return numbers;
  }

  /** The weight of input {@code from} in a row of queries, keys and values. */
  int weight(int row, int from) {
    return row * width + from;
  }

  int bias(int row) {
    return 3 * width * width + row;
  }

  int mixing(int to, int from) {
    return 3 * width * (width + 1) + to * width + from;
  }

  int mixingBias(int to) {
    return mixing(width, 0) + to;
  }

  private void forwards() {
    for (int t = 0; t < steps; t++) {
      for (int row = 0; row < 3 * width; row++) {
        double sum = at.parameter(bias(row));
        for (int i = 0; i < width; i++) {
          sum += at.inputs()[t * width + i] * at.parameter(weight(row, i));
        }
        projected[t][row] = sum;
      }
    }
    for (int head = 0; head < shares.length; head++) {
      for (int t = 0; t < steps; t++) {
        share(head, t);
      }
    }
  }

  private void share(int head, int t) {
    double top = Double.NEGATIVE_INFINITY;
    for (int u = 0; u < seen(t); u++) {
      top = Math.max(top, score(head, t, u));
    }
    double total = 0;
    for (int u = 0; u < seen(t); u++) {
      shares[head][t][u] = FastMath.exp(score(head, t, u) - top);
      total += shares[head][t][u];
    }
    for (int u = 0; u < seen(t); u++) {
      shares[head][t][u] /= total;
    }
  }

  private void backwards() {
    for (int t = 0; t < steps; t++) {
      for (int k = 0; k < width; k++) {
        for (int to = 0; to < width; to++) {
          ofMade[t][k] += at.outputGradients()[t * width + to] * at.parameter(mixing(to, k));
        }
      }
    }
    for (int head = 0; head < shares.length; head++) {
      for (int t = 0; t < steps; t++) {
        backwards(head, t);
      }
    }
  }

  private void backwards(int head, int t) {
    double mean = 0;
    for (int u = 0; u < seen(t); u++) {
      for (int k = head * size; k < (head + 1) * size; k++) {
        ofShares[head][t][u] += ofMade[t][k] * value(u, k);
        ofProjected[u][2 * width + k] += shares[head][t][u] * ofMade[t][k];
      }
      mean += shares[head][t][u] * ofShares[head][t][u];
    }
    for (int u = 0; u < seen(t); u++) {
      double ofScore = shares[head][t][u] * (ofShares[head][t][u] - mean);
      ofScores[head][t][u] = ofScore;
      for (int k = head * size; k < (head + 1) * size; k++) {
        ofProjected[t][k] += ofScore * projected[u][width + k] / Math.sqrt(size);
        ofProjected[u][width + k] += ofScore * projected[t][k] / Math.sqrt(size);
      }
    }
  }

  /** How many steps a step sees, from the first. */
  int seen(int step) {
    return causal ? step + 1 : steps;
  }

  /** The first step that sees a step. */
  int firstSeeing(int step) {
    return causal ? step : 0;
  }

  /** A number of a query (part 0), key (1) or value (2). */
  double projected(int part, int step, int k) {
    return projected[step][part * width + k];
  }

  private double value(int step, int k) {
    return projected(2, step, k);
  }

  double score(int head, int step, int seen) {
    double sum = 0;
    for (int k = head * size; k < (head + 1) * size; k++) {
      sum += projected(0, step, k) * projected(1, seen, k);
    }
    return sum / Math.sqrt(size);
  }

  double share(int head, int step, int seen) {
    return shares[head][step][seen];
  }

  double made(int step, int k) {
    double sum = 0;
    for (int u = 0; u < seen(step); u++) {
      sum += shares[k / size][step][u] * value(u, k);
    }
    return sum;
  }

  double ofMade(int step, int k) {
    return ofMade[step][k];
  }

  double ofShare(int head, int step, int seen) {
    return ofShares[head][step][seen];
  }

  double ofScore(int head, int step, int seen) {
    return ofScores[head][step][seen];
  }

  /** By a row: part times width plus k. */
  double ofProjected(int step, int row) {
    return ofProjected[step][row];
  }
}
