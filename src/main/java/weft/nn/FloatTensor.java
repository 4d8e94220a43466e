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
  void transpose(Tensor source, int offset, int rows, int columns) {
    float[] from = of(source);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        values[c * rows + r] = from[offset + r * columns + c];
      }
    }
  }

  @Override
  void affine(
      Tensor in, Tensor transposed, Tensor parameters, int bias, int rows, int ins, int outs) {
    float[] x = of(in);
    float[] w = of(transposed);
    float[] b = of(parameters);
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
    float[] d = of(delta);
    float[] w = of(parameters);
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
    float[] d = of(delta);
    float[] x = of(in);
    for (int r = 0; r < rows; r++) {
      for (int o = 0; o < outs; o++) {
        addScaled(values, offset + o * ins, d[r * outs + o], x, r * ins, ins);
      }
      addScaled(values, offset + outs * ins, 1, d, r * outs, outs);
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
   * to[at..] += scale·from[start..]; a zero scale (an inactive neuron, a dark pixel) is skipped.
   */
  private static void addScaled(
      float[] to, int at, float scale, float[] from, int start, int length) {
    if (scale == 0) {
      return;
    }
    for (int i = 0; i < length; i++) {
      to[at + i] += scale * from[start + i];
    }
  }

  private static float[] of(Tensor tensor) {
    return ((FloatTensor) tensor).values;
  }
}
