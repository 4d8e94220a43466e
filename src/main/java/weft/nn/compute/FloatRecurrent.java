package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer: hₜ = tanh(W·xₜ + U·hₜ₋₁ + b), h before the first step 0. Parameters: W ({@code
 * [neurons][inputs]}), U ({@code [neurons][neurons]}), b.
 */
public final class FloatRecurrent extends FloatStepwise {
  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param ins numbers of a step
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatRecurrent(
      FloatWorkspace work,
      int offset,
      int steps,
      int ins,
      int neurons,
      float[] in,
      float @Nullable [] inGradient) {
    super(work, offset, steps, ins, neurons, 1, in, inGradient);
  }

  @Override
  void step(int row, int step, int at) {
    FloatMath.tanh(outputs, outputs, at, at + neurons);
  }

  @Override
  void stepGradient(int row, int step, int at) {
    for (int i = at; i < at + neurons; i++) {
      outputGradient[i] *= 1 - outputs[i] * outputs[i];
    }
  }
}
