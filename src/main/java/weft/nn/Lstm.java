package weft.nn;

import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleLstm;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatLstm;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * Long short-term memory that gives its output at every step. Parameters: the gates' weights of the
 * input ({@code [4·neurons][inputs]}, gates in PyTorch's order i, f, g, o) and of the output before
 * ({@code [4·neurons][neurons]}), then one bias a gate and neuron.
 *
 * @see <a href="https://doi.org/10.1162/neco.1997.9.8.1735">Hochreiter and Schmidhuber, 1997</a>
 * @see <a href="https://doi.org/10.1162/089976600300015015">Gers, Schmidhuber and Cummins, 2000,
 *     the forget gate</a>
 */
record Lstm(Shape in, int neurons, Initializer initializer) implements Recurring {
  @Override
  public int gates() {
    return 4;
  }

  @Override
  public String name() {
    return "lstm(" + neurons + ")";
  }

  @Override
  public Layer with(Initializer other) {
    return new Lstm(in, neurons, other);
  }

  @Override
  public LayerExplanation explanation() {
    return new LstmExplanation(in.width(), neurons);
  }

  /** Four gates, the cell and its tanh, and the outputs. */
  @Override
  public long kept() {
    return 7L * out().size();
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatLstm(work, offset, in.positions(), in.width(), neurons, from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleLstm(work, offset, in.positions(), in.width(), neurons, from, gradient);
  }
}
