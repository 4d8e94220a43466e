package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * Every input feeds every neuron, at each position of a sample: z = W·x + b, a = f(z). Parameters:
 * W row by row ({@code [outputs][inputs]}), then b.
 */
public final class FloatDense extends FloatStage {
  private final FloatWorkspace work;
  private final int offset;
  private final int positions;
  private final int ins;
  private final int outs;
  private final ActivationFunction activation;
  private final boolean fused;
  private final float[] in;
  private final float @Nullable [] inGradient;
  private final float[] sums;
  private final float[] outputs;
  private final float[] outputGradient;
  private final Team.Piece forwardPiece = this::forwardPiece;
  private final Team.Piece activationPiece = this::activationPiece;
  private final Team.Piece backwardPiece = this::backwardPiece;
  private int count;
  private int tiles;
  private int columnTiles;
  private int activationTiles;

  /**
   * A new one, made once for a network.
   *
   * @param offset where the parameters begin
   * @param positions of a sample: 1, or the steps of a sequence
   * @param ins numbers of a position
   * @param outs neurons
   * @param fused whether the loss's gradient is already that of z
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatDense(
      FloatWorkspace work,
      int offset,
      int positions,
      int ins,
      int outs,
      ActivationFunction activation,
      boolean fused,
      float[] in,
      float @Nullable [] inGradient) {
    this.work = work;
    this.offset = offset;
    this.positions = positions;
    this.ins = ins;
    this.outs = outs;
    this.activation = activation;
    this.fused = fused;
    this.in = in;
    this.inGradient = inGradient;
    outputs = work.perSample(positions * outs);
    sums =
        work.keepsSums() || fused || activation.needsSums()
            ? work.perSample(positions * outs)
            : outputs;
    outputGradient = work.gradientPerSample(positions * outs);
  }

  @Override
  public float[] sums() {
    return sums;
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
  public void forward(int rows) {
    count = rows * positions;
    tiles = Tiles.count(count, (long) ins * outs);
    work.team().run(tiles, forwardPiece);
  }

  private void forwardPiece(int index, int lane) {
    int from = Tiles.bound(index, tiles, count);
    int to = Tiles.bound(index + 1, tiles, count);
    float[] parameters = work.parameters();
    for (int r = from; r < to; r++) {
      // the product is added to the biases: adding them to it would be another pass
      System.arraycopy(parameters, offset + ins * outs, sums, r * outs, outs);
    }
    FloatMatrix.multiply(
        false,
        true,
        to - from,
        outs,
        ins,
        in,
        from * ins,
        ins,
        parameters,
        offset,
        ins,
        1,
        sums,
        from * outs,
        outs);
    FloatActivations.forward(activation, sums, outputs, from * outs, to * outs, outs);
  }

  @Override
  public void backward(int rows) {
    count = rows * positions;
    tiles = Tiles.count(count, (long) ins * outs);
    if (!fused && activation.kind() != ActivationFunction.Kind.IDENTITY) {
      activationTiles = Tiles.ofRows(count, outs);
      work.team().run(activationTiles, activationPiece);
    }
    columnTiles = Tiles.count(ins, (long) count * outs);
    work.team().run(columnTiles + 1 + (inGradient == null ? 0 : tiles), backwardPiece);
  }

  private void activationPiece(int index, int lane) {
    int from = Tiles.bound(index, activationTiles, count) * outs;
    int to = Tiles.bound(index + 1, activationTiles, count) * outs;
    FloatActivations.backward(activation, sums, outputs, outputGradient, from, to, outs);
  }

  /** Weight gradients by columns, then the biases', then input gradients by rows. */
  private void backwardPiece(int index, int lane) {
    float[] gradient = work.gradient();
    if (index < columnTiles) {
      int from = Tiles.bound(index, columnTiles, ins);
      int to = Tiles.bound(index + 1, columnTiles, ins);
      FloatMatrix.multiply(
          true,
          false,
          outs,
          to - from,
          count,
          outputGradient,
          0,
          outs,
          in,
          from,
          ins,
          work.keep(),
          gradient,
          offset + from,
          ins);
    } else if (index == columnTiles) {
      FloatMatrix.sumRows(
          outputGradient, 0, count, outs, work.keep(), gradient, offset + ins * outs);
    } else {
      inputGradient(index - columnTiles - 1, inGradient);
    }
  }

  private void inputGradient(int index, float @Nullable [] to) {
    if (to == null) {
      return;
    }
    int first = Tiles.bound(index, tiles, count);
    int end = Tiles.bound(index + 1, tiles, count);
    FloatMatrix.multiply(
        false,
        false,
        end - first,
        ins,
        outs,
        outputGradient,
        first * outs,
        outs,
        work.parameters(),
        offset,
        ins,
        0,
        to,
        first * ins,
        ins);
  }
}
