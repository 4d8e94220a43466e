package weft.nn.compute;

/** What workers that compute one network together exchange, and why. */
public enum Exchange {
  /** Outputs of a part of a stage's layers, to the worker with the next layers. */
  SEND_ACTIVATIONS,
  /** The same, where they arrive. */
  RECEIVE_ACTIVATIONS,
  /** Gradients of these outputs, back to the worker that computed them. */
  SEND_GRADIENTS,
  /** The same, where they arrive. */
  RECEIVE_GRADIENTS
}
