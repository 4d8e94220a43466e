package weft.nn;

/** A layer whose weights and biases can be given in the cell. */
interface GivenWeights {
  /** The same layer with these weights, in the order of its flat parameters. */
  Layer weights(double[] values);

  /** The same layer with these biases, one a neuron or channel. */
  Layer biases(double[] values);

  /**
   * A copy of what was given.
   *
   * @param what {@code weight} or {@code bias}
   * @throws IllegalArgumentException if one is not a finite number
   */
  static double[] finite(String what, double[] values) {
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException(
            "a " + what + " is a finite number, got " + value + ": check where it comes from");
      }
    }
    return values.clone();
  }
}
