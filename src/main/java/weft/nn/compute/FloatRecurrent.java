package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer: hₜ = tanh(W·xₜ + U·hₜ₋₁ + b), h before the first step 0. Parameters: W ({@code
 * [neurons][inputs]}), U ({@code [neurons][neurons]}), b.
 */
public final class FloatRecurrent extends FloatStage {
  private final FloatWorkspace work;
  private final FloatRecurrence recurrence;
  private final int steps;
  private final int neurons;
  private final float[] outputs;
  private final float[] outputGradient;
  private final Team.Piece forwardPiece = this::forwardPiece;
  private final Team.Piece backwardPiece = this::backwardPiece;
  private int tiles;
  private int rows;

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
    this.work = work;
    this.steps = steps;
    this.neurons = neurons;
    outputs = work.perSample(steps * neurons);
    outputGradient = work.passedGradient(steps * neurons, inGradient);
    recurrence =
        new FloatRecurrence(
            work, offset, steps, ins, neurons, 1, in, inGradient, outputs, outputGradient);
  }

  @Override
  public float[] outputs() {
    return outputs;
  }

  @Override
  public float[] outputGradient() {
    return outputGradient;
  }

  @Override
  public void forward(int samples) {
    rows = samples;
    tiles = recurrence.tiles(samples);
    work.team().run(tiles, forwardPiece);
  }

  private void forwardPiece(int index, int lane) {
    int from = Tiles.bound(index, tiles, rows);
    int to = Tiles.bound(index + 1, tiles, rows);
    recurrence.addInputs(from, to);
    for (int t = 0; t < steps; t++) {
      recurrence.addPrevious(from, to, t);
      for (int r = from; r < to; r++) {
        int at = (r * steps + t) * neurons;
        FloatMath.tanh(outputs, outputs, at, at + neurons);
        recurrence.remember(r, t, outputs);
      }
    }
  }

  @Override
  public void backward(int samples) {
    rows = samples;
    tiles = recurrence.tiles(samples);
    work.team().run(tiles, backwardPiece);
    recurrence.parameterGradients(samples);
  }

  private void backwardPiece(int index, int lane) {
    int from = Tiles.bound(index, tiles, rows);
    int to = Tiles.bound(index + 1, tiles, rows);
    for (int t = steps - 1; t >= 0; t--) {
      recurrence.addNext(from, to, t, outputGradient);
      for (int r = from; r < to; r++) {
        int at = (r * steps + t) * neurons;
        for (int i = at; i < at + neurons; i++) {
          outputGradient[i] *= 1 - outputs[i] * outputs[i];
        }
      }
    }
    recurrence.inputGradient(from, to);
  }
}
