package weft.nn.compute;

/** An optimiser at work on one replica, with its memory of earlier steps. */
public interface FloatUpdater {
  /**
   * Changes the parameters by one step. The gradient may be overwritten.
   *
   * @param rate the learning rate of this step
   * @param number of this step, from 1
   */
  void step(float[] parameters, float[] gradient, double rate, int number);

  /** What it remembers of earlier steps: live arrays, each one number a parameter; may be none. */
  float[][] memory();
}
