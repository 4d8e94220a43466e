package weft.nn;

/** How many bits a parameter, an activation or a gradient has while a network trains in batches. */
public enum Precision {
  /** IEEE 754 single precision, 4 bytes; the default. */
  FLOAT32(4),
  /** IEEE 754 double precision, 8 bytes. */
  FLOAT64(8);

  private final int bytes;

  Precision(int bytes) {
    this.bytes = bytes;
  }

  /** Bytes of one number: 4 or 8. */
  public int bytes() {
    return bytes;
  }

  /** {@code float32} or {@code float64}. */
  @Override
  public String toString() {
    return this == FLOAT32 ? "float32" : "float64";
  }
}
