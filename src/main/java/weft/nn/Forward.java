package weft.nn;

import org.jspecify.annotations.Nullable;
import tech.tablesaw.api.Table;
import weft.report.Picture;
import weft.report.Tabular;
import weft.units.Check;

/** One sample on its way through a network: every sum and activation, and later its target. */
public final class Forward implements Tabular {
  private final Trace trace;

  private Forward(Trace trace) {
    this.trace = trace;
  }

  static Forward of(Network network, double[] sample) {
    Sample.checkInputs(network, sample);
    return new Forward(Trace.forward(network, sample.clone(), null));
  }

  /** The activations of the last layer. */
  public double[] outputs() {
    return trace.outputs().clone();
  }

  /**
   * What the output should be: one number per output, or for {@link Losses#crossEntropy} a class;
   * of a sequence with an output a step, so for each step.
   *
   * @throws IllegalArgumentException if the target does not fit the outputs
   */
  public Forward target(double... expected) {
    Check.notNull("a target", expected, "write for example target(2)");
    double[] target = Sample.checkTarget(trace.network(), expected);
    return new Forward(Trace.forward(trace.network(), trace.inputs(), target));
  }

  /**
   * Computes the gradient of the loss for every parameter.
   *
   * @throws IllegalStateException if there is no target yet
   */
  public Pass backward() {
    double @Nullable [] target = trace.target();
    if (target == null) {
      throw new IllegalStateException(
          "backward() compares the output with a target: write forward(...).target(2).backward()");
    }
    return new Pass(Trace.backward(trace.network(), trace.inputs(), target));
  }

  /** A row per neuron: z and activation. */
  @Override
  public Table table() {
    return trace.table();
  }

  /** Each sum written out as on paper. */
  public Derivation explain() {
    return Explanation.of(trace);
  }

  /** The network with weights and activations on it. */
  public Picture picture() {
    return NetworkPicture.of(trace);
  }

  /** The explanation: what a terminal shows of this value. */
  @Override
  public String toString() {
    return explain().text();
  }
}
