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
  void copyFrom(Tensor source, int offset) {
    System.arraycopy(of(source), offset, values, 0, values.length);
  }

  @Override
  void gather(Tensor source, int offset, int stride) {
    double[] from = of(source);
    for (int i = 0; i < values.length; i++) {
      values[i] = from[offset + i * stride];
    }
  }

  @Override
  void affine(Tensor in, Tensor[] columns, Tensor parameters, int bias, int rows, Tensor sum) {
    double[] x = of(in);
    double[] b = of(parameters);
    double[] s = of(sum);
    for (int r = 0; r < rows; r++) {
      Arrays.fill(s, 0);
      for (int i = 0; i < columns.length; i++) {
        addScaled(s, x[r * columns.length + i], of(columns[i]));
      }
      for (int o = 0; o < s.length; o++) {
        values[r * s.length + o] = s[o] + b[bias + o];
      }
    }
  }

  @Override
  void pullBack(Tensor delta, Tensor[] weights, int rows, Tensor sum) {
    double[] d = of(delta);
    double[] s = of(sum);
    for (int r = 0; r < rows; r++) {
      Arrays.fill(s, 0);
      for (int o = 0; o < weights.length; o++) {
        addScaled(s, d[r * weights.length + o], of(weights[o]));
      }
      System.arraycopy(s, 0, values, r * s.length, s.length);
    }
  }

  @Override
  void accumulate(Tensor delta, Tensor[] in, int offset, int rows, int outs, Tensor sum) {
    double[] d = of(delta);
    double[] s = of(sum);
    int bias = offset + outs * s.length;
    for (int o = 0; o < outs; o++) {
      System.arraycopy(values, offset + o * s.length, s, 0, s.length);
      for (int r = 0; r < rows; r++) {
        addScaled(s, d[r * outs + o], of(in[r]));
        values[bias + o] += d[r * outs + o];
      }
      System.arraycopy(s, 0, values, offset + o * s.length, s.length);
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
   * to += scale·from; a zero scale (an inactive neuron, a dark pixel) is skipped. Both arrays are
   * indexed by the loop variable alone: with an offset the compiler cannot rule out that they
   * overlap, and would not vectorise.
   */
  private static void addScaled(double[] to, double scale, double[] from) {
    if (scale == 0) {
      return;
    }
    for (int i = 0; i < to.length; i++) {
      to[i] += scale * from[i];
    }
  }

  private static double[] of(Tensor tensor) {
    return ((DoubleTensor) tensor).values;
  }
}
