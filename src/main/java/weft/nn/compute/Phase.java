package weft.nn.compute;

/** Which way a layer works. */
public enum Phase {
  /** From inputs to outputs. */
  FORWARD,
  /** From the gradient of the outputs to those of inputs and weights. */
  BACKWARD,
  /** To that of inputs alone. */
  TO_INPUTS,
  /** To those of weights, left for later. */
  TO_WEIGHTS
}
