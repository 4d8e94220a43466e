package weft.nn.compute;

/** An optimiser at work on one replica, with its memory of earlier steps. */
public interface FloatUpdater {
  /**
   * Changes the parameters by one step. The gradient may be overwritten.
   *
   * @param rate the learning rate of this step
   */
  void step(float[] parameters, float[] gradient, double rate);

  /** Another with the same memory, which goes its own way from here. */
  FloatUpdater copy();
}
