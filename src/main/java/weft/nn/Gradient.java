package weft.nn;

import org.jspecify.annotations.Nullable;

/**
 * A gradient in one flat array: layer by layer the weights row by row ({@code [out][in]}), then the
 * biases. A live view: writing to the array changes what the replica's next step applies.
 */
public final class Gradient {
  private final float @Nullable [] floats;
  private final double @Nullable [] doubles;

  private Gradient(float @Nullable [] floats, double @Nullable [] doubles) {
    this.floats = floats;
    this.doubles = doubles;
  }

  static Gradient of(float[] values) {
    return new Gradient(values, null);
  }

  static Gradient of(double[] values) {
    return new Gradient(null, values);
  }

  /** How many numbers: the network's parameters. */
  public int size() {
    return floats != null ? floats.length : doubles().length;
  }

  /** A number of it, in either precision. */
  public double get(int index) {
    return floats != null ? floats[index] : doubles()[index];
  }

  /** Replaces a number, rounded to its precision. */
  public void set(int index, double value) {
    if (floats != null) {
      floats[index] = (float) value;
    } else {
      doubles()[index] = value;
    }
  }

  /**
   * Replaces all numbers by another gradient's.
   *
   * @throws IllegalArgumentException if it is of another network or precision
   */
  public void set(Gradient other) {
    if (other.size() != size() || other.bytesPerElement() != bytesPerElement()) {
      throw new IllegalArgumentException(
          "a gradient of %d numbers of %d bytes takes over one of as many, got %d of %d: give that of a replica of the same network"
              .formatted(size(), bytesPerElement(), other.size(), other.bytesPerElement()));
    }
    Object from = floats != null ? other.floats() : other.doubles();
    System.arraycopy(from, 0, floats != null ? floats : doubles(), 0, size());
  }

  /** Bytes of one number: 4 or 8. */
  public int bytesPerElement() {
    return floats != null ? Float.BYTES : Double.BYTES;
  }

  /**
   * The array itself of a network in single precision.
   *
   * @throws IllegalStateException if the network computes in double precision
   */
  public float[] floats() {
    if (floats == null) {
      throw new IllegalStateException(
          "this gradient is float64: read doubles(), or build the network with precision(FLOAT32)");
    }
    return floats;
  }

  /**
   * The array itself of a network in double precision.
   *
   * @throws IllegalStateException if the network computes in single precision
   */
  public double[] doubles() {
    if (doubles == null) {
      throw new IllegalStateException(
          "this gradient is float32: read floats(), or build the network with precision(FLOAT64)");
    }
    return doubles;
  }
}
