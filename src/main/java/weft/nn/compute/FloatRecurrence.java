package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * The matrix products of a recurrent layer: z = W·x + U·h + b, where z has one or more numbers a
 * neuron (gates), and h are the neurons' outputs of the step before.
 */
final class FloatRecurrence {
  private final FloatWorkspace work;
  private final int offset;
  private final int steps;
  private final int ins;
  private final int neurons;
  private final int width;
  private final float[] in;
  private final float @Nullable [] inGradient;
  private final float[] sums;
  private final float[] sumGradient;

  /** h of the step before, beside each step. */
  private final float[] previous;

  private final Team.Piece parameterPiece = this::parameterPiece;
  private int count;

  FloatRecurrence(
      FloatWorkspace work,
      int offset,
      int steps,
      int ins,
      int neurons,
      int gates,
      float[] in,
      float @Nullable [] inGradient,
      float[] sums,
      float[] sumGradient) {
    this.work = work;
    this.offset = offset;
    this.steps = steps;
    this.ins = ins;
    this.neurons = neurons;
    this.in = in;
    this.inGradient = inGradient;
    this.sums = sums;
    this.sumGradient = sumGradient;
    width = gates * neurons;
    previous = work.perSample(steps * neurons);
  }

  int tiles(int rows) {
    return Tiles.ofSamples(rows, (long) steps * width * (ins + neurons));
  }

  private int recurrentWeights() {
    return offset + width * ins;
  }

  private int biases() {
    return recurrentWeights() + width * neurons;
  }

  /** z = W·x + b of all steps of some samples. */
  void addInputs(int from, int to) {
    for (int p = from * steps; p < to * steps; p++) {
      System.arraycopy(work.parameters(), biases(), sums, p * width, width);
    }
    int count = (to - from) * steps;
    FloatMatrix.multiply(
        false,
        true,
        count,
        width,
        ins,
        in,
        from * steps * ins,
        ins,
        work.parameters(),
        offset,
        ins,
        1,
        sums,
        from * steps * width,
        width);
  }

  /** z += U·h of one step. */
  void addPrevious(int from, int to, int step) {
    if (step == 0) {
      return;
    }
    FloatMatrix.multiply(
        false,
        true,
        to - from,
        width,
        neurons,
        previous,
        (from * steps + step) * neurons,
        steps * neurons,
        work.parameters(),
        recurrentWeights(),
        neurons,
        1,
        sums,
        (from * steps + step) * width,
        steps * width);
  }

  /** Takes over a sample's h for the next step. */
  void remember(int row, int step, float[] outputs) {
    if (step + 1 < steps) {
      int at = (row * steps + step) * neurons;
      System.arraycopy(outputs, at, previous, at + neurons, neurons);
    }
  }

  /** dL/dh of one step += Uᵀ·dL/dz of the next. */
  void addNext(int from, int to, int step, float[] outputGradient) {
    if (step + 1 == steps) {
      return;
    }
    FloatMatrix.multiply(
        false,
        false,
        to - from,
        neurons,
        width,
        sumGradient,
        (from * steps + step + 1) * width,
        steps * width,
        work.parameters(),
        recurrentWeights(),
        neurons,
        1,
        outputGradient,
        (from * steps + step) * neurons,
        steps * neurons);
  }

  void inputGradient(int from, int to) {
    float[] gradient = inGradient;
    if (gradient == null) {
      return;
    }
    FloatMatrix.multiply(
        false,
        false,
        (to - from) * steps,
        ins,
        width,
        sumGradient,
        from * steps * width,
        width,
        work.parameters(),
        offset,
        ins,
        0,
        gradient,
        from * steps * ins,
        ins);
  }

  void parameterGradients(int rows) {
    count = rows * steps;
    work.team().run(3, parameterPiece);
  }

  private void parameterPiece(int index, int lane) {
    float[] to = work.gradient();
    switch (index) {
      case 0 -> weightGradient(in, ins, offset);
      case 1 -> weightGradient(previous, neurons, recurrentWeights());
      default -> FloatMatrix.sumRows(sumGradient, 0, count, width, work.keep(), to, biases());
    }
  }

  private void weightGradient(float[] feeding, int columns, int at) {
    FloatMatrix.multiply(
        true,
        false,
        width,
        columns,
        count,
        sumGradient,
        0,
        width,
        feeding,
        0,
        columns,
        work.keep(),
        work.gradient(),
        at,
        columns);
  }
}
