package weft.nn.compute;

/** The losses and their derivatives over the positions of a batch. */
public final class FloatLosses {
  private FloatLosses() {}

  /**
   * The sum of the losses.
   *
   * @param z of the last layer, before its activation
   * @param a its outputs
   * @param positions how many predictions
   * @param width numbers of a prediction
   */
  public static double sum(
      LossFunction loss, float[] z, float[] a, FloatTargets targets, int positions, int width) {
    double sum = 0;
    for (int p = 0; p < positions; p++) {
      int at = p * width;
      sum +=
          switch (loss.kind()) {
            case CROSS_ENTROPY_FROM_SUMS -> crossEntropy(z, a, targets, p, at, width);
            default -> {
              double inner = 0;
              for (int i = 0; i < width; i++) {
                float y = targets.value(p, i);
                inner += one(loss, z[at + i], a[at + i], y);
              }
              yield inner;
            }
          };
    }
    return sum;
  }

  /** What one output adds to the loss. */
  private static double one(LossFunction loss, float z, float a, float y) {
    float e = a - y;
    return switch (loss.kind()) {
      case SQUARED_ERROR -> e * e;
      case HALF_SQUARED_ERROR -> e * e / 2;
      case ABSOLUTE_ERROR -> Math.abs(e);
      case HUBER -> {
        float delta = (float) loss.delta();
        yield Math.abs(e) <= delta ? e * e / 2 : delta * (Math.abs(e) - delta / 2);
      }
      // -y·log(sigmoid(z)) - (1-y)·log(1-sigmoid(z)), without computing a probability near 0
      case BINARY_CROSS_ENTROPY_FROM_SUMS ->
          Math.max(z, 0) - z * y + DoubleMath.log(1 + FloatMath.exp(-Math.abs(z)));
      case ELSEWHERE -> 0;
      case CROSS_ENTROPY_FROM_SUMS -> throw new IllegalArgumentException("over all outputs");
    };
  }

  /** log Σ exp(z) is z - log(a) of any output; that of the largest loses no digits. */
  private static double crossEntropy(
      float[] z, float[] a, FloatTargets targets, int position, int at, int width) {
    int top = at;
    for (int i = at + 1; i < at + width; i++) {
      if (z[i] > z[top]) {
        top = i;
      }
    }
    double log = z[top] - DoubleMath.log(a[top]);
    if (targets.labelled()) {
      return log - z[at + targets.label(position)];
    }
    double sum = 0;
    for (int i = 0; i < width; i++) {
      float y = targets.value(position, i);
      if (y != 0) {
        sum += y * (log - z[at + i]);
      }
    }
    return sum;
  }

  /** gradient = scale·dL/da, or dL/dz of the losses that are computed from z. */
  public static void gradient(
      LossFunction loss,
      float[] a,
      FloatTargets targets,
      float[] gradient,
      double scale,
      int positions,
      int width) {
    float factor = (float) scale;
    if (loss.kind() == LossFunction.Kind.CROSS_ENTROPY_FROM_SUMS && targets.labelled()) {
      classGradient(a, targets, gradient, factor, positions, width);
      return;
    }
    for (int p = 0; p < positions; p++) {
      int at = p * width;
      for (int i = 0; i < width; i++) {
        gradient[at + i] = factor * slope(loss, a[at + i] - targets.value(p, i));
      }
    }
  }

  /** Likewise of cross-entropy with a class a position, in a loop without a branch. */
  private static void classGradient(
      float[] a, FloatTargets targets, float[] gradient, float factor, int positions, int width) {
    for (int i = 0; i < positions * width; i++) {
      gradient[i] = factor * a[i];
    }
    for (int p = 0; p < positions; p++) {
      int at = p * width + targets.label(p);
      gradient[at] = factor * (a[at] - 1);
    }
  }

  /** The derivative of one output's loss by a - y. */
  private static float slope(LossFunction loss, float e) {
    return switch (loss.kind()) {
      case SQUARED_ERROR -> 2 * e;
      case HALF_SQUARED_ERROR, CROSS_ENTROPY_FROM_SUMS, BINARY_CROSS_ENTROPY_FROM_SUMS -> e;
      case ABSOLUTE_ERROR -> Math.signum(e);
      case ELSEWHERE -> 0;
      case HUBER -> {
        float delta = (float) loss.delta();
        yield Math.max(-delta, Math.min(delta, e));
      }
    };
  }
}
