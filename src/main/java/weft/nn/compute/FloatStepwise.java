package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * A recurrent layer at work: each sample's steps one after the other, samples shared among threads.
 * What a neuron makes of its sums is the subclass's.
 */
abstract class FloatStepwise extends FloatStage {
  final int steps;
  final int neurons;

  /** The sums of the gates, which the layer turns into what they let through. */
  final float[] gates;

  final float[] gateGradient;
  final float[] outputs;
  final float[] outputGradient;
  private final FloatWorkspace work;
  private final FloatRecurrence recurrence;
  private final Team.Piece forwardPiece = this::forwardPiece;
  private final Team.Piece backwardPiece = this::backwardPiece;
  private int tiles;
  private int rows;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param ins numbers of a step
   * @param count gates of a neuron; one alone lies where the outputs do
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  FloatStepwise(
      FloatWorkspace work,
      int offset,
      int steps,
      int ins,
      int neurons,
      int count,
      float[] in,
      float @Nullable [] inGradient) {
    this.work = work;
    this.steps = steps;
    this.neurons = neurons;
    outputs = work.perSample(steps * neurons);
    outputGradient = work.passedGradient(steps * neurons, inGradient);
    gates = count == 1 ? outputs : work.perSample(steps * count * neurons);
    gateGradient = count == 1 ? outputGradient : work.gradientPerSample(steps * count * neurons);
    recurrence =
        new FloatRecurrence(
            work, offset, steps, ins, neurons, count, in, inGradient, gates, gateGradient);
  }

  /** Turns the sums of a step into outputs; {@code at} is the step's first output. */
  abstract void step(int row, int step, int at);

  /** Turns the gradient of a step's outputs into that of its sums. */
  abstract void stepGradient(int row, int step, int at);

  @Override
  public final float[] outputs() {
    return outputs;
  }

  @Override
  public final float[] outputGradient() {
    return outputGradient;
  }

  @Override
  public final void forward(int samples) {
    begin(samples);
    work.team().run(tiles, forwardPiece);
  }

  private void begin(int samples) {
    rows = samples;
    tiles = recurrence.tiles(samples);
  }

  private void forwardPiece(int index, int lane) {
    int from = Tiles.bound(index, tiles, rows);
    int to = Tiles.bound(index + 1, tiles, rows);
    recurrence.addInputs(from, to);
    for (int t = 0; t < steps; t++) {
      recurrence.addPrevious(from, to, t);
      for (int r = from; r < to; r++) {
        step(r, t, (r * steps + t) * neurons);
        recurrence.remember(r, t, outputs);
      }
    }
  }

  @Override
  public void backward(int samples) {
    begin(samples);
    work.team().run(tiles, backwardPiece);
    recurrence.parameterGradients(samples);
  }

  private void backwardPiece(int index, int lane) {
    int from = Tiles.bound(index, tiles, rows);
    int to = Tiles.bound(index + 1, tiles, rows);
    for (int t = steps - 1; t >= 0; t--) {
      recurrence.addNext(from, to, t, outputGradient);
      for (int r = from; r < to; r++) {
        stepGradient(r, t, (r * steps + t) * neurons);
      }
    }
    recurrence.inputGradient(from, to);
  }
}
