package weft.nn.compute;

import org.jspecify.annotations.Nullable;
import weft.sim.RandomStreams;

/**
 * In training every number is set to 0 with a fixed probability and otherwise divided by the
 * probability to stay; outside training nothing happens.
 *
 * <p>Whether a number is dropped is a function of the layer, the step, the sample's place in the
 * whole batch and the number's place in the sample: it does not depend on how workers or threads
 * share the batch.
 */
public final class FloatDropout extends FloatStage {
  /** Draws are whole numbers below this. */
  private static final double DRAWS = 1L << 32;

  private static final long LOW = 0xffffffffL;

  /** 2^64 divided by the golden ratio, which spreads neighbouring samples (Knuth, section 6.4). */
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final FloatWorkspace work;
  private final int width;
  private final long dropped;
  private final float scale;
  private final long layer;
  private final float[] in;
  private final float @Nullable [] inGradient;
  private final float[] outputs;
  private final float[] outputGradient;

  /** What each number was multiplied with: 0 or 1 / (1 - share). */
  private final float[] factors;

  private final Team.Piece forwardPiece = this::forwardPiece;
  private final Team.Piece backwardPiece = this::backwardPiece;
  private int count;
  private int shares;

  /**
   * A new one, made once for a network.
   *
   * @param width numbers of a sample, at all positions
   * @param share the probability that a number is dropped, at least 0 and below 1
   * @param layer what tells its draws apart from those of other layers and of other seeds
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatDropout(
      FloatWorkspace work,
      int width,
      double share,
      long layer,
      float[] in,
      float @Nullable [] inGradient) {
    this.work = work;
    this.width = width;
    this.layer = layer;
    this.in = in;
    this.inGradient = inGradient;
    dropped = (long) (share * DRAWS);
    scale = (float) (1 / (1 - share));
    outputs = work.perSample(width);
    outputGradient = work.passedGradient(width, inGradient);
    factors = work.gradientPerSample(width);
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
    if (!dropping()) {
      System.arraycopy(in, 0, outputs, 0, rows * width);
      return;
    }
    count = rows;
    shares = Tiles.shares(rows, width);
    work.team().run(shares, forwardPiece);
  }

  private boolean dropping() {
    return work.training() && dropped > 0 && factors.length > 0;
  }

  private void forwardPiece(int index, int lane) {
    int from = Tiles.share(index, shares, count);
    int to = Tiles.share(index + 1, shares, count);
    long step = RandomStreams.mix(layer + RandomStreams.mix(work.seed() + 1));
    for (int row = from; row < to; row++) {
      draw(row * width, RandomStreams.mix(step + (work.firstRow() + row) * GOLDEN));
    }
    for (int i = from * width; i < to * width; i++) {
      outputs[i] = in[i] * factors[i];
    }
  }

  /** Two draws from each mixed number. */
  private void draw(int at, long sample) {
    for (int i = 0; i < width; i += 2) {
      long bits = RandomStreams.mix(sample + i);
      factors[at + i] = (bits & LOW) < dropped ? 0 : scale;
      if (i + 1 < width) {
        factors[at + i + 1] = (bits >>> 32) < dropped ? 0 : scale;
      }
    }
  }

  @Override
  public void backward(int rows) {
    float[] to = inGradient;
    if (to == null) {
      return;
    }
    if (!dropping()) {
      System.arraycopy(outputGradient, 0, to, 0, rows * width);
      return;
    }
    count = rows;
    shares = Tiles.shares(rows, width);
    work.team().run(shares, backwardPiece);
  }

  private void backwardPiece(int index, int lane) {
    multiply(
        Tiles.share(index, shares, count) * width,
        Tiles.share(index + 1, shares, count) * width,
        inGradient);
  }

  private void multiply(int from, int to, float @Nullable [] gradient) {
    if (gradient != null) {
      for (int i = from; i < to; i++) {
        gradient[i] = outputGradient[i] * factors[i];
      }
    }
  }
}
