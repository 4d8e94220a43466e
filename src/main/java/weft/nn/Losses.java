package weft.nn;

/**
 * The loss functions, meant to be imported statically. A sample's loss is the sum over its outputs,
 * that of a sequence with an output a step the mean over its steps, a batch's the mean of its
 * samples'.
 */
public final class Losses {
  private static final Loss SQUARED_ERROR = new SquaredError();
  private static final Loss HALF_SQUARED_ERROR = new HalfSquaredError();
  private static final Loss ABSOLUTE_ERROR = new AbsoluteError();
  private static final Loss CROSS_ENTROPY = new CrossEntropy();
  private static final Loss BINARY_CROSS_ENTROPY = new BinaryCrossEntropy();

  private Losses() {}

  /** Σ (output - target)² over the outputs of a sample. Against a class, the target is one-hot. */
  public static Loss squaredError() {
    return SQUARED_ERROR;
  }

  /** Σ (output - target)² / 2, whose derivative is the difference itself. */
  public static Loss halfSquaredError() {
    return HALF_SQUARED_ERROR;
  }

  /** Σ |output - target|: an outlier weighs no more than its distance. */
  public static Loss absoluteError() {
    return ABSOLUTE_ERROR;
  }

  /** {@link #huber(double)} with δ of 1. */
  public static Loss huber() {
    return new Huber(1);
  }

  /**
   * With e = output - target, Σ e² / 2 where |e| is at most δ, and δ·(|e| - δ/2) beyond: a parabola
   * that goes on as a line.
   *
   * @param delta δ, above 0
   * @throws IllegalArgumentException if it is not
   * @see <a href="https://doi.org/10.1214/aoms/1177703732">Huber, Annals of Mathematical Statistics
   *     1964</a>
   */
  public static Loss huber(double delta) {
    return new Huber(delta);
  }

  /**
   * -Σ (target·log(output) + (1 - target)·log(1 - output)), natural logarithm, after a last layer
   * with sigmoid: each output is a yes or no of its own. A target is a probability from 0 to 1 for
   * each output; against data of two classes one output is the probability of the second.
   */
  public static Loss binaryCrossEntropy() {
    return BINARY_CROSS_ENTROPY;
  }

  /**
   * -Σ target·log(output), natural logarithm, after a last layer with softmax. A target is a class
   * index or one probability per class.
   */
  public static Loss crossEntropy() {
    return CROSS_ENTROPY;
  }
}
