package weft.nn.compute;

/** The activation functions and their derivatives, over ranges of arrays. */
public final class FloatActivations {
  /** Makes of every normal number above 0 at least 1: a step function without a branch. */
  private static final float HUGE = 3e38f;

  private FloatActivations() {}

  /**
   * a = f(z).
   *
   * @param from first number, the beginning of a row
   * @param to one past the last
   * @param width numbers of a row, which softmax shares out among
   */
  public static void forward(
      ActivationFunction f, float[] z, float[] a, int from, int to, int width) {
    switch (f.kind()) {
      case IDENTITY -> {
        if (a != z) {
          System.arraycopy(z, from, a, from, to - from);
        }
      }
      case RELU -> {
        for (int i = from; i < to; i++) {
          a[i] = Math.max(z[i], 0);
        }
      }
      case LEAKY_RELU -> {
        float slope = (float) f.slope();
        for (int i = from; i < to; i++) {
          a[i] = Math.max(z[i], slope * z[i]);
        }
      }
      case SIGMOID -> FloatMath.logistic(z, a, from, to);
      case TANH -> FloatMath.tanh(z, a, from, to);
      case SILU -> silu(z, a, from, to);
      case GELU -> FloatMath.gelu(z, a, from, to);
      case SOFTMAX -> softmax(z, a, from, to, width);
    }
  }

  private static void silu(float[] z, float[] a, int from, int to) {
    FloatMath.logistic(z, a, from, to);
    for (int i = from; i < to; i++) {
      a[i] *= z[i];
    }
  }

  /** With the largest z of a row subtracted first, so that nothing overflows. */
  private static void softmax(float[] z, float[] a, int from, int to, int width) {
    for (int at = from; at < to; at += width) {
      float top = FloatRows.max(z, at, width);
      for (int i = at; i < at + width; i++) {
        a[i] = z[i] - top;
      }
    }
    FloatMath.exp(a, a, from, to);
    for (int at = from; at < to; at += width) {
      float share = 1 / FloatRows.sum(a, at, width);
      for (int i = at; i < at + width; i++) {
        a[i] *= share;
      }
    }
  }

  /** Turns {@code gradient} from dL/da into dL/dz. */
  public static void backward(
      ActivationFunction f, float[] z, float[] a, float[] gradient, int from, int to, int width) {
    switch (f.kind()) {
      case IDENTITY -> {}
      case RELU -> {
        // times 1 where a is above 0, and 0 elsewhere: a branch would often be guessed wrong
        for (int i = from; i < to; i++) {
          float one = Math.min(1, a[i] * Float.MAX_VALUE * Float.MAX_VALUE);
          gradient[i] = gradient[i] * one + 0f; // + 0 turns -0 into 0
        }
      }
      case LEAKY_RELU -> {
        float slope = (float) f.slope();
        for (int i = from; i < to; i++) {
          gradient[i] *= slope + (1 - slope) * Math.min(1, Math.max(a[i], 0) * HUGE);
        }
      }
      case SIGMOID -> {
        for (int i = from; i < to; i++) {
          gradient[i] *= a[i] * (1 - a[i]);
        }
      }
      case TANH -> {
        for (int i = from; i < to; i++) {
          gradient[i] *= 1 - a[i] * a[i];
        }
      }
      case SILU -> FloatMath.siluGradient(z, gradient, from, to);
      case GELU -> FloatMath.geluGradient(z, gradient, from, to);
      case SOFTMAX -> {
        for (int i = from; i < to; i += width) {
          softmaxGradient(a, gradient, i, width);
        }
      }
    }
  }

  /** dL/dzᵢ = aᵢ·(dL/daᵢ - Σⱼ dL/daⱼ·aⱼ). */
  private static void softmaxGradient(float[] a, float[] gradient, int from, int width) {
    float mean = FloatRows.dot(gradient, a, from, width);
    for (int i = from; i < from + width; i++) {
      gradient[i] = a[i] * (gradient[i] - mean);
    }
  }
}
