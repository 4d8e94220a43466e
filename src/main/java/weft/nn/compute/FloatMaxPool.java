package weft.nn.compute;

import org.jspecify.annotations.Nullable;

/**
 * The largest number under a window, channel by channel; of equal ones the first, which alone gets
 * the gradient. Rows and columns that no whole window covers are left out.
 */
public final class FloatMaxPool extends FloatPooling {
  /** Where the largest number of each window lies in {@link #in}. */
  private final int[] chosen;

  /** Of the window, which computes it by divisions. */
  private final int outWidth;

  private final int outHeight;

  /**
   * A new one, made once for a network.
   *
   * @param window without padding
   * @param in what feeds the layer
   * @param inGradient where dL/din goes; null if nobody needs it
   */
  public FloatMaxPool(
      FloatWorkspace work, Window window, float[] in, float @Nullable [] inGradient) {
    super(work, window, in, inGradient);
    outWidth = window.outWidth();
    outHeight = window.outHeight();
    chosen = new int[outputGradient.length];
  }

  @Override
  void pool(int from, int end) {
    int below = window.stride() * window.width();
    for (int plane = from; plane < end; plane++) {
      for (int y = 0; y < outHeight; y++) {
        int corner = plane * window.plane() + y * below;
        int to = (plane * outHeight + y) * outWidth;
        if (chosen.length == 0) {
          row(corner, to);
        } else if (window.size() == 2) {
          rowOfTwo(corner, to);
        } else {
          rowChoosing(corner, to);
        }
      }
    }
  }

  /** A row of results where no gradient will be asked for. */
  private void row(int from, int to) {
    int size = window.size();
    for (int x = 0; x < outWidth; x++) {
      int corner = from + x * window.stride();
      float best = in[corner];
      for (int i = 0; i < size; i++) {
        int line = corner + i * window.width();
        for (int j = 0; j < size; j++) {
          best = Math.max(best, in[line + j]);
        }
      }
      outputs[to + x] = best;
    }
  }

  /** As {@link #rowChoosing} for the usual size; no branch depends on the numbers. */
  private void rowOfTwo(int from, int to) {
    int stride = window.stride();
    int below = window.width();
    int width = outWidth;
    int at = from;
    for (int x = to; x < to + width; x++) {
      float a = in[at];
      float b = in[at + 1];
      float c = in[at + below];
      float d = in[at + below + 1];
      int upper = at + FloatMath.less(a, b);
      int lower = at + below + FloatMath.less(c, d);
      int best = upper + (lower - upper) * FloatMath.less(in[upper], in[lower]);
      outputs[x] = in[best];
      chosen[x] = best;
      at += stride;
    }
  }

  private void rowChoosing(int from, int to) {
    int size = window.size();
    for (int x = 0; x < outWidth; x++) {
      int best = from + x * window.stride();
      for (int i = 0; i < size; i++) {
        int line = from + x * window.stride() + i * window.width();
        for (int j = 0; j < size; j++) {
          best = in[line + j] > in[best] ? line + j : best;
        }
      }
      outputs[to + x] = in[best];
      chosen[to + x] = best;
    }
  }

  @Override
  void spread(int from, int end, float[] to) {
    int first = from * window.outPlane();
    int last = end * window.outPlane();
    if (window.stride() < window.size()) {
      for (int i = first; i < last; i++) {
        to[chosen[i]] += outputGradient[i];
      }
      return;
    }
    for (int i = first; i < last; i++) {
      to[chosen[i]] = outputGradient[i];
    }
  }
}
