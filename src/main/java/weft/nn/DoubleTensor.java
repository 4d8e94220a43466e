package weft.nn;

import java.util.Arrays;

/** Double precision. {@link FloatTensor} is the same text with {@code float}. */
final class DoubleTensor extends Tensor {
  final double[] values;

  DoubleTensor(double[] values) {
    this.values = values;
  }

  @Override
  int size() {
    return values.length;
  }

  @Override
  double get(int index) {
    return values[index];
  }

  @Override
  void set(int index, double value) {
    values[index] = value;
  }

  @Override
  void clear() {
    Arrays.fill(values, 0);
  }

  @Override
  void load(int at, float[] source, int from, int length) {
    for (int i = 0; i < length; i++) {
      values[at + i] = source[from + i];
    }
  }

  @Override
  boolean sameBits(Tensor other) {
    return other instanceof DoubleTensor o && Arrays.equals(values, o.values);
  }

  @Override
  void transpose(Tensor source, int offset, int rows, int columns) {
    double[] from = of(source);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        values[c * rows + r] = from[offset + r * columns + c];
      }
    }
  }

  @Override
  void affine(
      Tensor in, Tensor transposed, Tensor parameters, int bias, int rows, int ins, int outs) {
    double[] x = of(in);
    double[] w = of(transposed);
    double[] b = of(parameters);
    for (int r = 0; r < rows; r++) {
      int to = r * outs;
      Arrays.fill(values, to, to + outs, 0);
      for (int i = 0; i < ins; i++) {
        addScaled(values, to, x[r * ins + i], w, i * outs, outs);
      }
      addScaled(values, to, 1, b, bias, outs);
    }
  }

  @Override
  void pullBack(Tensor delta, Tensor parameters, int offset, int rows, int ins, int outs) {
    double[] d = of(delta);
    double[] w = of(parameters);
    for (int r = 0; r < rows; r++) {
      int to = r * ins;
      Arrays.fill(values, to, to + ins, 0);
      for (int o = 0; o < outs; o++) {
        addScaled(values, to, d[r * outs + o], w, offset + o * ins, ins);
      }
    }
  }

  @Override
  void accumulate(Tensor delta, Tensor in, int offset, int rows, int ins, int outs) {
    double[] d = of(delta);
    double[] x = of(in);
    for (int r = 0; r < rows; r++) {
      for (int o = 0; o < outs; o++) {
        addScaled(values, offset + o * ins, d[r * outs + o], x, r * ins, ins);
      }
      addScaled(values, offset + outs * ins, 1, d, r * outs, outs);
    }
  }

  @Override
  void descend(Tensor velocity, Tensor gradient, double rate, double momentum) {
    double[] v = of(velocity);
    double[] g = of(gradient);
    for (int i = 0; i < values.length; i++) {
      v[i] = momentum * v[i] + g[i];
      values[i] -= rate * v[i];
    }
  }

  /**
   * to[at..] += scale·from[start..]; a zero scale (an inactive neuron, a dark pixel) is skipped.
   */
  private static void addScaled(
      double[] to, int at, double scale, double[] from, int start, int length) {
    if (scale == 0) {
      return;
    }
    for (int i = 0; i < length; i++) {
      to[at + i] += scale * from[start + i];
    }
  }

  private static double[] of(Tensor tensor) {
    return ((DoubleTensor) tensor).values;
  }
}
