package weft.nn;

import org.jspecify.annotations.Nullable;
import weft.nn.compute.DoubleRecurrent;
import weft.nn.compute.DoubleStage;
import weft.nn.compute.DoubleWorkspace;
import weft.nn.compute.FloatRecurrent;
import weft.nn.compute.FloatStage;
import weft.nn.compute.FloatWorkspace;

/**
 * A recurrent layer that gives its output at every step: hₜ = tanh(W·xₜ + U·hₜ₋₁ + b), h before the
 * first step 0. Parameters: W ({@code [neurons][inputs]}), U ({@code [neurons][neurons]}), b.
 *
 * @see <a href="https://doi.org/10.1207/s15516709cog1402_1">Elman, Finding Structure in Time,
 *     1990</a>
 */
record Recurrent(Shape in, int neurons, Initializer initializer) implements Recurring {
  @Override
  public int gates() {
    return 1;
  }

  @Override
  public String name() {
    return "recurrent(" + neurons + ")";
  }

  @Override
  public Layer with(Initializer other) {
    return new Recurrent(in, neurons, other);
  }

  @Override
  public LayerExplanation explanation() {
    return new RecurrentExplanation(in.width(), neurons);
  }

  @Override
  public FloatStage floatStage(
      FloatWorkspace work, int offset, int statistics, float[] from, float @Nullable [] gradient) {
    return new FloatRecurrent(work, offset, in.positions(), in.width(), neurons, from, gradient);
  }

  @Override
  public DoubleStage doubleStage(
      DoubleWorkspace work,
      int offset,
      int statistics,
      double[] from,
      double @Nullable [] gradient) {
    return new DoubleRecurrent(work, offset, in.positions(), in.width(), neurons, from, gradient);
  }
}
