package weft.nn;

/**
 * Parameters of one layer that belong together: its weights, its biases.
 *
 * @param name {@code weights}, {@code biases}, {@code scale}
 * @param rows of the matrix that they form: one per neuron
 * @param columns of it: the inputs of each; 1 for a vector
 * @param decays whether weight decay applies: to weights, not to biases or scales
 */
record ParameterGroup(String name, int rows, int columns, boolean decays) {
  static ParameterGroup weights(int neurons, int inputs) {
    return new ParameterGroup("weights", neurons, inputs, true);
  }

  static ParameterGroup biases(int neurons) {
    return new ParameterGroup("biases", neurons, 1, false);
  }

  int count() {
    return (int) size();
  }

  /** As {@link #count}, before it is known to fit. */
  long size() {
    return (long) rows * columns;
  }
}
