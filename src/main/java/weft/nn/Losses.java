package weft.nn;

/**
 * The loss functions, meant to be imported statically. A batch's loss is the mean of its samples',
 * and that of a sequence with an output a step the mean of its steps'.
 */
public final class Losses {
  private static final Loss SQUARED_ERROR = new SquaredError();
  private static final Loss CROSS_ENTROPY = new CrossEntropy();

  private Losses() {}

  /** Σ (output - target)² over the outputs of a sample. Against a class, the target is one-hot. */
  public static Loss squaredError() {
    return SQUARED_ERROR;
  }

  /**
   * -Σ target·log(output), natural logarithm, after a last layer with softmax. A target is a class
   * index or one probability per class.
   */
  public static Loss crossEntropy() {
    return CROSS_ENTROPY;
  }
}
