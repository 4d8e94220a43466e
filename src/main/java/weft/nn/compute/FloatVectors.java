package weft.nn.compute;

/** What is done to whole arrays of parameters or gradients. */
public final class FloatVectors {
  /** What is added to the norm before dividing by it, as PyTorch's clip_grad_norm_ does. */
  private static final double CLIP_EPSILON = 1e-6;

  private FloatVectors() {}

  /** to[i] += factor·from[i]. */
  static void addScaled(float[] to, float factor, float[] from) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * from[i];
    }
  }

  /** values[i] *= factor. */
  public static void scale(float[] values, double factor) {
    float by = (float) factor;
    for (int i = 0; i < values.length; i++) {
      values[i] *= by;
    }
  }

  /** Σ values[i]² from one index to before another, in four sums so that additions overlap. */
  static double sumOfSquares(float[] values, int from, int to) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    int i = from;
    for (; i + 3 < to; i += 4) {
      double p = values[i];
      double q = values[i + 1];
      double r = values[i + 2];
      double s = values[i + 3];
      a += p * p;
      b += q * q;
      c += r * r;
      d += s * s;
    }
    for (; i < to; i++) {
      double p = values[i];
      a += p * p;
    }
    return (a + b) + (c + d);
  }

  /** Scales a gradient down so that its Euclidean norm is at most this. */
  public static void clip(float[] gradient, double most) {
    double norm = Math.sqrt(sumOfSquares(gradient, 0, gradient.length));
    double factor = most / (norm + CLIP_EPSILON);
    if (!(factor >= 1)) {
      scale(gradient, factor);
    }
  }
}
