package weft.nn;

/**
 * A gradient in one flat array: layer by layer the weights row by row ({@code [out][in]}), then the
 * biases. A live view: writing to the array changes what the replica's next step applies.
 */
public final class Gradient {
  private final Tensor tensor;

  Gradient(Tensor tensor) {
    this.tensor = tensor;
  }

  /** How many numbers: the network's parameters. */
  public int size() {
    return tensor.size();
  }

  /** Bytes of one number: 4 or 8. */
  public int bytesPerElement() {
    return tensor instanceof FloatTensor ? 4 : 8;
  }

  /**
   * The array itself of a network in single precision.
   *
   * @throws IllegalStateException if the network computes in double precision
   */
  public float[] floats() {
    if (tensor instanceof FloatTensor f) {
      return f.values;
    }
    throw new IllegalStateException(
        "this gradient is float64: read doubles(), or build the network with precision(FLOAT32)");
  }

  /**
   * The array itself of a network in double precision.
   *
   * @throws IllegalStateException if the network computes in single precision
   */
  public double[] doubles() {
    if (tensor instanceof DoubleTensor d) {
      return d.values;
    }
    throw new IllegalStateException(
        "this gradient is float32: read floats(), or build the network with precision(FLOAT64)");
  }
}
