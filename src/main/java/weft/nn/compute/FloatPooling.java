package weft.nn.compute;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A window that slides over each channel of an image and keeps one number; channels of all samples
 * are shared among threads. What it keeps is the subclass's.
 */
abstract class FloatPooling extends FloatStage {
  final Window window;
  final float[] in;
  final float[] outputs;
  final float[] outputGradient;
  private final FloatWorkspace work;
  private final float @Nullable [] inGradient;
  private final Team.Piece forwardPiece = this::forwardPiece;
  private final Team.Piece backwardPiece = this::backwardPiece;
  private int count;
  private int shares;

  /**
   * A new one, made once for a network.
   *
   * @param window without padding
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  FloatPooling(FloatWorkspace work, Window window, float[] in, float @Nullable [] inGradient) {
    this.work = work;
    this.window = window;
    this.in = in;
    this.inGradient = inGradient;
    int width = window.channels() * window.outPlane();
    outputs = work.perSample(width);
    outputGradient = work.passedGradient(width, inGradient);
  }

  /** Computes the results of the planes {@code from} to before {@code end}. */
  abstract void pool(int from, int end);

  /**
   * Gives the gradients of these planes' results to the numbers they were made of, in {@code to}.
   */
  abstract void spread(int from, int end, float[] to);

  @Override
  public final float[] outputs() {
    return outputs;
  }

  @Override
  public final float[] outputGradient() {
    return outputGradient;
  }

  @Override
  public final void forward(int rows) {
    begin(rows);
    work.team().run(shares, forwardPiece);
  }

  private void begin(int rows) {
    count = rows * window.channels();
    shares = Tiles.shares(count, window.plane());
  }

  private void forwardPiece(int index, int lane) {
    pool(Tiles.share(index, shares, count), Tiles.share(index + 1, shares, count));
  }

  @Override
  public final void backward(int rows) {
    if (inGradient != null) {
      begin(rows);
      work.team().run(shares, backwardPiece);
    }
  }

  private void backwardPiece(int index, int lane) {
    int from = Tiles.share(index, shares, count);
    int end = Tiles.share(index + 1, shares, count);
    if (inGradient != null) {
      Arrays.fill(inGradient, from * window.plane(), end * window.plane(), 0);
      spread(from, end, inGradient);
    }
  }
}
