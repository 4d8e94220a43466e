package weft.nn;

/**
 * Numbers of one precision in one flat array; matrices lie in it row by row.
 *
 * <p>The operations of the hot path are written once per precision as plain loops whose order of
 * additions depends on nothing but the shapes: the same input gives the same bits. Operands must
 * have the precision of the receiver.
 */
abstract sealed class Tensor permits FloatTensor, DoubleTensor {
  static Tensor of(Precision precision, int size) {
    return precision == Precision.FLOAT32
        ? new FloatTensor(new float[size])
        : new DoubleTensor(new double[size]);
  }

  abstract int size();

  abstract double get(int index);

  /** Stores a value, rounded to this tensor's precision. */
  abstract void set(int index, double value);

  abstract void clear();

  /** Copies {@code length} numbers of a data set to position {@code at}. */
  abstract void load(int at, float[] source, int from, int length);

  abstract boolean sameBits(Tensor other);

  /**
   * this[c][r] = source[offset + r·columns + c]: a layer's weights, laid out for {@link #affine}.
   */
  abstract void transpose(Tensor source, int offset, int rows, int columns);

  /** this[r][o] = Σᵢ in[r][i]·transposed[i][o] + parameters[bias + o]. */
  abstract void affine(
      Tensor in, Tensor transposed, Tensor parameters, int bias, int rows, int ins, int outs);

  /** this[r][i] = Σₒ delta[r][o]·parameters[offset + o·ins + i]. */
  abstract void pullBack(Tensor delta, Tensor parameters, int offset, int rows, int ins, int outs);

  /** this[offset + o·ins + i] += Σᵣ delta[r][o]·in[r][i]; then the biases += Σᵣ delta[r][o]. */
  abstract void accumulate(Tensor delta, Tensor in, int offset, int rows, int ins, int outs);

  /** velocity = momentum·velocity + gradient; this -= rate·velocity. */
  abstract void descend(Tensor velocity, Tensor gradient, double rate, double momentum);

  final void setAll(double[] values) {
    for (int i = 0; i < values.length; i++) {
      set(i, values[i]);
    }
  }

  /** The first {@code count} numbers. */
  final double[] toDoubles(int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = get(i);
    }
    return values;
  }
}
