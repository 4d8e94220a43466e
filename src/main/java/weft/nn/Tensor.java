package weft.nn;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Numbers of a checkpoint, as they lie in its file.
 *
 * @param name such as {@code layer1.weights}
 * @param shape rows and columns, or one length
 * @param wide whether the numbers are float64, and not float32
 * @param data little-endian, row by row
 */
@SuppressWarnings("ArrayRecordComponent") // package-private and never written to
record Tensor(String name, int[] shape, boolean wide, byte[] data) {
  /** As many numbers as the shape has, from an index on. */
  static Tensor of(String name, int[] shape, float[] values, int from) {
    byte[] data = bytes(size(shape) * Float.BYTES);
    view(data).asFloatBuffer().put(values, from, (int) size(shape));
    return new Tensor(name, shape, false, data);
  }

  /** Likewise in double precision. */
  static Tensor of(String name, int[] shape, double[] values, int from) {
    byte[] data = bytes(size(shape) * Double.BYTES);
    view(data).asDoubleBuffer().put(values, from, (int) size(shape));
    return new Tensor(name, shape, true, data);
  }

  private static byte[] bytes(long count) {
    return new byte[Math.toIntExact(count)];
  }

  private static ByteBuffer view(byte[] data) {
    return ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Numbers of a shape. */
  static long size(int[] shape) {
    long size = 1;
    for (int length : shape) {
      size = Math.multiplyExact(size, (long) length);
    }
    return size;
  }

  /** How many numbers there are. */
  int size() {
    return data.length / bytesPerNumber();
  }

  int bytesPerNumber() {
    return wide ? Double.BYTES : Float.BYTES;
  }

  /** As files call the format of the numbers. */
  String type() {
    return wide ? "F64" : "F32";
  }

  /** Writes all numbers to an array. */
  void copyTo(float[] to, int from) {
    if (wide) {
      for (int i = 0; i < size(); i++) {
        to[from + i] = (float) view(data).getDouble(i * Double.BYTES);
      }
    } else {
      view(data).asFloatBuffer().get(to, from, size());
    }
  }

  /** Likewise in double precision. */
  void copyTo(double[] to, int from) {
    if (wide) {
      view(data).asDoubleBuffer().get(to, from, size());
    } else {
      var floats = view(data).asFloatBuffer();
      for (int i = 0; i < size(); i++) {
        to[from + i] = floats.get(i);
      }
    }
  }
}
