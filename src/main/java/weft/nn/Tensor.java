package weft.nn;

import java.util.Arrays;

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

  /** A tensor for each row of a matrix: the operands that the hot loops run along. */
  static Tensor[] rows(Precision precision, int rows, int columns) {
    Tensor[] matrix = new Tensor[rows];
    Arrays.setAll(matrix, i -> of(precision, columns));
    return matrix;
  }

  /** Copies as many numbers as this tensor holds. */
  abstract void copyFrom(Tensor source, int offset);

  /** Copies every {@code stride}-th number: a column of a matrix. */
  abstract void gather(Tensor source, int offset, int stride);

  /**
   * this[r][o] = Σᵢ in[r][i]·columns[i][o] + parameters[bias + o].
   *
   * @param columns the columns of the weights, one per input
   * @param sum scratch of one row
   */
  abstract void affine(
      Tensor in, Tensor[] columns, Tensor parameters, int bias, int rows, Tensor sum);

  /**
   * this[r][i] = Σₒ delta[r][o]·weights[o][i].
   *
   * @param weights the rows of the weights, one per output
   * @param sum scratch of one row
   */
  abstract void pullBack(Tensor delta, Tensor[] weights, int rows, Tensor sum);

  /**
   * Adds Σᵣ delta[r][o]·in[r][i] to the gradient of the weights, which begins at {@code offset},
   * and Σᵣ delta[r][o] to that of the biases behind them.
   *
   * @param sum scratch of one row of weights
   */
  abstract void accumulate(Tensor delta, Tensor[] in, int offset, int rows, int outs, Tensor sum);

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
