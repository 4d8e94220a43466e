package weft.nn.compute;

/**
 * Rounds the numbers of a network at work to a narrower format, and keeps them within its range.
 */
public interface FloatRounder {
  /** working = master, rounded. */
  void weights(float[] master, float[] working);

  /** Rounds the first {@code count} of a layer's outputs. */
  void outputs(float[] values, int count);

  /** Rounds the first {@code count} of a layer's output gradients. */
  void outputGradient(float[] values, int count);

  /**
   * By what the loss is multiplied, a power of two, so that small gradients survive; 1 for none.
   */
  double lossScale();

  /**
   * Whether a step may be taken with this gradient; adjusts {@link #lossScale} either way.
   *
   * @return false if a number has overflowed
   */
  boolean accepts(float[] gradient);

  /** One for the same network, at its beginning. */
  FloatRounder anew();

  /** What {@link #accepts} remembers, for a checkpoint: loss scale, good steps since it changed. */
  double[] state();

  /** Takes over what {@link #state} gave. */
  void restore(double[] state);
}
