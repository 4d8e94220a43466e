package weft.nn.compute;

/**
 * What the outputs of a batch should be: a class a position, or a number an output. A position is
 * one prediction: a sample has one, or in a sequence one each step.
 */
public final class FloatTargets {
  private final int[] classes;
  private final float[] values;
  private final int width;
  private boolean labelled;

  /**
   * A new one, made once for a network.
   *
   * @param positions most predictions of a batch
   * @param width numbers of a prediction
   */
  public FloatTargets(int positions, int width) {
    this.classes = new int[positions];
    this.values = new float[Math.multiplyExact(positions, width)];
    this.width = width;
  }

  /** Sets the class of a position. */
  public void label(int position, int label) {
    classes[position] = label;
    labelled = true;
  }

  /** Sets one number of a position. */
  public void value(int position, int index, float value) {
    values[position * width + index] = value;
    labelled = false;
  }

  /** Whether positions have classes; otherwise they have numbers. */
  boolean labelled() {
    return labelled;
  }

  /** The class of a position. */
  int label(int position) {
    return classes[position];
  }

  /**
   * A number of a position; of a class, 1 for its own output and 0 for the others. A single output
   * stands for the second of two classes.
   */
  float value(int position, int index) {
    if (labelled && width == 1) {
      return classes[position];
    }
    if (labelled) {
      return classes[position] == index ? 1 : 0;
    }
    return values[position * width + index];
  }
}
