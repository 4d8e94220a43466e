package weft.nn.compute;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The mean of the numbers under a window, channel by channel. Rows and columns that no whole window
 * covers are left out.
 */
public final class FloatAveragePool extends FloatStage {
  private final FloatWorkspace work;
  private final Window window;
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
   * @param window without padding
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatAveragePool(
      FloatWorkspace work, Window window, float[] in, float @Nullable [] inGradient) {
    this.work = work;
    this.window = window;
    this.in = in;
    this.inGradient = inGradient;
    int width = window.channels() * window.outPlane();
    outputs = work.perSample(width);
    outputGradient = work.passedGradient(width, inGradient);
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
    count = rows * window.channels();
    shares = Tiles.shares(count, window.plane());
  }

  private void forwardPiece(int index, int lane) {
    int end = Tiles.share(index + 1, shares, count);
    float area = window.size() * window.size();
    float share = 1 / area;
    for (int plane = Tiles.share(index, shares, count); plane < end; plane++) {
      for (int i = 0; i < window.outPlane(); i++) {
        outputs[plane * window.outPlane() + i] = sum(corner(plane, i)) * share;
      }
    }
  }

  /** Where the window of a plane's result begins. */
  private int corner(int plane, int result) {
    int y = result / window.outWidth() * window.stride();
    int x = result % window.outWidth() * window.stride();
    return plane * window.plane() + y * window.width() + x;
  }

  private float sum(int corner) {
    float sum = 0;
    for (int i = 0; i < window.size(); i++) {
      int line = corner + i * window.width();
      for (int j = 0; j < window.size(); j++) {
        sum += in[line + j];
      }
    }
    return sum;
  }

  @Override
  public void backward(int rows) {
    if (inGradient != null) {
      begin(rows);
      work.team().run(shares, backwardPiece);
    }
  }

  private void backwardPiece(int index, int lane) {
    spread(Tiles.share(index, shares, count), Tiles.share(index + 1, shares, count), inGradient);
  }

  private void spread(int from, int end, float @Nullable [] to) {
    if (to == null) {
      return;
    }
    Arrays.fill(to, from * window.plane(), end * window.plane(), 0);
    float area = window.size() * window.size();
    float share = 1 / area;
    for (int plane = from; plane < end; plane++) {
      for (int i = 0; i < window.outPlane(); i++) {
        add(to, corner(plane, i), outputGradient[plane * window.outPlane() + i] * share);
      }
    }
  }

  private void add(float[] to, int corner, float value) {
    for (int i = 0; i < window.size(); i++) {
      int line = corner + i * window.width();
      for (int j = 0; j < window.size(); j++) {
        to[line + j] += value;
      }
    }
  }
}
