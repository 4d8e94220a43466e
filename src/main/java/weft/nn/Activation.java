package weft.nn;

import weft.nn.compute.ActivationFunction;

/** What a neuron makes of its weighted sum; choose one with {@link Activations}. */
public abstract sealed class Activation permits Pointwise, Softmax {
  private final String name;

  Activation(String name) {
    this.name = name;
  }

  /** What engines compute. */
  abstract ActivationFunction function();

  /** How the activation of neuron {@code index} of those in z and a is computed, as on paper. */
  abstract Equation explainForward(String neuron, String sum, double[] z, double[] a, int index);

  /** How dL/dz of neuron {@code index} follows from the layer's dL/da, as on paper. */
  abstract Equation explainBackward(
      String neuron, String sum, double[] z, double[] a, double[] outputGradient, int index);

  /** The default for weights that feed this activation. */
  abstract Initializer initializer();

  /** As a cell writes it: {@code relu()}. */
  @Override
  public String toString() {
    return name;
  }
}
