package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * The mean of the numbers under a window, channel by channel. Rows and columns that no whole window
 * covers are left out.
 */
public final class FloatAveragePool extends FloatPooling {
  /**
   * A new one, made once for a network.
   *
   * @param window without padding
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatAveragePool(
      FloatWorkspace work, Window window, float[] in, float @Nullable [] inGradient) {
    super(work, window, in, inGradient);
  }

  @Override
  void pool(int from, int end) {
    float area = window.size() * window.size();
    float share = 1 / area;
    for (int plane = from; plane < end; plane++) {
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
  void spread(int from, int end, float[] to) {
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
