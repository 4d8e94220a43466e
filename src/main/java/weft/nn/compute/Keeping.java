package weft.nn.compute;

/** What of a pass stays readable after the layers that needed it have been through. */
public enum Keeping {
  /** Nothing: layers share memory. */
  NOTHING,
  /** Each layer's gradient, of which the gradient of its weights is made later. */
  GRADIENTS,
  /** Gradients, and z beside a. */
  ALL
}
