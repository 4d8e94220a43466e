package weft.nn;

/**
 * What the quantities inside a mixture of experts are called, by step and expert: the router's
 * score s, the gate g, an expert's sum z, its hidden neuron h, and what it makes, m.
 */
record MixtureNames(LayerView at) {
  String score(int step, int expert) {
    return at.partName("s", "[%d,%d]".formatted(step, expert));
  }

  String gate(int step, int expert) {
    return at.partName("g", "[%d,%d]".formatted(step, expert));
  }

  String sum(int step, int expert, int neuron) {
    return at.partName("z", place(step, expert, neuron));
  }

  String hidden(int step, int expert, int neuron) {
    return at.partName("h", place(step, expert, neuron));
  }

  String made(int step, int expert, int number) {
    return at.partName("m", place(step, expert, number));
  }

  private static String place(int step, int expert, int number) {
    return "[%d,%d,%d]".formatted(step, expert, number);
  }
}
