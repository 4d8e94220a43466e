package weft.nn;

import java.util.Arrays;

/** Single precision. {@link DoubleTensor} is the same text with {@code double}. */
final class FloatTensor extends Tensor {
  final float[] values;

  FloatTensor(float[] values) {
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
    values[index] = (float) value;
  }

  @Override
  void clear() {
    Arrays.fill(values, 0);
  }

  @Override
  void load(int at, float[] source, int from, int length) {
    System.arraycopy(source, from, values, at, length);
  }

  @Override
  boolean sameBits(Tensor other) {
    return other instanceof FloatTensor o && Arrays.equals(values, o.values);
  }

  @Override
  void copyFrom(Tensor source, int offset) {
    System.arraycopy(of(source), offset, values, 0, values.length);
  }

  @Override
  void gather(Tensor source, int offset, int stride) {
    float[] from = of(source);
    for (int i = 0; i < values.length; i++) {
      values[i] = from[offset + i * stride];
    }
  }

  @Override
  void affine(Tensor in, Tensor[] columns, Tensor parameters, int bias, int rows, Tensor sum) {
    float[] x = of(in);
    float[] b = of(parameters);
    float[] s = of(sum);
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
    float[] d = of(delta);
    float[] s = of(sum);
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
    float[] d = of(delta);
    float[] s = of(sum);
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
    float[] v = of(velocity);
    float[] g = of(gradient);
    float eta = (float) rate;
    float mu = (float) momentum;
    for (int i = 0; i < values.length; i++) {
      v[i] = mu * v[i] + g[i];
      values[i] -= eta * v[i];
    }
  }

  /**
   * to += scale·from; a zero scale (an inactive neuron, a dark pixel) is skipped. Both arrays are
   * indexed by the loop variable alone: with an offset the compiler cannot rule out that they
   * overlap, and would not vectorise.
   */
  private static void addScaled(float[] to, float scale, float[] from) {
    if (scale == 0) {
      return;
    }
    for (int i = 0; i < to.length; i++) {
      to[i] += scale * from[i];
    }
  }

  private static float[] of(Tensor tensor) {
    return ((FloatTensor) tensor).values;
  }
}
