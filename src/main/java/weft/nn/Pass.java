package weft.nn;

import tech.tablesaw.api.Table;
import weft.report.Picture;
import weft.report.Tabular;

/** One sample forward and backward through a network, with every number kept. */
public final class Pass implements Tabular {
  private final Trace trace;

  Pass(Trace trace) {
    this.trace = trace;
  }

  /** The loss of the sample. */
  public double loss() {
    return trace.loss();
  }

  /** The activations of the last layer. */
  public double[] outputs() {
    return trace.outputs().clone();
  }

  /** dL/dparameter in flat order: layer by layer the weights row by row, then the biases. */
  public double[] gradient() {
    return trace.gradient().clone();
  }

  /**
   * dL/dinput: what a change of the sample would do to the loss.
   *
   * @throws IllegalStateException if the inputs are tokens, which cannot change a little
   */
  public double[] inputGradient() {
    return trace.requireInputGradient().clone();
  }

  /** A row per neuron: z, activation and dL/dz. */
  @Override
  public Table table() {
    return trace.table();
  }

  /** A row per parameter: its value and its gradient. */
  public Table gradients() {
    return trace.gradients();
  }

  /** Each sum and each product of the chain rule written out as on paper. */
  public Derivation explain() {
    return Explanation.of(trace);
  }

  /**
   * Likewise, and then what the optimiser's first step does to each parameter.
   *
   * @see Network#step
   */
  public Derivation explain(Optimizer optimizer) {
    return Explanation.of(trace, trace.network().step(optimizer, this));
  }

  /** The network with weights, activations and gradients on it; colour is sign, width is size. */
  public Picture picture() {
    return NetworkPicture.of(trace);
  }

  /**
   * A row per parameter: the gradient of the chain rule beside the central difference of the loss,
   * {@code (L(w + h) - L(w - h)) / 2h}. Where the loss has a kink, as at a ReLU whose sum is 0,
   * there is no one slope: such a row has no relative error if its gradient lies between the slopes
   * on both sides. The title tells the largest relative error, and how many kinks there are.
   */
  public Table gradientCheck() {
    return GradientCheck.ofParameters(trace);
  }

  /**
   * The same for {@link #inputGradient()}: a row per input.
   *
   * @throws IllegalStateException if the inputs are tokens
   */
  public Table inputGradientCheck() {
    return GradientCheck.ofInputs(trace);
  }

  boolean isOf(Network network) {
    return network.sameValues(trace.network().values())
        && network.toString().equals(trace.network().toString());
  }

  /** The explanation: what a terminal shows of this value. */
  @Override
  public String toString() {
    return explain().text();
  }
}
