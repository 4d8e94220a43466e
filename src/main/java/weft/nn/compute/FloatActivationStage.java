package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/** An activation as a layer of its own: a = f(z), z being what feeds it. */
public final class FloatActivationStage extends FloatStage {
  private final FloatWorkspace work;
  private final int positions;
  private final int width;
  private final ActivationFunction activation;
  private final boolean fused;
  private final float[] in;
  private final float @Nullable [] inGradient;
  private final float[] outputs;
  private final float[] outputGradient;
  private final Team.Piece forwardPiece = this::forwardPiece;
  private final Team.Piece backwardPiece = this::backwardPiece;
  private int count;
  private int shares;

  /**
   * A new one, made once for a network.
   *
   * @param positions of a sample: 1, or the steps of a sequence
   * @param width numbers of a position, which softmax shares out among
   * @param fused whether the loss's gradient is already that of z
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatActivationStage(
      FloatWorkspace work,
      int positions,
      int width,
      ActivationFunction activation,
      boolean fused,
      float[] in,
      float @Nullable [] inGradient) {
    this.work = work;
    this.positions = positions;
    this.width = width;
    this.activation = activation;
    this.fused = fused;
    this.in = in;
    this.inGradient = inGradient;
    outputs = work.perSample(positions * width);
    outputGradient = work.passedGradient(positions * width, inGradient);
  }

  @Override
  public float[] sums() {
    return in;
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
    begin(rows);
    work.team().run(shares, forwardPiece);
  }

  private void begin(int rows) {
    count = rows * positions;
    shares = Tiles.shares(count, width);
  }

  private void forwardPiece(int index, int lane) {
    int from = Tiles.share(index, shares, count) * width;
    int to = Tiles.share(index + 1, shares, count) * width;
    FloatActivations.forward(activation, in, outputs, from, to, width);
  }

  @Override
  public void backward(int rows) {
    begin(rows);
    work.team().run(shares, backwardPiece);
  }

  private void backwardPiece(int index, int lane) {
    int from = Tiles.share(index, shares, count) * width;
    int to = Tiles.share(index + 1, shares, count) * width;
    if (!fused) {
      FloatActivations.backward(activation, in, outputs, outputGradient, from, to, width);
    }
    if (inGradient != null) {
      System.arraycopy(outputGradient, from, inGradient, from, to - from);
    }
  }
}
