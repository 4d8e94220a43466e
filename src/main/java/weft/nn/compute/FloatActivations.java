package weft.nn.compute;

/** The activation functions and their derivatives, over ranges of arrays. */
public final class FloatActivations {
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
      case LEAKY_RELU -> leaky((float) f.slope(), z, a, from, to);
      case SIGMOID -> {
        for (int i = from; i < to; i++) {
          a[i] = FloatMath.logistic(z[i]);
        }
      }
      case TANH -> {
        for (int i = from; i < to; i++) {
          a[i] = FloatMath.tanh(z[i]);
        }
      }
      case SILU -> {
        for (int i = from; i < to; i++) {
          a[i] = z[i] * FloatMath.logistic(z[i]);
        }
      }
      case GELU -> throw new UnsupportedOperationException("not written yet");
      case SOFTMAX -> {
        for (int i = from; i < to; i += width) {
          softmax(z, a, i, width);
        }
      }
    }
  }

  private static void leaky(float slope, float[] z, float[] a, int from, int to) {
    for (int i = from; i < to; i++) {
      a[i] = z[i] > 0 ? z[i] : slope * z[i];
    }
  }

  /** With the largest z subtracted first, so that nothing overflows. */
  static void softmax(float[] z, float[] a, int from, int width) {
    float top = z[from];
    for (int i = from + 1; i < from + width; i++) {
      top = Math.max(top, z[i]);
    }
    for (int i = from; i < from + width; i++) {
      a[i] = z[i] - top;
    }
    FloatMath.exp(a, from, a, from, width);
    float total = 0;
    for (int i = from; i < from + width; i++) {
      total += a[i];
    }
    float share = 1 / total;
    for (int i = from; i < from + width; i++) {
      a[i] *= share;
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
          gradient[i] *= a[i] > 0 ? 1 : slope;
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
      case SILU -> {
        for (int i = from; i < to; i++) {
          float s = FloatMath.logistic(z[i]);
          gradient[i] *= s * (1 + z[i] * (1 - s));
        }
      }
      case GELU -> throw new UnsupportedOperationException("not written yet");
      case SOFTMAX -> {
        for (int i = from; i < to; i += width) {
          softmaxGradient(a, gradient, i, width);
        }
      }
    }
  }

  /** dL/dzᵢ = aᵢ·(dL/daᵢ - Σⱼ dL/daⱼ·aⱼ). */
  static void softmaxGradient(float[] a, float[] gradient, int from, int width) {
    float mean = 0;
    for (int i = from; i < from + width; i++) {
      mean += gradient[i] * a[i];
    }
    for (int i = from; i < from + width; i++) {
      gradient[i] = a[i] * (gradient[i] - mean);
    }
  }
}
