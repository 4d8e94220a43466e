package weft.transport.fluid;

/** Differential equations whose right-hand side also sees the past. Times in seconds. */
interface DelayedSystem {
  /** The state at time 0 and before. */
  double[] start();

  /** The longest that it looks back. */
  double longestDelay();

  /** The shortest that it looks back, which no step may exceed; above 0. */
  double shortestDelay();

  /** Writes the derivatives of the state. */
  void derivatives(double time, double[] state, Past past, double[] derivatives);

  /** Puts back into its bounds what a step has carried out of them. */
  void hold(double[] state);
}
